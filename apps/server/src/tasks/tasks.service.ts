/** What the REST interface can do with tasks: create, look, cancel, report. */
import type { ReportTokens } from '@gofd/auth-crypto';
import type { Clock } from '@gofd/p2p-driver';
import { BYTES_PER_MIB, keepRequestId } from '@gofd/service-kit';
import {
  MAX_HOSTS_PER_PAGE,
  parseHostEntry,
  RequestError,
  type ActiveSlots,
  type CreateTaskDto,
  type Failure,
  type HostEntry,
  type HostPage,
  type HostStatus,
  type ListHostsQueryDto,
  type ListTasksQueryDto,
  type StatusReportDto,
  type TaskStatus,
  type TaskSummary,
  type TaskView,
} from '@gofd/task-model';
import { assertMayRead } from './assert-may-read.ts';
import { AttemptRunner, type AttemptDependencies } from './attempt-runner.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import { StateError, type TaskStore } from '../state/task-store.port.ts';
import type { AgentInventory } from '../inventory/agent-inventory.ts';
import type { TaskFeed } from '../live/task-feed.ts';
import type { FollowedList } from '../live/task-list-stream.ts';
import type { FollowedTask } from '../live/task-stream.ts';
import { HostRecord } from './host-record.ts';
import { pageOfHosts, silentHosts } from './host-rows.ts';
import { countTasks, type ServerFigures } from './server-figures.ts';
import { assertSameContent, readCreateTask, type CreateTaskLimits } from './read-create-task.ts';
import { pageOfTasks } from './task-page.ts';
import { TaskRecord } from './task-record.ts';
import type { TaskRegistry } from './task-registry.ts';

export interface TasksOptions extends CreateTaskLimits {
  readonly clock: Clock;
  readonly reportTokens: ReportTokens;
  readonly slots: ActiveSlots;
  readonly registry: TaskRegistry;
  readonly store: TaskStore;
  readonly audit: AuditTrail;
  readonly feed: TaskFeed;
  readonly inventory: AgentInventory;
  readonly attempt: AttemptDependencies;
}

/** Answer to a report: how host's task stands, so that an agent learns when it is over. */
export interface ReportReceipt {
  readonly taskId: string;
  readonly taskStatus: TaskStatus;
}

export class TasksService {
  readonly #options: TasksOptions;

  constructor(options: TasksOptions) {
    this.#options = options;
  }

