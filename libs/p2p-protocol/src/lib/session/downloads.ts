/**
 * The pieces that come in: which is asked of whom, when a source has had its time, and what becomes of
 * a piece that is complete. Invariant: each missing piece is in exactly one of wanted, requested (of
 * one source, at the end of a task of two) or being stored.
 *
 * A single source is asked for the lowest missing pieces, so that a chain streams in order. Several
 * are asked by expected time, (queued + piece) / rate, and each for the rarest of a sample of what it
 * has. The origin shows each piece to one agent: what it shows and nobody else has is asked for at
 * once; anything else only when no agent has given anything for a while (research: §7).
 */
import type { Bitfield } from '../codec/bitfield.ts';
import type { BlockRef } from '../codec/messages.ts';
import type { Prng } from '../kernel/prng.ts';
import {
  DEADLINE_FACTOR,
  FALLBACK_AFTER_MS,
  MAX_DUPLICATE_SHARE,
  MAX_PIECES_IN_REQUEST,
  MAX_WINDOW_BYTES,
  MIN_DEADLINE_MS,
  MIN_PIECES_PER_SOURCE,
  MIN_WINDOW_PIECES,
  WINDOW_PIECES,
} from '../limits/limits.ts';
import type { NestedLimiter } from '../limits/nested-limiter.ts';
import { Availability } from '../scheduling/availability.ts';
import { RequestBook, type Admission, type PieceRequest } from '../scheduling/request-book.ts';
import { SourceRates } from '../scheduling/source-rates.ts';
import type { SessionEffect } from './effects.ts';
import type { PeerId } from './events.ts';
import type { PeerState, SourceState } from './peer-state.ts';
import type { TaskGeometry } from './task-geometry.ts';

/** A peer that is asked for pieces: dialled by us, and its bitfield is here. */
type Source = PeerState & { readonly source: SourceState; readonly pieces: Bitfield };

export interface DownloadsOptions {
  readonly geometry: TaskGeometry;
  /** Pieces that are neither stored nor under way; taken over. */
  readonly wanted: Bitfield;
  readonly prng: Prng;
  readonly limiter: NestedLimiter;
  readonly emit: (effect: SessionEffect) => void;
}

/** Pieces that rarest-first looks at: enough to be nearly exact, few enough to cost nothing. */
const SAMPLE_PIECES = 24;
/** How much sooner a second source must be done to be asked for the same piece. */
const DUPLICATE_GAIN = 2;

export class Downloads {
  readonly #geometry: TaskGeometry;
  readonly #wanted: Bitfield;
  readonly #prng: Prng;
  readonly #limiter: NestedLimiter;
  readonly #emit: (effect: SessionEffect) => void;
  readonly #requests: RequestBook;
  /** Complete pieces on their way to the disk, with the address that sent them. */
  readonly #storing = new Map<number, string>();
  readonly #sources = new Map<PeerId, Source>();
  /** Over the sources that are not the origin. */
  readonly #availability: Availability;
  /** What may be under way from all sources but the origin. */
  readonly #windowBytes: number;
  readonly #rates = new SourceRates();
  #origin: Source | undefined;
  /** Sources to be kept beside the origin; one means a chain. */
  #degree = 1;
  #liveBytes = 0;
  #duplicateBytes = 0;
  #hasFallenBack = false;
  /** Something would be asked for if the limit let it. */
  #isHeldBack = false;
  #idleSinceMs = 0;

  constructor(options: DownloadsOptions) {
    this.#geometry = options.geometry;
    this.#wanted = options.wanted;
    this.#prng = options.prng;
    this.#limiter = options.limiter;
    this.#emit = options.emit;
    this.#requests = new RequestBook(options.geometry);
    this.#availability = new Availability(options.geometry.pieceCount);
    this.#windowBytes = windowBytesOf(options.geometry.pieceBytes);
  }

  /** Bytes that were asked of a second source and came, or may still come, twice. */
  get duplicateBytes(): number {
    return this.#duplicateBytes;
  }

  get wantsPieces(): boolean {
    return this.#wanted.count > 0;
  }

  get isStoring(): boolean {
    return this.#storing.size > 0;
  }

  setDegree(degree: number, nowMs: number): void {
    this.#degree = degree;
    this.#idleSinceMs = nowMs;
  }

  // Sources.

