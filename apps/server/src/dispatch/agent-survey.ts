/**
 * What the agents of an attempt can do, asked before anything else: a task speaks the lowest wire
 * version among its agents, and how it is cut and hashed depends on that. Hosts that do not answer do
 * not hold it up: SURVEY_GRACE_MS after the first answer the others are taken for agents of ours, and
 * asked again before they are given the task.
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

export type WireVersion = 1 | 2;

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

export function speaksV2({ wireVersions }: AgentInfo): boolean {
  return wireVersions.includes(2);
}

export async function surveyAgents(
  client: AgentClient,
  hosts: readonly HostRecord[],
  clock: Clock,
): Promise<Survey> {
  const answers = new Map<HostRecord, AgentInfo>();
  let cancelGrace: (() => void) | undefined;
  let openGate: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    openGate = resolve;
  });
  const ask = async (host: HostRecord): Promise<void> => {
    const result = await client.info(host.entry);
    if (!result.ok) return;
    cancelGrace ??= clock.after(SURVEY_GRACE_MS, openGate);
    answers.set(host, result.answer);
  };
  const all = pMap(hosts, ask, { concurrency: MAX_QUESTIONS_IN_FLIGHT });
  await Promise.race([all, gate]);
  cancelGrace?.();
  return new Survey(new Map(answers));
}
