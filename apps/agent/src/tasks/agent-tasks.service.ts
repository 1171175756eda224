/**
 * The tasks of this host by id: takes create, start and delete calls, takes journalled tasks up again
 * after a restart, and lets go of finished ones that nobody needs.
 */
import type { DataPlane } from '@gofd/p2p-driver';
import { removeEmptyTaskDirectory, removeTaskDirectory, StoreError } from '@gofd/piece-store';
import {
  RequestError,
  type ActiveSlots,
  type AgentTaskView,
  type DispatchTaskDto,
  type Failure,
  type HostStatus,
  type RequestErrorCode,
  type StartTaskDto,
} from '@gofd/task-model';
import type { JournalEntry, TaskJournal } from '../journal/task-journal.ts';
import type { ReportChannelFactory } from '../reporting/report-channel.factory.ts';
import { ownDataAddresses } from './chain-position.ts';
import { NameClaims } from './name-claims.ts';
import { readTaskContent } from './task-content.ts';
import { TaskRun, type TaskLog } from './task-run.ts';

/** Tasks that an agent keeps at once, finished ones that still serve included; more are refused. */
export const MAX_TASKS = 1_000;
/** A completed task that serves nobody is let go after this, should the server never end it. */
export const IDLE_SEED_MS = 10 * 60_000;
/** Parts that no task of this agent claims wait this long for a retry. */
export const LEFTOVER_TTL_MS = 24 * 3_600_000;
const SWEEP_INTERVAL_MS = 60_000;
const TOO_MANY_MESSAGE = `this agent holds ${MAX_TASKS} tasks already`;

export interface AgentIdentity {
  readonly downdir: string;
  readonly dataPort: number;
  /** The data port's header holds the id beside the user name (docs/protocol.md, 3.1). */
  readonly longestTaskIdBytes: number;
  /** Names and addresses by which others may know this host, besides the one a task uses. */
  readonly names: readonly string[];
  /** Upload limit of the host, bytes a second. */
  readonly uploadBytesPerSecond: number;
  /** Download limit of the host, bytes a second. @default none */
  readonly downloadBytesPerSecond?: number;
}

export interface AgentTasksDependencies {
  readonly dataPlane: DataPlane;
  readonly journal: TaskJournal;
  readonly slots: ActiveSlots;
  readonly reports: ReportChannelFactory;
  readonly log: TaskLog;
  /** Told how tasks end here: COMPLETED, or the code of the failure. @default nobody */
  readonly concluded?: ((outcome: string) => void) | undefined;
}

/** How many tasks of this host are in which state, and have a slot or wait for one. */
export interface AgentFigures {
  readonly tasks: Readonly<Record<HostStatus, number>>;
  readonly slots: { readonly active: number; readonly waiting: number };
}

export class AgentTasksService {
  readonly #identity: AgentIdentity;
  readonly #deps: AgentTasksDependencies;
  readonly #runs = new Map<string, TaskRun>();
  readonly #idleSinceMs = new Map<string, number>();
  readonly #claims = new NameClaims();
  #preparingCount = 0;
  /** Calls for one task are taken one after the other. */
  readonly #turns = new Map<string, Promise<unknown>>();
  #sweeper: NodeJS.Timeout | undefined;

  constructor(identity: AgentIdentity, deps: AgentTasksDependencies) {
    this.#identity = identity;
    this.#deps = deps;
  }

  /** Takes up what was running when the agent stopped. */
  async resumeAll(): Promise<void> {
    const { journal, log } = this.#deps;
    const entries = await journal.loadAll((task, why) =>
      log.warn('journal cannot be read; the task is not taken up', { task, why }),
    );
    for (const entry of entries) {
      if (entry.failure || entry.isOver) continue;
      await this.#inTurn(entry.task.taskId, () => this.#resume(entry));
    }
    this.#sweeper = setInterval(() => void this.#sweep(), SWEEP_INTERVAL_MS);
    this.#sweeper.unref();
    await this.#sweep();
  }

