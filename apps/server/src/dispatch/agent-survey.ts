/**
 * What the agents of an attempt can do, asked before anything else: a task speaks the lowest wire
 * version among its agents, and how it is cut and hashed depends on that. Hosts that do not answer do
 * not hold it up: SURVEY_GRACE_MS after the first answer the others are taken for agents of ours, and
 * asked again before they are given the task. Those that have answered lately are not asked at all.
 */
import pMap from 'p-map';
import type { Clock } from '@gofd/p2p-driver';
import type { AgentInfo } from '@gofd/task-model';
import type { HostRecord } from '../tasks/host-record.ts';
import type { AgentClient } from './agent-client.port.ts';

/** Time that slower hosts get after the first answer. */
export const SURVEY_GRACE_MS = 1_000;
/** Questions under way at once. */
export const MAX_QUESTIONS_IN_FLIGHT = 256;

/** How long an answer holds; a create call that finds another agent there ends it sooner. */
export const KNOWN_FOR_MS = 10 * 60_000;
/** Agents that are remembered; the one asked longest ago is forgotten first. */
export const MAX_KNOWN_AGENTS = 20_000;

export type WireVersion = 1 | 2;

interface Known {
  readonly info: AgentInfo;
  readonly untilMs: number;
}

export class Survey {
  readonly #answers: ReadonlyMap<HostRecord, AgentInfo>;

  constructor(answers: ReadonlyMap<HostRecord, AgentInfo>) {
    this.#answers = answers;
  }

  /** What a host said; undefined when it has not answered in time. */
  infoOf(host: HostRecord): AgentInfo | undefined {
    return this.#answers.get(host);
  }

  /** The highest version that everybody who answered speaks. */
  get wire(): WireVersion {
    return [...this.#answers.values()].every(speaksV2) ? 2 : 1;
  }
}

export function speaksV2({ wireVersions }: Pick<AgentInfo, 'wireVersions'>): boolean {
  return wireVersions.includes(2);
}

/** Asks agents what they can do, and remembers it for the next task. */
export class AgentSurveyor {
  readonly #client: AgentClient;
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();

  constructor(client: AgentClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  async survey(hosts: readonly HostRecord[]): Promise<Survey> {
    const answers = new Map<HostRecord, AgentInfo>();
    const unknown = hosts.filter((host) => {
      const info = this.#recall(host);
      if (info) answers.set(host, info);
      return !info;
    });
    if (unknown.length > 0) await this.#askAll(unknown, answers);
    return new Survey(new Map(answers));
  }

  /** The agent turned out to be another than it said, or not there: it is asked again. */
  forget(host: HostRecord): void {
    this.#known.delete(host.name);
  }

  async #askAll(hosts: readonly HostRecord[], answers: Map<HostRecord, AgentInfo>): Promise<void> {
    let cancelGrace: (() => void) | undefined;
    let openGate: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      openGate = resolve;
    });
    const ask = async (host: HostRecord): Promise<void> => {
      const result = await this.#client.info(host.entry);
      if (!result.ok) return;
      cancelGrace ??= this.#clock.after(SURVEY_GRACE_MS, openGate);
      answers.set(host, result.answer);
      this.#remember(host, result.answer);
    };
    const all = pMap(hosts, ask, { concurrency: MAX_QUESTIONS_IN_FLIGHT });
    await Promise.race([all, gate]);
    cancelGrace?.();
  }

  #recall({ name }: HostRecord): AgentInfo | undefined {
    const known = this.#known.get(name);
    return known && known.untilMs > this.#clock.nowMs() ? known.info : undefined;
  }

  #remember({ name }: HostRecord, info: AgentInfo): void {
    this.#known.delete(name); // the newest comes last
    this.#known.set(name, { info, untilMs: this.#clock.nowMs() + KNOWN_FOR_MS });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_KNOWN_AGENTS && oldest !== undefined) this.#known.delete(oldest);
  }
}