  /** The same call again is the same task; after a failure it is a new attempt. */
  async create(body: CreateTaskDto, caller: string): Promise<TaskView> {
    const dto = { ...body, destIPs: this.#options.inventory.hostsFor(body) };
    // What is wrong with the call itself is told first.
    if (!this.#options.registry.get(dto.id)) readCreateTask(dto, this.#options);
    await assertMayRead(this.#options.attempt.catalog, dto.dispatchFiles);
    return this.#createNow(dto, caller);
  }

  #createNow(dto: CreateTaskDto, caller: string): TaskView {
    const known = this.#options.registry.get(dto.id);
    if (known) {
      assertSameContent(known.record, dto);
      if (!known.record.isRetryable) return known.view();
    }
    const content = readCreateTask(dto, this.#options);
    const attempt = (known?.record.attempt ?? 0) + 1;
    const view = this.#take(new TaskRecord(content, attempt, new Date()));
    const { dispatchFiles, destIPs } = dto;
    const detail = `attempt ${attempt}, ${dispatchFiles.length} files to ${destIPs.length} hosts`;
    this.#options.audit.note(caller, 'create', detail, dto.id);
    return view;
  }

  /** A new attempt for the hosts that do not have the files; the others are left alone. */
  retry(id: string, caller: string): TaskView {
    const { record } = this.#find(id);
    if (!record.isOver) {
      throw new RequestError('TASK_NOT_OVER', `task "${id}" is not over yet; cancel it first`);
    }
    if (!record.isRetryable) {
      throw new RequestError('NOTHING_TO_RETRY', `every host of task "${id}" has the files`);
    }
    const hosts = record.hosts.map((host) => host.forRetry());
    const content = { id, dispatchFiles: record.dispatchFiles, hosts };
    const next = new TaskRecord(content, record.attempt + 1, new Date());
    const view = this.#take(next);
    const left = hosts.filter((host) => !host.isOver).length;
    this.#options.audit.note(caller, 'retry', `attempt ${next.attempt}, ${left} hosts`, id);
    return view;
  }

  /**
   * Goes on with what an earlier life of the server left.
   * @returns how many tasks were not over
   * @throws StateError
   */
  resumeAll(): number {
    let count = 0;
    const { store, registry, clock, feed, attempt: deps } = this.#options;
    for (const stored of store.loadAll()) {
      const hosts = stored.hosts.map((host) =>
        HostRecord.restore(host, parseHostEntry(host.name) as HostEntry),
      );
      for (const host of hosts) host.reportedAt(clock.nowMs()); // silence begins now
      const runner = new AttemptRunner(TaskRecord.restore(stored, hosts), deps, stored);
      registry.put(runner);
      feed.follow(runner.record);
      if (runner.record.isOver) {
        void runner.closeAgents();
      } else {
        count += 1;
        this.#enqueue(runner);
      }
    }
    return count;
  }

  /** How many tasks and hosts are in which state. */
  figures(): ServerFigures {
    const { registry, slots } = this.#options;
    return {
      ...countTasks(registry.list().map(({ record }) => record)),
      slots: { active: slots.activeCount, waiting: slots.waitingCount },
    };
  }

  view(id: string): TaskView {
    return this.#find(id).view();
  }

  /** Newest first. */
  list({ status, limit, after }: ListTasksQueryDto): { tasks: TaskSummary[]; next?: string } {
    const records = this.#options.registry.list().map(({ record }) => record);
    const statuses = status?.split(',') as TaskStatus[] | undefined;
    const { page, next } = pageOfTasks(records, { statuses, limit, after });
    const tasks = page.map(({ id }) => this.#find(id).summary());
    return { tasks, ...(next !== undefined && { next }) };
  }

  hosts(id: string, { state, limit = MAX_HOSTS_PER_PAGE, after }: ListHostsQueryDto): HostPage {
    const task = this.#find(id);
    const { hosts } = task.record;
    const states = state?.split(',') as HostStatus[] | undefined;
    const afterPosition = after === undefined ? undefined : Number(after);
    const { positions, hasMore } = pageOfHosts(hosts, { states, limit, afterPosition });
    const rows = task.rows();
    const page = positions.map((position) => rows.row(hosts[position] as HostRecord));
    return { hosts: page, ...(hasMore && { next: String(positions.at(-1)) }) };
  }

  /** The task as its event stream sees it; undefined when there is none. */
  follow(id: string): FollowedTask | undefined {
    const task = this.#options.registry.get(id);
    if (!task) return undefined;
    const { hosts, attempt } = task.record;
    return {
      attempt,
      hostCount: hosts.length,
      summary: () => task.summary(),
      rows: (positions) => {
        const rows = task.rows();
        return positions.map((position) => rows.row(hosts[position] as HostRecord));
      },
      silent: () => silentHosts(hosts, this.#options.clock.nowMs()),
    };
  }

  /** The list as its event stream sees it. */
  followList(): FollowedList {
    const { registry } = this.#options;
    return {
      newest: (count) =>
        registry
          .list()
          .slice(0, count)
          .map(({ record }) => record.id),
      summary: (id) => registry.get(id)?.summary(),
    };
  }

  /** @throws RequestError when there is no such task */
  assertThere(id: string): void {
    this.#find(id);
  }

  /** A task that is over stays what it is. */
  cancel(id: string, caller: string): TaskView {
    const task = this.#find(id);
    const { record } = task;
    if (!record.isOver) {
      this.#options.audit.note(caller, 'cancel', `attempt ${record.attempt}`, id);
    }
    record.cancel(new Date());
    return task.view();
  }

  /** Changes the limit of a task that is not over. */
  async setSpeed(id: string, mebibytesPerSecond: number, caller: string): Promise<TaskView> {
    const task = this.#find(id);
    if (task.record.isOver) {
      throw new RequestError('TASK_OVER', `task "${id}" is over; its speed cannot be changed`);
    }
    this.#options.audit.note(caller, 'speed', `${mebibytesPerSecond} MiB/s`, id);
    await task.setSpeed(Math.max(1, Math.round(mebibytesPerSecond * BYTES_PER_MIB)));
    return task.view();
  }

  report(dto: StatusReportDto): ReportReceipt {
    const runner = this.#find(dto.taskId);
    const { record } = runner;
    if (dto.attempt !== undefined && dto.attempt !== record.attempt) {
      throw new RequestError(
        'STALE_REPORT',
        `attempt ${dto.attempt} is not the current one, which is ${record.attempt}`,
      );
    }
    const host = record.findHost(dto.ip);
    if (!host) throw new RequestError('HOST_NOT_IN_TASK', `"${dto.ip}" is no host of this task`);
    if (!host.isAsked) {
      const message = `attempt ${record.attempt} has not reached "${dto.ip}" yet`;
      throw new RequestError('STALE_REPORT', message);
    }
    this.#assertOwn(runner, host, dto.token);
    host.reportedAt(this.#options.clock.nowMs());
    const { percentComplete, sequence, code, message, measures } = dto;
    const failure = readFailure(code, message);
    record.report(host, { percentComplete, sequence, failure, measures }, new Date());
    return { taskId: record.id, taskStatus: record.status };
  }

  /** Agents of the Go version know of no token, so the tasks that run their wire are done without. */
  #assertOwn({ record, wire }: AttemptRunner, { name }: HostRecord, token?: string): void {
    if (token === undefined && wire !== 2) return;
    const identity = { taskId: record.id, attempt: record.attempt, host: name };
    if (token !== undefined && this.#options.reportTokens.isTokenOf(identity, token)) return;
    const message = `the token is not the one that "${name}" was given with this attempt`;
    throw new RequestError('REPORT_FORBIDDEN', message);
  }

  /** Stored before it is answered: a task that was taken is not lost. */
  #take(record: TaskRecord): TaskView {
    const { registry, store, feed, attempt } = this.#options;
    const old = registry.inTheWayOf(record.id);
    const runner = new AttemptRunner(record, attempt);
    try {
      store.add(runner.toStore());
      if (old !== undefined) store.forget(old);
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      throw new RequestError('STATE_UNAVAILABLE', `${error.message}; the task was not taken`);
    }
    if (old !== undefined) registry.forget(old);
    registry.put(runner);
    feed.follow(record);
    this.#enqueue(runner);
    return runner.view();
  }

  #enqueue(runner: AttemptRunner): void {
    const { slots } = this.#options;
    const { record } = runner;
    const turn = `${record.id} ${record.attempt}`;
    // Its turn comes when another task ends, which is not the request that this one belongs to.
    const start = keepRequestId(() => {
      void runner.run().finally(() => slots.release(turn));
    });
    slots.request(turn, start);
  }

  #find(id: string): AttemptRunner {
    const task = this.#options.registry.get(id);
    if (!task) throw new RequestError('TASK_NOT_EXISTED', `there is no task "${id}"`);
    return task;
  }
}

/** A reason may come as code, as sentence, or as both. */
function readFailure(code: string | undefined, message: string | undefined): Failure | undefined {
  if (code === undefined && message === undefined) return undefined;
  return { code: code ?? 'AGENT_FAILED', message: message ?? `the agent reported ${code}` };
}
