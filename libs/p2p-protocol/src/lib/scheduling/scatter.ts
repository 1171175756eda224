/**
 * Which piece the server shows to which agent, so that it sends each piece once: the next piece that
 * nobody has goes to the agent that has just confirmed one, a few at a time, so fast
 * agents take more of them than slow ones. A piece counts as placed when an agent has said HAVE. It is
 * shown again when every agent that had it is gone, and to a second agent when the first is late.
 *
 * What the server knows of an agent is its bitfield at the start and the HAVEs for pieces that were
 * shown to it: enough to know that a piece is not lost, at one HAVE for each piece and not for each
 * piece and agent. (research: scatter once, pull rate-aware; docs/adr/0008.)
 *
 * An agent may claim what it has not. So a piece that one agent alone says it has, and that we did not
 * send it, is doubtful: once every other piece was shown, it is shown to another agent.
 */
import type { Bitfield } from '../codec/bitfield.ts';
import { Fifo } from '../kernel/fifo.ts';
import {
  MIN_SCATTER_PIECES,
  SCATTER_LATE_FACTOR,
  SCATTER_LATE_MIN_MS,
  SCATTER_WINDOW_BYTES,
  SCATTER_WINDOW_PIECES,
  WINDOW_PIECES,
} from '../limits/limits.ts';
import type { PeerId } from '../session/events.ts';
import type { TaskGeometry } from '../session/task-geometry.ts';
import { Availability } from './availability.ts';

/** One first copy on its way. */
interface Offer {
  readonly peer: PeerId;
  readonly piece: number;
  readonly shownAtMs: number;
  /** Of the piece, not sent by us to this agent since it was shown. */
  unsentBytes: number;
  isSettled: boolean;
  /** Given up, though it may still come: it takes no place any more. */
  isLate: boolean;
}

interface Taker {
  readonly id: PeerId;
  /** What it has for certain; shared with the session, which adds to it. */
  readonly pieces: Bitfield;
  readonly offers: Map<number, Offer>;
  /** Pieces that it said it has after we had sent them. */
  readonly given: Set<number>;
  /** Stands among the turns. */
  isQueued: boolean;
  isGone: boolean;
}

export interface Show {
  readonly peer: PeerId;
  readonly piece: number;
}

/** Weight of the newest confirmation in the mean. */
const NEWEST_SHARE = 0.1;

export class Scatter {
  readonly #geometry: TaskGeometry;
  /** How many agents say that they have each piece. */
  readonly #holders: Availability;
  /** How many of them have it for certain. */
  readonly #given: Availability;
  /** How many agents each piece is on its way to. */
  readonly #underway: Availability;
  readonly #takers = new Map<PeerId, Taker>();
  /** Pieces to show again, before those that were never shown; each of them once. */
  readonly #again = new Fifo<number>();
  readonly #isInAgain = new Set<number>();
  /** Offers in the order of showing, for their lateness. */
  readonly #byAge = new Fifo<Offer>();
  /** Agents that may be shown more, those first that had no turn for longest. */
  readonly #turns = new Fifo<Taker>();
  /** First copies that may be on their way to all agents together. */
  readonly #mostUnderway: number;
  #underwayCount = 0;
  #nextPiece = 0;
  /** Nothing is left that nobody says it has: doubtful pieces have their turn. */
  #isDoubting = false;
  #confirmMs: number | undefined;

