/**
 * When a host gives up because nothing that it lacks can come from anybody whom it still believes. The
 * server is the one source that has everything, so until it is banned for bad pieces there is hope.
 * After that the other agents may still have, or be getting, what is missing: this host gives up only
 * when no connected source has any of it and none has gained a piece for a grace time. Silence of hosts
 * that were never seen to send anything wrong is another matter (NO_SOURCE_REACHABLE).
 */
import type { Bitfield } from '../codec/bitfield.ts';
import type { SessionFailureCode } from '../errors.ts';
import { NO_SOURCE_TIMEOUT_MS } from '../limits/limits.ts';
import type { PeerState } from './peer-state.ts';
import type { Sources } from './sources.ts';

export interface Verdict {
  readonly code: SessionFailureCode;
  readonly message: string;
}

export interface DeadEndOptions {
  readonly stored: Bitfield;
  readonly sources: Sources;
  readonly downloads: { readonly isStuck: boolean };
  readonly peers: { values(): IterableIterator<PeerState> };
}

export class DeadEnd {
  readonly #options: DeadEndOptions;
  /** Since when nothing can come and nothing has changed; undefined while something can. */
  #sinceMs: number | undefined;

  constructor(options: DeadEndOptions) {
    this.#options = options;
  }

  /** Somebody has a piece more, or there is somebody new to ask: the grace time starts over. */
  hopeRenewed(nowMs: number): void {
    if (this.#sinceMs !== undefined) this.#sinceMs = nowMs;
  }

  /** Looks at how things stand after an event; costs next to nothing while pieces are under way. */
  review(nowMs: number): void {
    if (this.#isStranded()) this.#sinceMs ??= nowMs;
    else this.#sinceMs = undefined;
  }

  /** When the host is to give up unless something changes; Infinity while there is hope. */
  giveUpAtMs(): number {
    return this.#sinceMs === undefined
      ? Infinity
      : this.#sinceMs + this.#options.sources.strandedGraceMs;
  }

  /** @returns why the host is to give up now; undefined while it is to go on */
  verdict(nowMs: number): Verdict | undefined {
    const { sources } = this.#options;
    if (sources.giveUpAtMs() <= nowMs) {
      const message = `no source could be reached for ${NO_SOURCE_TIMEOUT_MS / 60_000} minutes`;
      return { code: 'NO_SOURCE_REACHABLE', message };
    }
    this.review(nowMs);
    if (!sources.isExhausted && nowMs < this.giveUpAtMs()) return undefined;
    return { code: 'INTEGRITY', message: this.#accusation() };
  }

  #accusation(): string {
    const { sources, stored } = this.#options;
    const missing = `${stored.length - stored.count} of ${stored.length} pieces are missing`;
    const others = sources.isExhausted ? 'nobody else can be asked' : 'nobody else has them';
    return `${missing}: ${accusation(sources.badSenders())}; ${others}`;
  }

  #isStranded(): boolean {
    const { sources, downloads, peers, stored } = this.#options;
    if (!downloads.isStuck || !sources.isServerBanned) return false;
    const missing = stored.complement();
    return [...peers.values()].every(
      ({ source, pieces }) => !source || !pieces?.hasCommon(missing),
    );
  }
}

/** More are counted, not named: the sentence travels in a report. */
const MAX_NAMED = 5;

function accusation(senders: ReturnType<Sources['badSenders']>): string {
  const named = senders
    .slice(0, MAX_NAMED)
    .map(({ name, badPieces }) => `${name} sent ${badPieces} bad ${plural(badPieces)}`);
  const others = senders.slice(MAX_NAMED);
  if (others.length === 0) return named.join(', ');
  const badPieces = others.reduce((sum, sender) => sum + sender.badPieces, 0);
  return `${named.join(', ')}, and ${others.length} more sent ${badPieces} bad ${plural(badPieces)}`;
}

function plural(count: number): string {
  return count === 1 ? 'piece' : 'pieces';
}