  /** The bitfield of a source is here. */
  sourceReady(peer: PeerState, nowMs: number): void {
    if (!isSource(peer)) return;
    this.#sources.set(peer.id, peer);
    if (peer.source.isOrigin) this.#origin = peer;
    else this.#availability.gainedAll(peer.pieces);
    this.fill(nowMs);
  }

  /** A source has a further piece, already in its set. */
  sourceGained(peer: PeerState, piece: number): void {
    if (this.#sources.has(peer.id) && peer !== this.#origin) this.#availability.gained(piece);
  }

  /** Takes back what was asked of a source that is gone. */
  sourceLost(peer: PeerState, nowMs: number): void {
    this.#liveBytes -= this.#countedBytesOf(peer);
    for (const piece of this.#requests.releasePeer(peer.id)) {
      this.#emit({ type: 'discardPiece', piece, peer: peer.id });
      this.#wantAgain(piece);
    }
    if (!this.#sources.delete(peer.id)) return;
    if (peer === this.#origin) this.#origin = undefined;
    else if (peer.pieces) this.#availability.lostAll(peer.pieces);
    this.fill(nowMs);
  }

  // Blocks and pieces.

  arriving(peer: PeerState, block: BlockRef): Admission {
    return this.#requests.admit(peer.id, block);
  }

  received(peer: PeerState, block: BlockRef, nowMs: number): void {
    peer.usefulAtMs = nowMs;
    if (peer !== this.#origin) this.#liveBytes -= block.length;
    const request = this.#requests.receive(peer.id, block, nowMs);
    if (!request || !peer.source) return;
    this.#learn(peer.source, request, nowMs);
    for (const other of this.#requests.askedOf(request.piece)) this.#cancel(other, request.piece);
    this.#storing.set(request.piece, peer.source.address);
    this.#emit({ type: 'storePiece', piece: request.piece, peer: peer.id });
    this.fill(nowMs);
  }

  /** @returns the address that a piece came from; undefined when it was not being stored */
  stored(piece: number, nowMs: number): string | undefined {
    const address = this.#storing.get(piece);
    this.#storing.delete(piece);
    this.#idleSinceMs = nowMs;
    return address;
  }

  /** The hash was wrong: the piece is wanted again. @returns the address that it came from */
  spoilt(piece: number): string | undefined {
    const address = this.#storing.get(piece);
    if (address === undefined) return undefined;
    this.#storing.delete(piece);
    this.#wanted.add(piece);
    return address;
  }

  /** A source will not send a piece: it counts as not having it. */
  rejected(peer: PeerState, piece: number, nowMs: number): void {
    const before = this.#countedBytesOf(peer);
    if (!this.#requests.reject(peer.id, piece)) return;
    this.#liveBytes -= before - this.#countedBytesOf(peer);
    this.#emit({ type: 'discardPiece', piece, peer: peer.id });
    this.#wantAgain(piece);
    this.#countAsLacking(peer, piece);
    this.fill(nowMs);
  }

  // Asking.

  /** Asks for as much as is to be under way. */
  fill(nowMs: number): void {
    this.#isHeldBack = false;
    if (this.#degree === 1 && !this.#origin) return this.#fillInOrder(nowMs);
    this.#askOrigin(nowMs);
    while (this.#liveBytes < this.#windowBytes && this.#wanted.count > 0) {
      const source = this.#bestSource(this.#wanted, nowMs);
      if (!source) break;
      this.#hasFallenBack = false;
      if (!this.#ask(source, this.#rarestOf(source), nowMs)) return;
    }
    if (this.#wanted.count === 0) this.#askTwice(nowMs);
  }

  /** One source: the lowest missing piece first. */
  #fillInOrder(nowMs: number): void {
    for (const source of this.#sources.values()) {
      while (this.#requests.countOf(source.id) < MAX_PIECES_IN_REQUEST) {
        const piece = this.#wanted.firstCommon(source.pieces);
        if (piece === undefined) break;
        if (!this.#ask(source, piece, nowMs)) return;
      }
    }
  }

  /** What the origin shows and no other source has; in need, whatever is missing. */
  #askOrigin(nowMs: number): void {
    const origin = this.#origin;
    if (!origin) return;
    for (const piece of this.#wanted.sampleCommon(origin.pieces, 0, SAMPLE_PIECES)) {
      if (this.#requests.countOf(origin.id) >= WINDOW_PIECES) return;
      if (this.#availability.of(piece) === 0 && !this.#ask(origin, piece, nowMs)) return;
    }
    if (!this.#hasFallenBack || this.#requests.countOf(origin.id) >= MIN_WINDOW_PIECES) return;
    for (let count = 0; count < MIN_WINDOW_PIECES; count++) {
      const piece = this.#lowestWanted();
      if (piece === undefined || this.#bestSource(this.#wanted, nowMs)) return;
      if (!this.#ask(origin, piece, nowMs)) return;
      this.#emit({ type: 'fellBack', piece });
    }
  }

  /** At the end: a piece that a slow source still owes is asked of one that will be done sooner. */
  #askTwice(nowMs: number): void {
    for (const piece of this.#requests.pieces()) {
      const askedOf = this.#requests.askedOf(piece);
      const owing = askedOf.length === 1 ? this.#sources.get(askedOf[0]!) : undefined;
      if (!owing) continue;
      const length = this.#geometry.pieceLength(piece);
      const isAllowed =
        this.#duplicateBytes === 0 ||
        this.#duplicateBytes + length <= MAX_DUPLICATE_SHARE * this.#geometry.totalBytes;
      if (!isAllowed) return;
      const other = this.#cheapest(nowMs, (source) => source !== owing && source.pieces.has(piece));
      if (!other) continue;
      const gain = this.#costMs(owing, 0, nowMs) / this.#costMs(other, length, nowMs);
      if (gain < DUPLICATE_GAIN) continue;
      if (!this.#ask(other, piece, nowMs)) return;
      this.#duplicateBytes += length;
    }
  }

  /** @returns false when the limit holds it back */
  #ask(source: Source, piece: number, nowMs: number): boolean {
    const pieceBytes = this.#geometry.pieceLength(piece);
    this.#isHeldBack = !this.#limiter.mayGo(pieceBytes, nowMs);
    if (this.#isHeldBack) return false;
    this.#limiter.spend(pieceBytes, nowMs);
    this.#wanted.delete(piece);
    if (this.#requests.countOf(source.id) === 0) source.source.busySinceMs = nowMs;
    if (source !== this.#origin) this.#liveBytes += pieceBytes;
    for (const block of this.#requests.open(piece, source.id, nowMs)) {
      const { begin, length } = block;
      const message = { type: 'request', piece, begin, length } as const;
      this.#emit({ type: 'send', peer: source.id, message });
    }
    return true;
  }

  /** The source that would deliver one more piece of these first; undefined when none has any. */
  #bestSource(pieces: Bitfield, nowMs: number): Source | undefined {
    return this.#cheapest(nowMs, (source) => pieces.hasCommon(source.pieces));
  }

  #cheapest(nowMs: number, isFit: (source: Source) => boolean): Source | undefined {
    const sharePieces = Math.ceil(this.#windowBytes / this.#geometry.pieceBytes / this.#degree);
    const piecesPerSource = Math.max(MIN_PIECES_PER_SOURCE, sharePieces);
    let best: Source | undefined;
    let bestMs = Infinity;
    for (const source of this.#sources.values()) {
      if (source === this.#origin) continue;
      if (this.#requests.countOf(source.id) >= piecesPerSource) continue;
      const costMs = this.#costMs(source, this.#geometry.pieceBytes, nowMs);
      if (costMs < bestMs && isFit(source)) {
        best = source;
        bestMs = costMs;
      }
    }
    return best;
  }

  /** When a source would be done with what it owes and `moreBytes` on top, ms from now. */
  #costMs(source: Source, moreBytes: number, nowMs: number): number {
    const bytes = this.#requests.bytesOf(source.id) + moreBytes;
    return bytes / this.#rates.believed(source.source, nowMs);
  }

  #rarestOf(source: Source): number {
    const start = Math.floor(this.#prng.next() * this.#geometry.pieceCount);
    const sample = this.#wanted.sampleCommon(source.pieces, start, SAMPLE_PIECES);
    return sample.reduce((rarest, piece) =>
      this.#availability.of(piece) < this.#availability.of(rarest) ? piece : rarest,
    );
  }

  #learn(source: SourceState, request: PieceRequest, nowMs: number): void {
    const length = this.#geometry.pieceLength(request.piece);
    source.rate.add(length, nowMs - Math.max(request.openedAtMs, source.busySinceMs));
    source.busySinceMs = nowMs;
    source.missedDeadlinesInRow = 0;
    if (source.isOrigin) return;
    this.#rates.update(this.#sources.values());
  }

  // Deadlines.

  /** Since when a source owes its oldest piece without progress; undefined when it owes nothing. */
  waitingSinceMs(peer: PeerState): number | undefined {
    return this.#requests.waitingSinceMs(peer.id);
  }

  /** How long one of several sources may let its oldest piece wait, ms. */
  patienceMs(peer: PeerState): number {
    if (!isSource(peer)) return MIN_DEADLINE_MS;
    const expectedMs = this.#requests.bytesOf(peer.id) / this.#rates.known(peer.source);
    return Math.max(MIN_DEADLINE_MS, DEADLINE_FACTOR * expectedMs);
  }

  /** A source missed its deadline: what it owes is asked of others. @returns deadlines missed in a row */
  deadlineMissed(peer: PeerState, nowMs: number): number {
    if (!isSource(peer)) return 0;
    this.#rates.punish(peer.source);
    for (const piece of this.#requests.piecesOf(peer.id)) {
      const isElsewhere = this.#requests.askedOf(piece).length > 1;
      if (!isElsewhere && !this.#someoneElseHas(peer, piece)) continue;
      this.#cancel(peer.id, piece);
      this.#countAsLacking(peer, piece);
      if (!isElsewhere) this.#wanted.add(piece);
    }
    peer.source.missedDeadlinesInRow += 1;
    this.#requests.renew(peer.id, nowMs);
    this.fill(nowMs);
    return peer.source.missedDeadlinesInRow;
  }

  /** When more may be asked for, or of the origin; Infinity when only events can tell. */
  nextDueAtMs(): number {
    const limitedUntilMs = this.#isHeldBack ? (this.#limiter.nextAtMs ?? Infinity) : Infinity;
    return Math.min(limitedUntilMs, this.#fallbackAtMs());
  }

  wake(nowMs: number): void {
    if (this.#fallbackAtMs() <= nowMs) this.#hasFallenBack = true;
    if (this.#isHeldBack || this.#hasFallenBack) this.fill(nowMs);
  }

  #fallbackAtMs(): number {
    const isStuck = this.#wanted.count > 0 && this.#requests.isEmpty && this.#storing.size === 0;
    if (!this.#origin || this.#hasFallenBack || !isStuck) return Infinity;
    return this.#idleSinceMs + FALLBACK_AFTER_MS;
  }

  /** It will not be asked for this piece again. */
  #countAsLacking(peer: PeerState, piece: number): void {
    if (!peer.pieces?.has(piece)) return;
    peer.pieces.delete(piece);
    if (peer !== this.#origin) this.#availability.lost(piece);
  }

  #someoneElseHas(peer: PeerState, piece: number): boolean {
    const own = peer !== this.#origin && peer.pieces?.has(piece) ? 1 : 0;
    return this.#availability.of(piece) > own;
  }

  #cancel(peer: PeerId, piece: number): void {
    const state = this.#sources.get(peer);
    const before = state ? this.#countedBytesOf(state) : 0;
    if (!this.#requests.cancel(peer, piece)) return;
    if (state) this.#liveBytes -= before - this.#countedBytesOf(state);
    this.#emit({ type: 'discardPiece', piece, peer });
    this.#emit({ type: 'send', peer, message: { type: 'cancel', piece } });
  }

  #wantAgain(piece: number): void {
    if (this.#requests.askedOf(piece).length === 0) this.#wanted.add(piece);
  }

  #lowestWanted(): number | undefined {
    return this.#wanted.firstCommon(this.#wanted);
  }

  #countedBytesOf(peer: PeerState): number {
    return peer === this.#origin ? 0 : this.#requests.bytesOf(peer.id);
  }
}

function isSource(peer: PeerState): peer is Source {
  return peer.source !== undefined && peer.pieces !== undefined;
}

function windowBytesOf(pieceBytes: number): number {
  const mostBytes = Math.max(MAX_WINDOW_BYTES, MIN_WINDOW_PIECES * pieceBytes);
  return Math.min(mostBytes, WINDOW_PIECES * pieceBytes);
}
