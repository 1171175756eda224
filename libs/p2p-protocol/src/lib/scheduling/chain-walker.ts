/**
 * Which upstream to dial next. The reference gives each agent one upstream, the agent before it in
 * the chain, and never another: when that one dies, everything below stops. Ours walks up: the
 * nearest candidate that is not in back-off and not banned, at the end the server, and then again.
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

interface Candidate {
  readonly address: string;
  failuresInRow: number;
  refusalsInRow: number;
  badPieces: number;
  notBeforeMs: number;
  /** Failed or lost in this round. */
  hadItsTurn: boolean;
}

export class ChainWalker {
  readonly #prng: Prng;
  #candidates: readonly Candidate[] = [];

  constructor(prng: Prng) {
    this.#prng = prng;
  }

  /** Sets the candidates, nearest first; what is known of those that stay is kept. */
  setAddresses(addresses: readonly string[]): void {
    const known = new Map(this.#candidates.map((candidate) => [candidate.address, candidate]));
    this.#candidates = [...new Set(addresses)].map(
      (address) =>
        known.get(address) ?? {
          address,
          failuresInRow: 0,
          refusalsInRow: 0,
          badPieces: 0,
          notBeforeMs: 0,
          hadItsTurn: false,
        },
    );
  }

  /** The upstream to dial now: the nearest that may be dialled, those first that had no turn yet. */
  nextAddress(nowMs: number): string | undefined {
    const ready = this.#usable().filter(({ notBeforeMs }) => notBeforeMs <= nowMs);
    return (ready.find(({ hadItsTurn }) => !hadItsTurn) ?? ready[0])?.address;
  }

  /** When some candidate may be dialled; undefined when there is none left. */
  nextDialAtMs(): number | undefined {
    const times = this.#usable().map(({ notBeforeMs }) => notBeforeMs);
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  /** Every candidate has sent too many bad pieces. */
  get isExhausted(): boolean {
    return this.#candidates.length > 0 && this.#usable().length === 0;
  }

  /** Connecting or handshaking failed. */
  dialFailed(address: string, failure: DialFailure, nowMs: number): void {
    const candidate = this.#find(address);
    if (!candidate) return;
    if (failure === 'refused' && candidate.refusalsInRow < HANDSHAKE_RETRIES) {
      candidate.refusalsInRow += 1;
      this.#holdOthersBack(candidate, nowMs);
      return;
    }
    candidate.refusalsInRow = 0;
    this.#backOff(candidate, nowMs);
  }

  /** A connected upstream was lost or given up. */
  lost(address: string, nowMs: number): void {
    const candidate = this.#find(address);
    if (candidate) this.#backOff(candidate, nowMs);
  }

  /** A piece from it was bad; too many, and it is never dialled again. */
  sentBadPiece(address: string): void {
    const candidate = this.#find(address);
    if (candidate) candidate.badPieces += 1;
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
    candidate.refusalsInRow = 0;
    this.#startRound();
  }

  #find(address: string): Candidate | undefined {
    return this.#candidates.find((candidate) => candidate.address === address);
  }

  #usable(): readonly Candidate[] {
    return this.#candidates.filter(isUsable);
  }

  /** Nobody is dialled before the refusing candidate gets its next try. */
  #holdOthersBack(candidate: Candidate, nowMs: number): void {
    const retryAtMs = nowMs + HANDSHAKE_RETRY_MS * candidate.refusalsInRow;
    candidate.notBeforeMs = retryAtMs;
    for (const other of this.#candidates) {
      other.notBeforeMs = Math.max(other.notBeforeMs, retryAtMs);
    }
  }

  /** Exponential back-off with full jitter, never below the first delay's half. */
  #backOff(candidate: Candidate, nowMs: number): void {
    const ceilingMs = Math.min(REDIAL_MAX_MS, REDIAL_FIRST_MS * 2 ** candidate.failuresInRow);
    const delayMs = REDIAL_FIRST_MS / 2 + this.#prng.next() * (ceilingMs - REDIAL_FIRST_MS / 2);
    candidate.failuresInRow += 1;
    candidate.notBeforeMs = nowMs + delayMs;
    candidate.hadItsTurn = true;
    if (this.#usable().every(({ hadItsTurn }) => hadItsTurn)) this.#startRound();
  }

  #startRound(): void {
    for (const candidate of this.#candidates) candidate.hadItsTurn = false;
  }
}

function isUsable({ badPieces }: Candidate): boolean {
  return badPieces < MAX_BAD_PIECES_PER_SOURCE;
}
