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
  FALLBACK_AFTER_MS,
  MAX_DUPLICATE_SHARE,
  MAX_PIECES_IN_REQUEST,
  MIN_WINDOW_PIECES,
  WIDEN_AFTER_MS,
  WINDOW_PIECES,
} from '../limits/limits.ts';
import type { NestedLimiter } from '../limits/nested-limiter.ts';
import { Availability } from '../scheduling/availability.ts';
import { RequestBook, type Admission } from '../scheduling/request-book.ts';
import { WantedPieces } from '../scheduling/wanted-pieces.ts';
import type { SessionEffect } from './effects.ts';
import type { PeerId } from './events.ts';
import type { PeerState } from './peer-state.ts';
import { isSource, SAMPLE_PIECES, SourceChoice, type Source } from './source-choice.ts';
import type { SourcePlan } from './sources.ts';
import { StoringPieces } from './storing-pieces.ts';
import type { TaskGeometry } from './task-geometry.ts';

export interface DownloadsOptions {
  readonly geometry: TaskGeometry;
  /** Pieces that are neither stored nor under way; taken over. */
  readonly wanted: Bitfield;
  readonly prng: Prng;
  readonly limiter: NestedLimiter;
  readonly emit: (effect: SessionEffect) => void;
}

/** How much sooner a second source must be done to be asked for the same piece. */
const DUPLICATE_GAIN = 2;

