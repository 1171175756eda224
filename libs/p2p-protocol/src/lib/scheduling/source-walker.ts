/**
 * Which sources to dial next, so that `degree` of them are connected. In a chain the degree is one.
 * The reference gives each agent one upstream, the agent before it in the chain, and never another:
 * when that one dies, everything below stops. Ours walks on: the nearest candidate that is not
 * connected, not in back-off and not banned, at the end of a chain the server, and then again.
 * Each candidate has one turn in a round: without that, two agents that accept and then give nothing
 * would be tried in turns for ever, as each is out of back-off by the time the other is given up.
 * A refused handshake usually means that the upstream has not heard of the task yet, so the same
 * candidate is tried a few times before the walk goes on.
 */
import type { Prng } from '../kernel/prng.ts';
import {
  HANDSHAKE_RETRIES,
  HANDSHAKE_RETRY_MS,
  MAX_BAD_PIECES_PER_SOURCE,
  REDIAL_FIRST_MS,
  REDIAL_MAX_MS,
} from '../limits/limits.ts';
import type { DialFailure } from '../session/events.ts';

/** A source and how many pieces from it did not match. */
export interface BadSender {
  readonly address: string;
  readonly badPieces: number;
}

interface Candidate {
  readonly address: string;
  failuresInRow: number;
  refusalsInRow: number;
  badPieces: number;
  notBeforeMs: number;
  state: 'idle' | 'dialling' | 'connected';
  /** Failed or lost in this round. */
  hadItsTurn: boolean;
}

export class SourceWalker {
  readonly #prng: Prng;
  #candidates: readonly Candidate[] = [];
  #degree = 0;
  #connectedCount = 0;
  /** Kept until something changes: it is asked for after every event of the session. */
  #dialTime: { readonly nextAtMs: number | undefined } | undefined;

  constructor(prng: Prng) {
    this.#prng = prng;
  }

  /**
   * Sets the candidates, nearest first, and how many to be connected to; what is known of those that
   * stay is kept.
   */
  setAddresses(addresses: readonly string[], degree: number): void {
    const known = new Map(this.#candidates.map((candidate) => [candidate.address, candidate]));
    this.#degree = degree;
    this.#candidates = [...new Set(addresses)].map(
      (address) =>
        known.get(address) ?? {
          address,
          failuresInRow: 0,
          refusalsInRow: 0,
          badPieces: 0,
          notBeforeMs: 0,
          state: 'idle',
          hadItsTurn: false,
        },
    );
    this.#changed();
  }

  /** Sources that are connected. */
  get connectedCount(): number {
    return this.#connectedCount;
  }

  /**
   * The source to dial now: the nearest that may be dialled, those first that had no turn yet. It
   * counts as being dialled from now on. Undefined when enough are, or none may be.
   */
  takeNext(nowMs: number): string | undefined {
    if ((this.nextDialAtMs() ?? Infinity) > nowMs) return undefined;
    const ready = this.#dialable().filter(({ notBeforeMs }) => notBeforeMs <= nowMs);
    const next = ready.find(({ hadItsTurn }) => !hadItsTurn) ?? ready[0];
    if (next) next.state = 'dialling';
    this.#changed();
    return next?.address;
  }

  /** When some candidate may be dialled; undefined while enough are, or when there is none left. */
  nextDialAtMs(): number | undefined {
    this.#dialTime ??= { nextAtMs: this.#findDialTime() };
    return this.#dialTime.nextAtMs;
  }