  constructor(geometry: TaskGeometry) {
    this.#geometry = geometry;
    this.#holders = new Availability(geometry.pieceCount);
    this.#given = new Availability(geometry.pieceCount);
    this.#underway = new Availability(geometry.pieceCount);
    this.#mostUnderway = Math.max(
      SCATTER_WINDOW_PIECES,
      Math.ceil(SCATTER_WINDOW_BYTES / geometry.pieceBytes),
    );
  }

  /** An agent is here, with what it has already. @returns what to show it */
  joined(id: PeerId, pieces: Bitfield, nowMs: number): Show[] {
    const taker: Taker = {
      id,
      pieces,
      offers: new Map(),
      given: new Set(),
      isQueued: false,
      isGone: false,
    };
    this.#takers.set(id, taker);
    this.#holders.gainedAll(pieces);
    this.#queue(taker);
    return this.#fill(nowMs);
  }

  /** A part of a piece was sent to an agent. */
  sent(id: PeerId, piece: number, byteCount: number): void {
    const offer = this.#takers.get(id)?.offers.get(piece);
    if (offer) offer.unsentBytes -= byteCount;
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
      if (offer.unsentBytes <= 0) {
        taker.given.add(piece);
        this.#given.gained(piece);
      }
    }
    if (this.#isToShow(piece)) this.#showAgain(piece);
    this.#queue(taker);
    return this.#fill(nowMs);
  }

  /** The agent is gone, and so are its copies. @returns what to show to others instead */
  left(id: PeerId, nowMs: number): Show[] {
    const taker = this.#takers.get(id);
    if (!taker) return [];
    this.#takers.delete(id);
    taker.isGone = true;
    this.#holders.lostAll(taker.pieces);
    for (const piece of taker.given) this.#given.lost(piece);
    for (const offer of taker.offers.values()) this.#settle(taker, offer);
    if (this.#takers.size === 0) return [];
    this.#reviewShown();
    return this.#fill(nowMs);
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
      offer.isLate = true;
      this.#underwayCount -= 1;
      this.#showAgain(offer.piece);
      isAnyLate = true;
    }
    return isAnyLate ? this.#fill(nowMs) : [];
  }

  #queue(taker: Taker): void {
    if (taker.isQueued) return;
    taker.isQueued = true;
    this.#turns.push(taker);
  }

  /** Lets agents take turns, a piece each, as long as more may be on the way. */
  #fill(nowMs: number): Show[] {
    const shows: Show[] = [];
    const unfit: Taker[] = [];
    const share = Math.max(MIN_SCATTER_PIECES, Math.ceil(WINDOW_PIECES / this.#takers.size));
    while (this.#underwayCount < this.#mostUnderway) {
      const taker = this.#turns.shift();
      if (!taker) break;
      taker.isQueued = false;
      if (taker.isGone || taker.offers.size >= share) continue;
      const piece = this.#takePiece(taker);
      if (piece === undefined) {
        unfit.push(taker);
        continue;
      }
      this.#offer(taker, piece, nowMs);
      shows.push({ peer: taker.id, piece });
      this.#queue(taker);
    }
    for (const taker of unfit) this.#queue(taker);
    return shows;
  }

  #offer(taker: Taker, piece: number, nowMs: number): void {
    const unsentBytes = this.#geometry.pieceLength(piece);
    const offer = {
      peer: taker.id,
      piece,
      shownAtMs: nowMs,
      unsentBytes,
      isSettled: false,
      isLate: false,
    };
    taker.offers.set(piece, offer);
    this.#underway.gained(piece);
    this.#underwayCount += 1;
    this.#byAge.push(offer);
  }

  /** The next piece that this agent should be shown; pieces it has or was shown are not for it. */
  #takePiece(taker: Taker): number | undefined {
    const piece = this.#takeAgain(taker) ?? this.#takeNew();
    if (piece !== undefined || this.#isDoubting) return piece;
    this.#isDoubting = true;
    this.#reviewShown();
    return this.#takeAgain(taker);
  }

  #takeAgain(taker: Taker): number | undefined {
    for (let left = this.#again.length; left > 0; left--) {
      const piece = this.#again.shift();
      if (piece === undefined) break;
      const isForIt = !taker.pieces.has(piece) && !taker.offers.has(piece);
      if (!this.#isMissing(piece) || isForIt) this.#isInAgain.delete(piece);
      if (!this.#isMissing(piece)) continue;
      if (isForIt) return piece;
      this.#again.push(piece);
    }
    return undefined;
  }

  #takeNew(): number | undefined {
    while (this.#nextPiece < this.#geometry.pieceCount) {
      const piece = this.#nextPiece++;
      if (this.#isToShow(piece)) return piece;
    }
    return undefined;
  }

  #reviewShown(): void {
    for (let piece = 0; piece < this.#nextPiece; piece++) {
      if (this.#isToShow(piece)) this.#showAgain(piece);
    }
  }

  #showAgain(piece: number): void {
    if (this.#isInAgain.has(piece)) return;
    this.#isInAgain.add(piece);
    this.#again.push(piece);
  }

  #isToShow(piece: number): boolean {
    return this.#isMissing(piece) && this.#underway.of(piece) === 0;
  }

  #isMissing(piece: number): boolean {
    const holders = this.#holders.of(piece);
    return holders === 0 || (this.#isDoubting && holders === 1 && this.#given.of(piece) === 0);
  }

  #settle(taker: Taker, offer: Offer): void {
    offer.isSettled = true;
    taker.offers.delete(offer.piece);
    this.#underway.lost(offer.piece);
    if (!offer.isLate) this.#underwayCount -= 1;
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