export class Downloads {
  readonly #geometry: TaskGeometry;
  readonly #wanted: WantedPieces;
  readonly #limiter: NestedLimiter;
  readonly #emit: (effect: SessionEffect) => void;
  readonly #requests: RequestBook;
  readonly #storing: StoringPieces;
  readonly #sources = new Map<PeerId, Source>();
  /** Over the sources that are not the origin. */
  readonly #availability: Availability;
  readonly #choice: SourceChoice;
  #origin: Source | undefined;
  /** Sources to be kept beside the origin; one means a chain. */
  #degree = 1;
  #liveBytes = 0;
  #duplicateBytes = 0;
  #outsideBytes = 0;
  #hasFallenBack = false;
  /** Something would be asked for if the limit let it. */
  #isHeldBack = false;
  #idleSinceMs = 0;
  #widenedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: DownloadsOptions) {
    this.#geometry = options.geometry;
    this.#wanted = new WantedPieces(options.wanted);
    this.#limiter = options.limiter;
    this.#emit = options.emit;
    this.#requests = new RequestBook(options.geometry);
    this.#storing = new StoringPieces(this.#geometry);
    this.#availability = new Availability(options.geometry.pieceCount);
    this.#choice = new SourceChoice({
      geometry: options.geometry,
      prng: options.prng,
      sources: this.#sources,
      requests: this.#requests,
      wanted: this.#wanted,
      availability: this.#availability,
    });
  }

  /** Bytes that were asked of a second source and came, or may still come, twice. */
  get duplicateBytes(): number {
    return this.#duplicateBytes;
  }

  /** Bytes that came across the border of the rack. */
  get outsideBytes(): number {
    return this.#outsideBytes;
  }

  get wantsPieces(): boolean {
    return this.#wanted.count > 0;
  }

  get isStoring(): boolean {
    return !this.#storing.isEmpty;
  }

  setPlan({ degree, rack }: SourcePlan, nowMs: number): void {
    this.#degree = degree;
    this.#idleSinceMs = nowMs;
    this.#choice.setDegree(degree);
    this.#wanted.setRack(rack);
    for (const source of this.#sources.values()) this.#placeSource(source);
  }

  /** Notes on which side of the border a source stands, and what can be had inside. */
  #placeSource({ source, pieces }: Source): void {
    source.isOutside = this.#wanted.isOutside(source.address);
    if (!source.isOrigin && !source.isOutside) this.#wanted.insideGainedAll(pieces);
  }

  // Sources.

  /** The bitfield of a source is here. */
  sourceReady(peer: PeerState, nowMs: number): void {
    if (!isSource(peer)) return;
    this.#sources.set(peer.id, peer);
    this.#placeSource(peer);
    if (peer.source.isOrigin) this.#origin = peer;
    else this.#availability.gainedAll(peer.pieces);
    this.fill(nowMs);
  }

  /** A source has a further piece, already in its set. */
  sourceGained(peer: PeerState, piece: number): void {
    if (!this.#sources.has(peer.id) || peer === this.#origin) return;
    this.#availability.gained(piece);
    if (!peer.source?.isOutside) this.#wanted.insideGained(piece);
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
    else if (peer.pieces) this.#lost(peer, peer.pieces);
    this.fill(nowMs);
  }

  #lost(peer: PeerState, pieces: Bitfield): void {
    this.#availability.lostAll(pieces);
    if (!peer.source?.isOutside) this.#wanted.insideLostAll(pieces);
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
    this.#choice.learn(peer.source, request, nowMs);
    if (peer.source.isOutside) this.#outsideBytes += this.#geometry.pieceLength(request.piece);
    for (const other of this.#requests.askedOf(request.piece)) this.#cancel(other, request.piece);
    this.#storing.add(request.piece, peer.source.address);
    this.#emit({ type: 'storePiece', piece: request.piece, peer: peer.id });
    this.fill(nowMs);
  }

  /** @returns the address that a piece came from; undefined when it was not being stored */
  stored(piece: number, nowMs: number): string | undefined {
    this.#idleSinceMs = nowMs;
    const address = this.#storing.take(piece);
    this.fill(nowMs);
    return address;
  }

  /** The hash was wrong: the piece is wanted again. @returns the address that it came from */
  spoilt(piece: number): string | undefined {
    const address = this.#storing.take(piece);
    if (address !== undefined) this.#wanted.add(piece);
    return address;
  }

  /**
   * A source will not send a piece: it counts as not having it. @returns failures in a row, because a
   * source that rejects and announces again would otherwise be asked for ever
   */
  rejected(peer: PeerState, piece: number, nowMs: number): number {
    const before = this.#countedBytesOf(peer);
    if (!peer.source || !this.#requests.reject(peer.id, piece)) return 0;
    this.#liveBytes -= before - this.#countedBytesOf(peer);
    this.#emit({ type: 'discardPiece', piece, peer: peer.id });
    this.#wantAgain(piece);
    this.#countAsLacking(peer, piece);
    peer.source.failuresInRow += 1;
    this.fill(nowMs);
    return peer.source.failuresInRow;
  }

  // Asking.

  /** Asks for as much as is to be under way. */
  fill(nowMs: number): void {
    this.#isHeldBack = false;
    if (this.#degree === 1 && !this.#origin) return this.#fillInOrder(nowMs);
    this.#askOrigin(nowMs);
    while (this.#hasRoom(this.#liveBytes) && this.#wanted.count > 0) {
      const source = this.#choice.best(nowMs);
      if (!source) break;
      this.#hasFallenBack = false;
      if (!this.#ask(source, this.#choice.rarestOf(source), nowMs)) return;
    }
    if (this.#wanted.count === 0) this.#askTwice(nowMs);
  }

  /** What is asked for and what waits for the disk are held in memory alike. */
  #hasRoom(askedBytes: number): boolean {
    return askedBytes + this.#storing.bytes < this.#choice.windowBytes;
  }

  /** One source: the lowest missing piece first. */
  #fillInOrder(nowMs: number): void {
    for (const source of this.#sources.values()) {
      while (
        this.#requests.countOf(source.id) < MAX_PIECES_IN_REQUEST &&
        this.#hasRoom(this.#requests.bytesOf(source.id))
      ) {
        const piece = this.#wanted.all.firstCommon(source.pieces);
        if (piece === undefined) break;
        if (!this.#ask(source, piece, nowMs)) return;
      }
    }
  }

  /** What the origin shows and no other source has for certain; in need, whatever is missing. */
  #askOrigin(nowMs: number): void {
    const origin = this.#origin;
    if (!origin) return;
    for (const piece of this.#wanted.all.sampleCommon(origin.pieces, 0, SAMPLE_PIECES)) {
      if (this.#requests.countOf(origin.id) >= WINDOW_PIECES) return;
      if (!this.#choice.isGivenByOthers(piece) && !this.#ask(origin, piece, nowMs)) return;
    }
    if (!this.#hasFallenBack || this.#requests.countOf(origin.id) >= MIN_WINDOW_PIECES) return;
    for (let count = 0; count < MIN_WINDOW_PIECES; count++) {
      const piece = this.#lowestWanted();
      if (piece === undefined || this.#choice.best(nowMs)) return;
      if (!this.#ask(origin, piece, nowMs)) return;
      this.#emit({ type: 'fellBack', piece });
    }
  }

  /** At the end: a piece that a slow source still owes is asked of one that will be done sooner. */
  #askTwice(nowMs: number): void {
    for (const piece of this.#requests.pieces()) {
      const askedOf = this.#requests.askedOf(piece);
      const owing = askedOf.length === 1 ? this.#sources.get(askedOf[0] as PeerId) : undefined;
      if (!owing) continue;
      const length = this.#geometry.pieceLength(piece);
      const isAllowed =
        this.#duplicateBytes === 0 ||
        this.#duplicateBytes + length <= MAX_DUPLICATE_SHARE * this.#geometry.totalBytes;
      if (!isAllowed) return;
      const other = this.#choice.cheapest(
        nowMs,
        (source) => source !== owing && this.#mayGive(source, piece),
      );
      if (!other) continue;
      const gain = this.#choice.costMs(owing, 0, nowMs) / this.#choice.costMs(other, length, nowMs);
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

  // Deadlines.

  /** Since when a source owes its oldest piece without progress; undefined when it owes nothing. */
  waitingSinceMs(peer: PeerState): number | undefined {
    return this.#requests.waitingSinceMs(peer.id);
  }

  /** How long one of several sources may let its oldest piece wait, ms. */
  patienceMs(peer: PeerState): number {
    return this.#choice.patienceMs(peer);
  }

  /** A source missed its deadline: what it owes is asked of others. @returns failures in a row */
  deadlineMissed(peer: PeerState, nowMs: number): number {
    if (!isSource(peer)) return 0;
    this.#choice.punish(peer.source);
    for (const piece of this.#requests.piecesOf(peer.id)) {
      const isElsewhere = this.#requests.askedOf(piece).length > 1;
      if (!isElsewhere && !this.#someoneElseHas(peer, piece)) continue;
      this.#cancel(peer.id, piece);
      this.#countAsLacking(peer, piece);
      if (!isElsewhere) this.#wanted.add(piece);
    }
    peer.source.failuresInRow += 1;
    this.#requests.renew(peer.id, nowMs);
    this.fill(nowMs);
    return peer.source.failuresInRow;
  }

  /** When more may be asked for, or of the origin; Infinity when only events can tell. */
  nextDueAtMs(): number {
    const limitedUntilMs = this.#isHeldBack ? (this.#limiter.nextAtMs ?? Infinity) : Infinity;
    return Math.min(limitedUntilMs, this.#widenAtMs(), this.#fallbackAtMs());
  }

  wake(nowMs: number): void {
    const isToWiden = this.#widenAtMs() <= nowMs;
    if (isToWiden) {
      this.#wanted.widen();
      this.#widenedAtMs = nowMs;
    }
    if (this.#fallbackAtMs() <= nowMs) this.#hasFallenBack = true;
    if (this.#isHeldBack || this.#hasFallenBack || isToWiden) this.fill(nowMs);
  }

  /** Nothing is under way although pieces are missing. */
  get isStuck(): boolean {
    return this.#wanted.count > 0 && this.#requests.isEmpty && this.#storing.isEmpty;
  }

  #widenAtMs(): number {
    if (!this.#wanted.canWiden || !this.isStuck) return Infinity;
    return Math.max(this.#idleSinceMs, this.#widenedAtMs) + WIDEN_AFTER_MS;
  }

  #fallbackAtMs(): number {
    if (!this.#origin || this.#hasFallenBack || !this.isStuck) return Infinity;
    return this.#idleSinceMs + FALLBACK_AFTER_MS;
  }

  /** It will not be asked for this piece again. */
  #countAsLacking(peer: PeerState, piece: number): void {
    if (!peer.pieces?.has(piece)) return;
    peer.pieces.delete(piece);
    if (peer === this.#origin) return;
    this.#availability.lost(piece);
    if (!peer.source?.isOutside) this.#wanted.insideLost(piece);
  }

  #someoneElseHas(peer: PeerState, piece: number): boolean {
    if (this.#availability.of(piece) === 0) return false;
    for (const source of this.#sources.values()) {
      if (source !== peer && source !== this.#origin && this.#mayGive(source, piece)) return true;
    }
    return false;
  }

  #mayGive({ source, pieces }: Source, piece: number): boolean {
    return pieces.has(piece) && (!source.isOutside || this.#wanted.mayCross(piece));
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
    return this.#wanted.all.firstCommon(this.#wanted.all);
  }

  #countedBytesOf(peer: PeerState): number {
    return peer === this.#origin ? 0 : this.#requests.bytesOf(peer.id);
  }
}
