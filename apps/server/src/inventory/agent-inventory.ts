/**
 * The agents that have announced themselves, by management address. What it knows it was told by the
 * agents; those that never announce are none of its business and work all the same.
 */
import type { Clock } from '@gofd/p2p-driver';
import {
  formatAddress,
  matchesSelector,
  MAX_HOSTS_PER_TASK,
  parseAddress,
  RequestError,
  type AgentRow,
  type AnnounceDto,
  type AnnounceReceipt,
  type CreateTaskDto,
} from '@gofd/task-model';

/** Time between two announcements of one agent. */
export const ANNOUNCE_INTERVAL_MS = 10_000;
/** An agent that was not heard of for so long is not alive. */
export const ALIVE_FOR_MS = 3 * ANNOUNCE_INTERVAL_MS;
/** One that was not heard of for so long is forgotten, and no member of a group any more. */
export const FORGOTTEN_AFTER_MS = 24 * 3_600_000;
/** Agents that are known; beyond them the one that is silent longest makes room, unless it is alive. */
export const MAX_AGENTS = 20_000;

interface Known {
  readonly said: AnnounceDto;
  readonly seenMs: number;
  readonly seenAt: Date;
}

export class AgentInventory {
  readonly #clock: Clock;
  readonly #agentMgntPort: number;
  readonly #maxAgents: number;
  /** In the order in which they were heard of last. */
  readonly #known = new Map<string, Known>();

  /** @param agentMgntPort that of agents whose entry in destIPs names none */
  constructor(clock: Clock, agentMgntPort: number, maxAgents = MAX_AGENTS) {
    this.#clock = clock;
    this.#agentMgntPort = agentMgntPort;
    this.#maxAgents = maxAgents;
  }

  /** @throws RequestError when there is no room among agents that are alive */
  announce(said: AnnounceDto, at: Date): AnnounceReceipt {
    this.#forgetSilent();
    const seenMs = this.#clock.nowMs();
    if (!this.#known.delete(said.address)) this.#makeRoom(seenMs);
    this.#known.set(said.address, { said, seenMs, seenAt: at });
    return { intervalMs: ANNOUNCE_INTERVAL_MS };
  }

  /** By name, then by address. */
  list(): AgentRow[] {
    this.#forgetSilent();
    const nowMs = this.#clock.nowMs();
    return [...this.#known.values()]
      .map((known) => rowOf(known, nowMs))
      .sort((one, other) => order(one.name, other.name) || order(one.address, other.address));
  }

  /**
   * The hosts of a create call: its destIPs, then the members of its groups that are not among them.
   * Members that are down belong to it: that a host did not get the files shall be seen.
   * @throws RequestError when a group has no member, or all together are too many
   */
  hostsFor({ destIPs = [], destGroups = [] }: Partial<CreateTaskDto>): string[] {
    if (destGroups.length === 0) return destIPs;
    const hosts = new Set(destIPs);
    const listed = new Set(destIPs.map((entry) => this.#withPort(entry)));
    for (const [index, selector] of destGroups.entries()) {
      const members = this.list().filter((agent) => matchesSelector(agent, selector));
      if (members.length === 0) {
        const problem = `no announced agent is ${JSON.stringify(selector)}`;
        throw refuse('DEST_GROUP_EMPTY', `destGroups[${index}]`, problem);
      }
      for (const { address } of members) if (!listed.has(address)) hosts.add(address);
    }
    if (hosts.size > MAX_HOSTS_PER_TASK) {
      const problem = `stands for ${hosts.size} hosts, above ${MAX_HOSTS_PER_TASK}`;
      throw refuse('FIELD_RANGE', 'destGroups', problem);
    }
    return [...hosts];
  }

  #withPort(entry: string): string {
    return parseAddress(entry) ? entry : formatAddress(bare(entry), this.#agentMgntPort);
  }

  #makeRoom(nowMs: number): void {
    if (this.#known.size < this.#maxAgents) return;
    const [oldest] = this.#known;
    if (oldest && nowMs - oldest[1].seenMs < ALIVE_FOR_MS) {
      throw new RequestError('TOO_MANY_AGENTS', `${this.#maxAgents} agents are announced already`);
    }
    if (oldest) this.#known.delete(oldest[0]);
  }

  #forgetSilent(): void {
    const oldestMs = this.#clock.nowMs() - FORGOTTEN_AFTER_MS;
    for (const [address, { seenMs }] of this.#known) {
      if (seenMs >= oldestMs) return;
      this.#known.delete(address);
    }
  }
}

function rowOf({ said, seenMs, seenAt }: Known, nowMs: number): AgentRow {
  const { name, address, dataPort, version, freeBytes, zone, labels } = said;
  return {
    name,
    address,
    dataPort,
    version,
    freeBytes,
    ...(zone !== undefined && { zone }),
    ...(labels && { labels }),
    lastSeenAt: seenAt.toISOString(),
    isAlive: nowMs - seenMs < ALIVE_FOR_MS,
  };
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Without the brackets of IPv6. */
function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

function refuse(
  code: 'DEST_GROUP_EMPTY' | 'FIELD_RANGE',
  field: string,
  problem: string,
): RequestError {
  const message = `${field}: ${problem}`;
  return new RequestError(code, message, [{ field, code, message }]);
}
