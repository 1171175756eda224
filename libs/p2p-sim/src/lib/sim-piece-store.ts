/**
 * The disk of one simulated host. It outlives the processes that use it: what was written stays,
 * what was on its way when the process died is lost. It knows the truth about each piece, so that
 * checkers need not believe the session.
 */
import type { Bitfield, TaskGeometry } from '@gofd/p2p-protocol';
import type { VirtualClock } from './virtual-clock.ts';

export type WriteOutcome = 'stored' | 'rejected' | 'failed';

/** What a process has received of a piece. */
export interface ReceivedPiece {
  readonly bytes: number;
  readonly isSpoilt: boolean;
}

export class SimPieceStore {
  readonly #clock: VirtualClock;
  readonly #geometry: TaskGeometry;
  readonly #stored: Bitfield;
  #writeMs: number;
  #isFull = false;

  constructor(clock: VirtualClock, geometry: TaskGeometry, stored: Bitfield, writeMs: number) {
    this.#clock = clock;
    this.#geometry = geometry;
    this.#stored = stored.copy();
    this.#writeMs = writeMs;
  }

  /** Verified and written, for certain. */
  has(piece: number): boolean {
    return this.#stored.has(piece);
  }

  /** What a process that starts now finds. */
  find(): Bitfield {
    return this.#stored.copy();
  }

  /** From now on each write takes this long. */
  setWriteLatency(writeMs: number): void {
    this.#writeMs = writeMs;
  }

  /** From now on every write fails. */
  fill(): void {
    this.#isFull = true;
  }

  /** From now on writes succeed again. */
  heal(writeMs: number): void {
    this.#isFull = false;
    this.#writeMs = writeMs;
  }

  /** `isWanted` is asked when the write ends: a dead process has written nothing. */
  write(
    piece: number,
    received: ReceivedPiece,
    isWanted: () => boolean,
    done: (outcome: WriteOutcome) => void,
  ): void {
    this.#clock.after(this.#writeMs, () => {
      if (isWanted()) done(this.#finish(piece, received));
    });
  }

  #finish(piece: number, { bytes, isSpoilt }: ReceivedPiece): WriteOutcome {
    if (this.#isFull) return 'failed';
    if (isSpoilt || bytes !== this.#geometry.pieceLength(piece)) return 'rejected';
    this.#stored.add(piece);
    return 'stored';
  }
}
