/**
 * What one session measures of itself for people who ask why it is slow: who gave how much, who sent bad
 * pieces, how often a source was lost, how long reading waited for the disk. Counts and times, no decisions.
 */
import type { ProtocolErrorCode } from '@gofd/p2p-protocol';

/** With these we give up a source, and nobody else. */
const SOURCE_FAULTS: ReadonlySet<ProtocolErrorCode> = new Set([
  'P2P_BAD_PIECE',
  'P2P_REQUEST_TIMEOUT',
  'P2P_STARVED',
]);

/** Sources that are told apart; what further ones give is not counted. A task has at most 256. */
export const MAX_MEASURED_SOURCES = 512;

export interface CountBySource {
  readonly address: string;
  readonly count: number;
}

export class TransferMeasures {
  readonly #bytes = new Map<string, number>();
  readonly #badPieces = new Map<string, number>();
  readonly #maxSources: number;
  #retries = 0;
  #waitedMs = 0;
  #waitingSinceMs: number | undefined;

  constructor(maxSources = MAX_MEASURED_SOURCES) {
    this.#maxSources = maxSources;
  }

  received(address: string, bytes: number): void {
    this.#add(this.#bytes, address, bytes);
  }

  /** A connection was closed by us. */
  gaveUp(address: string, code: ProtocolErrorCode): void {
    if (code === 'P2P_BAD_PIECE') this.#add(this.#badPieces, address, 1);
    if (SOURCE_FAULTS.has(code)) this.#retries += 1;
  }

  /** A connection to a source ended that we did not close. */
  sourceLost(): void {
    this.#retries += 1;
  }

  /** Reading stands still until a piece has reached the disk. */
  diskWaitBegan(nowMs: number): void {
    this.#waitingSinceMs ??= nowMs;
  }

  diskWaitEnded(nowMs: number): void {
    this.#waitedMs = this.diskWaitMs(nowMs);
    this.#waitingSinceMs = undefined;
  }

  /** Connections to sources that were lost or given up. */
  get retries(): number {
    return this.#retries;
  }

  /** Time that reading has waited for the disk so far. */
  diskWaitMs(nowMs: number): number {
    const current = this.#waitingSinceMs === undefined ? 0 : nowMs - this.#waitingSinceMs;
    return this.#waitedMs + current;
  }

  /** Bytes by source, the greatest first. */
  topSources(max: number): CountBySource[] {
    return top(this.#bytes, max);
  }

  /** Bad pieces by sender, the most first. */
  topBadPeers(max: number): CountBySource[] {
    return top(this.#badPieces, max);
  }

  #add(counts: Map<string, number>, address: string, count: number): void {
    const before = counts.get(address);
    if (before === undefined && counts.size >= this.#maxSources) return;
    counts.set(address, (before ?? 0) + count);
  }
}

function top(counts: ReadonlyMap<string, number>, max: number): CountBySource[] {
  return [...counts]
    .map(([address, count]) => ({ address, count }))
    .sort((one, other) => other.count - one.count)
    .slice(0, max);
}