  /** The create call. The same call again changes nothing; another attempt replaces the first. */
  create(task: DispatchTaskDto): Promise<void> {
    return this.#inTurn(task.taskId, async () => {
      this.#assertIdFits(task.taskId);
      readTaskContent(task); // a call that contradicts itself ends nothing
      const running = this.#runs.get(task.taskId);
      if (running && isRepetition(running, task)) return;
      if (running) await this.#drop(task.taskId, running, 'forgotten');
      if (this.#runs.size + this.#preparingCount >= MAX_TASKS) {
        throw new RequestError('TOO_MANY_TASKS', TOO_MANY_MESSAGE);
      }
      await this.#prepare({ task, runs: 1, ...(task.plan && { plan: task.plan }) });
    });
  }

  /** What of its own tasks would be in the way of another one; nothing is changed. */
  obstaclesTo(taskId: string | undefined, names: readonly string[]): Failure[] {
    const isNew = taskId === undefined || !this.#runs.has(taskId);
    const isFull = isNew && this.#runs.size + this.#preparingCount >= MAX_TASKS;
    const taken = this.#claims.firstTaken(taskId, names);
    return [
      ...(isFull ? [{ code: 'TOO_MANY_TASKS', message: TOO_MANY_MESSAGE }] : []),
      ...(taken === undefined ? [] : [{ code: 'DEST_BUSY', message: busyMessage(taken) }]),
    ];
  }

  start(call: StartTaskDto): Promise<void> {
    return this.#change(call.taskId, (run) => run.start(call));
  }

  /** Changes the upload limit of a task from now on, bytes a second. */
  async setSpeed(taskId: string, speed: number): Promise<void> {
    await this.#change(taskId, (run) => run.setSpeed(speed));
    this.#limitUploads();
  }

  #change(taskId: string, change: (run: TaskRun) => Promise<void>): Promise<void> {
    return this.#inTurn(taskId, async () => {
      try {
        await change(this.#find(taskId));
      } catch (error) {
        throw toRefusal(error);
      }
    });
  }

  /**
   * Ends a task that is here; unknown ones are fine, so that the call can be repeated.
   * @param attempt a newer attempt goes on: the call was for an older one and came late
   */
  delete(taskId: string, attempt = Infinity): Promise<boolean> {
    return this.#inTurn(taskId, async () => {
      const run = this.#runs.get(taskId);
      if (!run || (run.task.attempt ?? 1) > attempt) return false;
      await this.#drop(taskId, run, 'deleted');
      return true;
    });
  }

  /** The server knows nothing of the task, or of this attempt at it. */
  #forget(task: DispatchTaskDto): Promise<void> {
    return this.#inTurn(task.taskId, async () => {
      const run = this.#runs.get(task.taskId);
      // Another attempt may have taken its place while the server's answer was on its way.
      if (run?.task === task) await this.#drop(task.taskId, run, 'forgotten');
    });
  }

  figures(): AgentFigures {
    const tasks = { INIT: 0, INPROGRESS: 0, COMPLETED: 0, FAILED: 0, CANCELLED: 0 };
    for (const { status } of this.#runs.values()) tasks[status] += 1;
    const { activeCount: active, waitingCount: waiting } = this.#deps.slots;
    return { tasks, slots: { active, waiting } };
  }

  view(taskId: string): AgentTaskView {
    return this.#find(taskId).view();
  }

  /** Stops all tasks and leaves them on disk. */
  async shutDown(): Promise<void> {
    clearInterval(this.#sweeper);
    await Promise.allSettled(this.#turns.values()); // a task that is just being ended must be noted so
    await Promise.all([...this.#runs.values()].map((run) => run.suspend()));
  }

  #assertIdFits(taskId: string): void {
    const { longestTaskIdBytes } = this.#identity;
    if (taskId.length <= longestTaskIdBytes) return;
    const message = `taskId: beside this user name ${longestTaskIdBytes} characters fit`;
    throw new RequestError('INVALID_TASK_ID', message, [
      { field: 'taskId', code: 'INVALID_TASK_ID', message },
    ]);
  }

  #find(taskId: string): TaskRun {
    const run = this.#runs.get(taskId);
    if (!run) throw new RequestError('TASK_NOT_EXISTED', `this agent has no task "${taskId}"`);
    return run;
  }

  async #resume(entry: JournalEntry): Promise<void> {
    const { taskId } = entry.task;
    if (this.#runs.has(taskId)) return; // created again before its turn came
    try {
      await this.#prepare({ ...entry, runs: entry.runs + 1 });
      this.#deps.log.info('task taken up again', { task: taskId, run: entry.runs + 1 });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#deps.log.warn('task cannot be taken up again', { task: taskId, why });
    }
  }

  async #prepare(entry: JournalEntry): Promise<void> {
    const { task } = entry;
    const { dataPlane, journal, slots, log } = this.#deps;
    const { downdir, dataPort, names } = this.#identity;
    const reports = this.#deps.reports.create(entry, (answer) => {
      const { taskId, attempt } = task;
      void (answer === 'taskEnded' ? this.delete(taskId, attempt) : this.#forget(task));
    });
    this.#preparingCount += 1;
    try {
      const run = await TaskRun.prepare(entry, {
        downdir,
        dataPlane,
        journal,
        slots,
        reports,
        log,
        concluded: (outcome) => this.#deps.concluded?.(outcome),
        downloadBytesPerSecond: this.#identity.downloadBytesPerSecond,
        ownAddresses: ownDataAddresses(dataPort, [task.host, ...names]),
        claimNames: (finalNames) => this.#claim(task.taskId, finalNames),
      });
      this.#runs.set(task.taskId, run);
      this.#limitUploads();
    } catch (error) {
      this.#claims.release(task.taskId);
      await removeEmptyTaskDirectory(downdir, task.taskId).catch(() => undefined); // `error` says why
      throw toRefusal(error);
    } finally {
      this.#preparingCount -= 1;
    }
  }

  #claim(taskId: string, finalNames: readonly string[]): void {
    const taken = this.#claims.claim(taskId, finalNames);
    if (taken === undefined) return;
    throw new RequestError('DEST_BUSY', busyMessage(taken));
  }

  async #drop(taskId: string, run: TaskRun, reason: 'deleted' | 'forgotten'): Promise<void> {
    this.#runs.delete(taskId);
    this.#idleSinceMs.delete(taskId);
    this.#claims.release(taskId);
    try {
      await run.end(reason);
    } catch (error) {
      // The disk refuses to let go of what is left; the sweep comes back to it.
      const why = error instanceof Error ? error.message : String(error);
      this.#deps.log.warn('task ended, but its directory could not be tidied', {
        task: taskId,
        why,
      });
    }
    this.#limitUploads();
    this.#deps.log.info('task ended', { task: taskId, reason });
  }

  /** Within the host's own limit, the fastest of the tasks that the process holds sets it. */
  #limitUploads(): void {
    const speeds = [...this.#runs.values()].map(({ speed }) => speed);
    if (speeds.length === 0) return;
    const limit = Math.min(this.#identity.uploadBytesPerSecond, Math.max(...speeds));
    this.#deps.dataPlane.setUploadLimit(limit);
  }

  async #sweep(): Promise<void> {
    const nowMs = performance.now();
    for (const [taskId, run] of this.#runs) {
      if (!run.isIdle) this.#idleSinceMs.delete(taskId);
      else if (!this.#idleSinceMs.has(taskId)) this.#idleSinceMs.set(taskId, nowMs);
      else if (nowMs - (this.#idleSinceMs.get(taskId) ?? nowMs) >= IDLE_SEED_MS) {
        await this.delete(taskId);
      }
    }
    await this.#removeLeftovers().catch((error: unknown) => {
      this.#deps.log.warn('old parts could not be removed', { why: String(error) });
    });
  }

  async #removeLeftovers(): Promise<void> {
    for (const { task, savedAtMs } of await this.#deps.journal.loadAll(() => undefined)) {
      const isOld = Date.now() - savedAtMs > LEFTOVER_TTL_MS;
      if (isOld && !this.#runs.has(task.taskId)) {
        await removeTaskDirectory(this.#identity.downdir, task.taskId);
      }
    }
  }

  #inTurn<T>(taskId: string, action: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(taskId) ?? Promise.resolve();
    const turn = before.then(action, action);
    this.#turns.set(taskId, turn);
    const forget = (): void => {
      if (this.#turns.get(taskId) === turn) this.#turns.delete(taskId);
    };
    turn.then(forget, forget);
    return turn;
  }
}

/**
 * The same call again changes nothing. Without an attempt to tell them apart, as from the reference, one
 * that comes after the task has ended here is a new try.
 */
function isRepetition(run: TaskRun, task: DispatchTaskDto): boolean {
  return isSameCall(run.task, task) && !(run.isFinished && task.attempt === undefined);
}

function isSameCall(one: DispatchTaskDto, other: DispatchTaskDto): boolean {
  const contentOf = ({ metaInfo, manifest, key }: DispatchTaskDto): string =>
    JSON.stringify([metaInfo, manifest?.digest, key]);
  return one.attempt === other.attempt && contentOf(one) === contentOf(other);
}

const REQUEST_CODES: ReadonlySet<string> = new Set<RequestErrorCode>([
  'DEST_NOT_REGULAR',
  'DEST_UNWRITABLE',
  'UNSAFE_PATH',
  'NO_SPACE',
  'IO_ERROR',
]);

function busyMessage(name: string): string {
  return `"${name}" is being written by another task`;
}

function toRefusal(error: unknown): unknown {
  if (!(error instanceof StoreError)) return error;
  const code = REQUEST_CODES.has(error.code) ? (error.code as RequestErrorCode) : 'INTERNAL';
  return new RequestError(code, error.message);
}
