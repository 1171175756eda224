/**
 * Of whom the next piece is asked, and which: the source that would be done with it first, and of what it
 * has the rarest of a random sample. What a source owes and how fast it has been decide when it would be
 * done. (research: rate-aware pull; docs/adr/0008.)
 */
import type { Bitfield } from '../codec/bitfield.ts';
import type { Prng } from '../kernel/prng.ts';
import {
  DEADLINE_FACTOR,
  MAX_WINDOW_BYTES,
  MIN_DEADLINE_MS,
  MIN_PIECES_PER_SOURCE,
  MIN_WINDOW_PIECES,
  REQUEST_TIMEOUT_MS,
  WINDOW_PIECES,
} from '../limits/limits.ts';
import type { Availability } from '../scheduling/availability.ts';
import type { PieceRequest, RequestBook } from '../scheduling/request-book.ts';
import { SourceRates } from '../scheduling/source-rates.ts';
import type { WantedPieces } from '../scheduling/wanted-pieces.ts';
import type { PeerId } from './events.ts';
import type { PeerState, SourceState } from './peer-state.ts';
import type { TaskGeometry } from './task-geometry.ts';

/** A peer that is asked for pieces: dialled by us, and its bitfield is here. */
export type Source = PeerState & { readonly source: SourceState; readonly pieces: Bitfield };

export function isSource(peer: PeerState): peer is Source {
  return peer.source !== undefined && peer.pieces !== undefined;
}

/** Pieces that rarest-first looks at: enough to be nearly exact, few enough to cost nothing. */
export const SAMPLE_PIECES = 24;

export interface SourceChoiceOptions {
  readonly geometry: TaskGeometry;
  readonly prng: Prng;
  readonly sources: ReadonlyMap<PeerId, Source>;
  readonly requests: RequestBook;
  readonly wanted: WantedPieces;
  /** Over the sources that are not the origin. */
  readonly availability: Availability;
}

export class SourceChoice {
  readonly #options: SourceChoiceOptions;
  readonly #rates = new SourceRates();
  /** What may be under way from all sources but the origin. */
  readonly windowBytes: number;
  #piecesPerSource = 0;

  constructor(options: SourceChoiceOptions) {
    this.#options = options;
    this.windowBytes = windowBytesOf(options.geometry.pieceBytes);
    this.setDegree(1);
  }

  /** @param degree sources that are kept beside the origin, 0 when the origin is alone */
  setDegree(degree: number): void {
    const { pieceBytes } = this.#options.geometry;
    const sharePieces = Math.ceil(this.windowBytes / pieceBytes / Math.max(1, degree));
    this.#piecesPerSource = Math.max(MIN_PIECES_PER_SOURCE, sharePieces);
  }

  /** The source that would deliver one more wanted piece first; undefined when none has any. */
  best(nowMs: number): Source | undefined {
    const { wanted } = this.#options;
    return this.cheapest(nowMs, ({ source, pieces }) => wanted.of(source).hasCommon(pieces));
  }

  /** The source that would be done first with one more piece, of those that have room and are fit. */
  cheapest(nowMs: number, isFit: (source: Source) => boolean): Source | undefined {
    const { sources, geometry } = this.#options;
    let best: Source | undefined;
    let bestMs = Infinity;
    for (const source of sources.values()) {
      if (source.source.isOrigin) continue;
      if (!this.#hasRoom(source)) continue;
      const costMs = this.costMs(source, geometry.pieceBytes, nowMs);
      if (costMs < bestMs && isFit(source)) {
        best = source;
        bestMs = costMs;
      }
    }
    return best;
  }

  /**
   * Whether an agent has a piece for certain and could be asked for it. One that has given nothing yet,
   * or owes as much as it may, does not count: a single one that claims everything and gives nothing, or
   * next to nothing, would keep us from what the origin shows.
   */
  isGivenByOthers(piece: number): boolean {
    const { availability, sources } = this.#options;
    if (availability.of(piece) === 0) return false;
    for (const source of sources.values()) {
      if (source.source.isOrigin || !source.source.hasDelivered) continue;
      if (this.#hasRoom(source) && source.pieces.has(piece)) return true;
    }
    return false;
  }

  #hasRoom({ id }: Source): boolean {
    return this.#options.requests.countOf(id) < this.#piecesPerSource;
  }

  /** When a source would be done with what it owes and `moreBytes` on top, ms from now. */
  costMs(source: Source, moreBytes: number, nowMs: number): number {
    const bytes = this.#options.requests.bytesOf(source.id) + moreBytes;
    return bytes / this.#rates.believed(source.source, nowMs);
  }

  /** @param source has a wanted piece */
  rarestOf({ source, pieces }: Source): number {
    const { prng, geometry, wanted, availability } = this.#options;
    const start = Math.floor(prng.next() * geometry.pieceCount);
    const sample = wanted.of(source).sampleCommon(pieces, start, SAMPLE_PIECES);
    return sample.reduce((rarest, piece) =>
      availability.of(piece) < availability.of(rarest) ? piece : rarest,
    );
  }

  /** How long one of several sources may let its oldest piece wait, ms; as long as an only one at most. */
  patienceMs(peer: PeerState): number {
    if (!isSource(peer)) return MIN_DEADLINE_MS;
    const expectedMs = this.#options.requests.bytesOf(peer.id) / this.#rates.known(peer.source);
    return Math.min(REQUEST_TIMEOUT_MS, Math.max(MIN_DEADLINE_MS, DEADLINE_FACTOR * expectedMs));
  }

  /** A source has completed a piece. */
  learn(source: SourceState, request: PieceRequest, nowMs: number): void {
    const length = this.#options.geometry.pieceLength(request.piece);
    source.rate.add(length, nowMs - Math.max(request.openedAtMs, source.busySinceMs));
    source.busySinceMs = nowMs;
    source.failuresInRow = 0;
    source.hasDelivered = true;
    if (!source.isOrigin) this.#rates.update(this.#options.sources.values());
  }

  /** A source missed its deadline. */
  punish(source: SourceState): void {
    this.#rates.punish(source);
  }
}

function windowBytesOf(pieceBytes: number): number {
  const mostBytes = Math.max(MAX_WINDOW_BYTES, MIN_WINDOW_PIECES * pieceBytes);
  return Math.min(mostBytes, WINDOW_PIECES * pieceBytes);
}