  #findDialTime(): number | undefined {
    const times = this.#dialable().map(({ notBeforeMs }) => notBeforeMs);
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  /** Every change of a candidate, or of how many are wanted, comes by here. */
  #changed(): void {
    this.#dialTime = undefined;
    this.#connectedCount = this.#candidates.filter(({ state }) => state === 'connected').length;
  }

  /** A dialled source answered. @returns false when nobody dialled it */
  connected(address: string): boolean {
    const candidate = this.#find(address);
    if (candidate?.state !== 'dialling') return false;
    candidate.state = 'connected';
    candidate.refusalsInRow = 0;
    this.#changed();
    return true;
  }

  /** Whether any candidate is known and not banned. */
  get hasUsable(): boolean {
    return this.#candidates.some(isUsable);
  }

  /** Connecting or handshaking failed. */
  dialFailed(address: string, failure: DialFailure, nowMs: number): void {
    const candidate = this.#find(address);
    if (!candidate) return;
    candidate.state = 'idle';
    if (failure === 'refused' && candidate.refusalsInRow < HANDSHAKE_RETRIES) {
      candidate.refusalsInRow += 1;
      candidate.notBeforeMs = nowMs + HANDSHAKE_RETRY_MS * candidate.refusalsInRow;
      return this.#changed();
    }
    candidate.refusalsInRow = 0;
    this.#backOff(candidate, nowMs);
  }

  /** A connected upstream was lost or given up. */
  lost(address: string, nowMs: number): void {
    const candidate = this.#find(address);
    if (!candidate) return;
    candidate.state = 'idle';
    this.#backOff(candidate, nowMs);
  }

  /** A piece from it was bad; too many, and it is never dialled again. */
  sentBadPiece(address: string): void {
    const candidate = this.#find(address);
    if (candidate) candidate.badPieces += 1;
    this.#changed();
  }

  /** Candidates from which any bad piece came, in their order. */
  badSenders(): readonly BadSender[] {
    return this.#candidates
      .filter(({ badPieces }) => badPieces > 0)
      .map(({ address, badPieces }) => ({ address, badPieces }));
  }

  isBanned(address: string): boolean {
    const candidate = this.#find(address);
    return candidate !== undefined && !isUsable(candidate);
  }

  /** A piece from it was good: its back-off starts over, and so does the round. */
  sentGoodPiece(address: string): void {
    const candidate = this.#find(address);
    if (!candidate) return;
    candidate.failuresInRow = 0;
    if (candidate.refusalsInRow > 0) {
      candidate.refusalsInRow = 0;
      this.#changed();
    }
    if (this.#degree === 1) this.#startRound();
  }

  /** Idle candidates that would fill a place; one that refused keeps its place until it is retried. */
  #dialable(): readonly Candidate[] {
    const idle = this.#usable().filter(({ state }) => state === 'idle');
    const refused = idle.filter(({ refusalsInRow }) => refusalsInRow > 0);
    const active = this.#candidates.length - this.#countIdle() + refused.length;
    return active < this.#degree ? idle : refused;
  }

  #countIdle(): number {
    return this.#candidates.filter(({ state }) => state === 'idle').length;
  }

  #find(address: string): Candidate | undefined {
    return this.#candidates.find((candidate) => candidate.address === address);
  }

  #usable(): readonly Candidate[] {
    return this.#candidates.filter(isUsable);
  }

  /** Exponential back-off with full jitter, never below the first delay's half. */
  #backOff(candidate: Candidate, nowMs: number): void {
    const ceilingMs = Math.min(REDIAL_MAX_MS, REDIAL_FIRST_MS * 2 ** candidate.failuresInRow);
    const delayMs = REDIAL_FIRST_MS / 2 + this.#prng.next() * (ceilingMs - REDIAL_FIRST_MS / 2);
    candidate.failuresInRow += 1;
    candidate.notBeforeMs = nowMs + delayMs;
    candidate.hadItsTurn = true;
    this.#changed();
    if (this.#usable().every(({ hadItsTurn }) => hadItsTurn)) this.#startRound();
  }

  #startRound(): void {
    for (const candidate of this.#candidates) candidate.hadItsTurn = false;
  }
}

function isUsable({ badPieces }: Candidate): boolean {
  return badPieces < MAX_BAD_PIECES_PER_SOURCE;
}
