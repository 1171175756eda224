/** Asks hosts whether they would take files: at most so many at once, each problem with a code of its own. */
import pMap from 'p-map';
import {
  PLAN_UNSUPPORTED,
  type AgentPlanDto,
  type HostEntry,
  type HostPlan,
} from '@gofd/task-model';
import type { AgentClient } from '../dispatch/agent-client.port.ts';

/** Questions of one plan that are under way at once; each may carry megabytes of names. */
export const MAX_PLAN_CALLS_IN_FLIGHT = 64;

export interface PlannedHost {
  /** As given in destIPs. */
  readonly name: string;
  readonly entry: HostEntry;
}

export class HostPlanner {
  readonly #client: AgentClient;

  constructor(client: AgentClient) {
    this.#client = client;
  }

  /** In the order of the hosts. */
  askAll(hosts: readonly PlannedHost[], body: AgentPlanDto): Promise<HostPlan[]> {
    return pMap(hosts, (host) => this.ask(host, body), { concurrency: MAX_PLAN_CALLS_IN_FLIGHT });
  }

  async ask({ name, entry }: PlannedHost, body: AgentPlanDto): Promise<HostPlan> {
    const result = await this.#client.plan(entry, body);
    if (result.ok) {
      const verdict = result.answer.problems.length === 0 ? 'READY' : 'NOT_READY';
      return { host: name, verdict, ...result.answer };
    }
    const problems = [result.failure];
    if (result.failure.code !== PLAN_UNSUPPORTED) {
      return { host: name, verdict: 'NOT_READY', problems };
    }
    const info = await this.#client.info(entry);
    const version = info.ok ? { version: info.answer.version } : {};
    return { host: name, verdict: 'UNKNOWN', ...version, problems };
  }
}
