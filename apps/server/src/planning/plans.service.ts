/** The dry run of a create call, and the check of one host. Neither creates or changes anything. */
import { basename } from 'node:path';
import {
  parseHostEntry,
  RequestError,
  type CreateTaskDto,
  type Failure,
  type HostCheck,
  type HostEntry,
  type HostInTask,
  type HostPlan,
  type PlanView,
} from '@gofd/task-model';
import type { AgentInventory } from '../inventory/agent-inventory.ts';
import { SourceError, type SourceCatalog } from '../seeding/source-catalog.port.ts';
import { assertMayRead } from '../tasks/assert-may-read.ts';
import type { AttemptRunner } from '../tasks/attempt-runner.ts';
import { hostAddress } from '../tasks/host-address.ts';
import {
  assertMayCall,
  assertSameContent,
  readCreateTask,
  type CreateTaskLimits,
} from '../tasks/read-create-task.ts';
import type { TaskRegistry } from '../tasks/task-registry.ts';
import type { HostPlanner } from './host-planner.ts';
import { MAX_TASKS_LOOKED_AT, measureRates } from './measured-rates.ts';

/** Plans that are made at once; at the bound a further one is refused. */
export const MAX_PLANS = 4;
/** Tasks that a check of a host tells of. */
export const MAX_TASKS_OF_HOST = 5;

export interface PlansOptions extends CreateTaskLimits {
  readonly registry: TaskRegistry;
  readonly inventory: AgentInventory;
  readonly catalog: SourceCatalog;
  readonly planner: HostPlanner;
}

export class PlansService {
  readonly #options: PlansOptions;
  #planCount = 0;

  constructor(options: PlansOptions) {
    this.#options = options;
  }

  /** @throws RequestError as the create call of the same body would, or TOO_MANY_PLANS */
  async plan(body: CreateTaskDto): Promise<PlanView> {
    const { registry, inventory, catalog } = this.#options;
    const dto = { ...body, destIPs: inventory.hostsFor(body) };
    const known = registry.get(dto.id);
    if (known) assertSameContent(known.record, dto);
    else registry.inTheWayOf(dto.id); // throws where a new task would find no room
    const { dispatchFiles, hosts } = readCreateTask(dto, this.#options);
    await assertMayRead(catalog, dispatchFiles);
    if (this.#planCount >= MAX_PLANS) {
      const message = `${MAX_PLANS} plans are being made; try again in a moment`;
      throw new RequestError('TOO_MANY_PLANS', message);
    }
    this.#planCount += 1;
    try {
      const source = await this.#lookAtSources(dispatchFiles);
      const files = dispatchFiles.map((path, index) => ({
        name: basename(path),
        length: source.fileBytes?.[index] ?? 0,
      }));
      const asked = await this.#options.planner.askAll(hosts, { taskId: dto.id, files });
      return this.#view(files.length, source, asked);
    } finally {
      this.#planCount -= 1;
    }
  }

  /**
   * What one host says now, what it announced, and what became of it in the last tasks.
   * @throws RequestError DEST_FORBIDDEN for a host that no task may name
   */
  async check(host: string): Promise<HostCheck> {
    const { planner, inventory } = this.#options;
    const entry = parseHostEntry(host) as HostEntry; // the query was validated
    assertMayCall(entry, host, 'host', this.#options.destFence);
    const address = this.#addressOf(entry);
    const plan = await planner.ask({ name: host, entry }, { files: [] });
    const announced = inventory
      .list()
      .find((agent) => this.#addressOfText(agent.address) === address);
    return {
      plan: this.#withRate(plan, this.#rates(), undefined),
      ...(announced && { announced }),
      tasks: this.#tasksOf(address),
    };
  }

  #view(fileCount: number, { fileBytes, problems }: Sources, asked: readonly HostPlan[]): PlanView {
    const totalBytes = fileBytes?.reduce((sum, length) => sum + length, 0);
    const rates = this.#rates();
    const hosts = asked.map((plan) => this.#withRate(plan, rates, totalBytes));
    const predictions = hosts.flatMap(({ predictedSeconds }) => predictedSeconds ?? []);
    return {
      isReady: problems.length === 0 && hosts.every(({ verdict }) => verdict === 'READY'),
      fileCount,
      ...(totalBytes !== undefined && { totalBytes }),
      problems,
      hosts,
      ...(predictions.length > 0 && {
        predictedSeconds: predictions.reduce((most, seconds) => Math.max(most, seconds), 0),
      }),
    };
  }

  #withRate(
    plan: HostPlan,
    rates: ReadonlyMap<string, number>,
    totalBytes: number | undefined,
  ): HostPlan {
    const measuredBytesPerSecond = rates.get(this.#addressOfText(plan.host));
    if (!measuredBytesPerSecond) return plan;
    if (totalBytes === undefined) return { ...plan, measuredBytesPerSecond };
    const predictedSeconds = Math.ceil((totalBytes / measuredBytesPerSecond) * 10) / 10;
    return { ...plan, measuredBytesPerSecond, predictedSeconds };
  }

  #rates(): ReadonlyMap<string, number> {
    const tasks = this.#options.registry.list().slice(0, MAX_TASKS_LOOKED_AT);
    return measureRates(
      tasks.map(({ record: { totalBytes, hosts } }) => ({
        totalBytes,
        hosts: hosts.map(({ entry, status, tookMs }) => ({
          address: this.#addressOf(entry),
          tookMs: status === 'COMPLETED' ? tookMs : undefined,
        })),
      })),
    );
  }

  #tasksOf(address: string): HostInTask[] {
    const found: HostInTask[] = [];
    for (const runner of this.#options.registry.list().slice(0, MAX_TASKS_LOOKED_AT)) {
      const one = this.#hostInTask(runner, address);
      if (one) found.push(one);
      if (found.length === MAX_TASKS_OF_HOST) break;
    }
    return found;
  }

  #hostInTask(runner: AttemptRunner, address: string): HostInTask | undefined {
    const { id, status, createdAt, hosts } = runner.record;
    const host = hosts.find(({ entry }) => this.#addressOf(entry) === address);
    if (!host) return undefined;
    return { id, status, createdAt: createdAt.toISOString(), row: runner.rows().row(host) };
  }

  async #lookAtSources(paths: readonly string[]): Promise<Sources> {
    try {
      return { fileBytes: await this.#options.catalog.check(paths), problems: [] };
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      return { fileBytes: undefined, problems: [{ code: error.code, message: error.message }] };
    }
  }

  #addressOf(entry: HostEntry): string {
    return hostAddress(entry, this.#options.agentMgntPort);
  }

  #addressOfText(host: string): string {
    return this.#addressOf(parseHostEntry(host) as HostEntry);
  }
}

interface Sources {
  /** Undefined when one of them cannot be distributed. */
  readonly fileBytes: readonly number[] | undefined;
  readonly problems: readonly Failure[];
}
