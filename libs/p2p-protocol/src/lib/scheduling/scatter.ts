/**
 * Which piece the server shows to which agent, so that it sends each piece once: the next piece that
 * nobody has goes to the agent that has just confirmed one, a few at a time, so fast
 * agents take more of them than slow ones. A piece counts as placed when an agent has said HAVE. It is
 * shown again when every agent that had it is gone, and to a second agent when the first is late.
 *
 * What the server knows of an agent is its bitfield at the start and the HAVEs for pieces that were
 * shown to it: enough to know that a piece is not lost, at one HAVE for each piece and not for each
 * piece and agent. (research: scatter once, pull rate-aware; docs/adr/0008.)
 */
import type { Bitfield } from '../codec/bitfield.ts';
import { Fifo } from '../kernel/fifo.ts';
import {
  MIN_SCATTER_PIECES,
  SCATTER_LATE_FACTOR,
  SCATTER_LATE_MIN_MS,
  WINDOW_PIECES,
} from '../limits/limits.ts';
import type { PeerId } from '../session/events.ts';
import { Availability } from './availability.ts';

/** One first copy on its way. */
interface Offer {
  readonly peer: PeerId;
  readonly piece: number;
  readonly shownAtMs: number;
  isSettled: boolean;
}

interface Taker {
  readonly id: PeerId;
  /** What it has for certain; shared with the session, which adds to it. */
  readonly pieces: Bitfield;
  readonly offers: Map<number, Offer>;
}

export interface Show {
  readonly peer: PeerId;
  readonly piece: number;
}

/** Weight of the newest confirmation in the mean. */
const NEWEST_SHARE = 0.1;

export class Scatter {
  readonly #pieceCount: number;
  readonly #holders: Availability;
  /** How many agents each piece is on its way to. */
  readonly #underway: Availability;
  readonly #takers = new Map<PeerId, Taker>();
  /** Pieces to show again, before those that were never shown. */
  readonly #again = new Fifo<number>();
  /** Offers in the order of showing, for their lateness. */
  readonly #byAge = new Fifo<Offer>();
  #nextPiece = 0;
  #confirmMs: number | undefined;

  constructor(pieceCount: number) {
    this.#pieceCount = pieceCount;
    this.#holders = new Availability(pieceCount);
    this.#underway = new Availability(pieceCount);
  }

  /** An agent is here, with what it has already. @returns what to show it */
  joined(id: PeerId, pieces: Bitfield, nowMs: number): Show[] {
    const taker: Taker = { id, pieces, offers: new Map() };
    this.#takers.set(id, taker);
    this.#holders.gainedAll(pieces);
    return this.#fill(taker, nowMs);
  }

  /** The agent says that it has a piece (new to `pieces` of it). @returns what to show it next */
  confirmed(id: PeerId, piece: number, nowMs: number): Show[] {
    const taker = this.#takers.get(id);
    if (!taker) return [];
    this.#holders.gained(piece);
    const offer = taker.offers.get(piece);
    if (offer) {
      this.#settle(taker, offer);
      this.#learn(nowMs - offer.shownAtMs);
    }
    return this.#fill(taker, nowMs);
  }

  /** The agent is gone, and so are its copies. @returns what to show to others instead */
  left(id: PeerId, nowMs: number): Show[] {
    const taker = this.#takers.get(id);
    if (!taker) return [];
    this.#takers.delete(id);
    this.#holders.lostAll(taker.pieces);
    for (const offer of taker.offers.values()) this.#settle(taker, offer);
    if (this.#takers.size === 0) return [];
    for (let piece = 0; piece < this.#nextPiece; piece++) {
      if (this.#isUnplaced(piece)) this.#again.push(piece);
    }
    return this.#fillAll(nowMs);
  }

  /** When the oldest first copy is late; undefined while none is on its way. */
  nextLateAtMs(): number | undefined {
    const offer = this.#oldest();
    return offer && offer.shownAtMs + this.#lateAfterMs();
  }

  /** Shows late pieces to a second agent. */
  relieve(nowMs: number): Show[] {
    let isAnyLate = false;
    for (let offer = this.#oldest(); offer; offer = this.#oldest()) {
      if (offer.shownAtMs + this.#lateAfterMs() > nowMs) break;
      this.#byAge.shift();
      this.#again.push(offer.piece);
      isAnyLate = true;
    }
    return isAnyLate ? this.#fillAll(nowMs) : [];
  }

  #fillAll(nowMs: number): Show[] {
    return [...this.#takers.values()].flatMap((taker) => this.#fill(taker, nowMs));
  }

  #fill(taker: Taker, nowMs: number): Show[] {
    const shows: Show[] = [];
    const share = Math.ceil(WINDOW_PIECES / this.#takers.size);
    while (taker.offers.size < Math.max(MIN_SCATTER_PIECES, share)) {
      const piece = this.#takePiece(taker);
      if (piece === undefined) break;
      const offer = { peer: taker.id, piece, shownAtMs: nowMs, isSettled: false };
      taker.offers.set(piece, offer);
      this.#underway.gained(piece);
      this.#byAge.push(offer);
      shows.push({ peer: taker.id, piece });
    }
    return shows;
  }

  /** The next piece that this agent should be shown; pieces it has or was shown are not for it. */
  #takePiece(taker: Taker): number | undefined {
    const isForIt = (piece: number): boolean =>
      !taker.pieces.has(piece) && !taker.offers.has(piece);
    for (let left = this.#again.length; left > 0; left--) {
      const piece = this.#again.shift()!;
      if (this.#holders.of(piece) > 0) continue;
      if (isForIt(piece)) return piece;
      this.#again.push(piece);
    }
    while (this.#nextPiece < this.#pieceCount) {
      const piece = this.#nextPiece++;
      if (!this.#isUnplaced(piece)) continue;
      return piece;
    }
    return undefined;
  }

  #isUnplaced(piece: number): boolean {
    return this.#holders.of(piece) === 0 && this.#underway.of(piece) === 0;
  }

  #settle(taker: Taker, offer: Offer): void {
    offer.isSettled = true;
    taker.offers.delete(offer.piece);
    this.#underway.lost(offer.piece);
  }

  #oldest(): Offer | undefined {
    while (this.#byAge.peek()?.isSettled) this.#byAge.shift();
    return this.#byAge.peek();
  }

  #learn(tookMs: number): void {
    const mean = this.#confirmMs ?? tookMs;
    this.#confirmMs = mean + NEWEST_SHARE * (tookMs - mean);
  }

  #lateAfterMs(): number {
    return Math.max(SCATTER_LATE_MIN_MS, SCATTER_LATE_FACTOR * (this.#confirmMs ?? 0));
  }
}
