/** How many of the connected sources have each piece: what rarest-first goes by. */
import type { Bitfield } from '../codec/bitfield.ts';

export class Availability {
  readonly #holders: Uint16Array;

  constructor(pieceCount: number) {
    this.#holders = new Uint16Array(pieceCount);
  }

  of(piece: number): number {
    return this.#holders[piece] as number;
  }

  gained(piece: number): void {
    this.#holders[piece] = this.of(piece) + 1;
  }

  lost(piece: number): void {
    this.#holders[piece] = this.of(piece) - 1;
  }

  /** A source connected that has these. */
  gainedAll(pieces: Bitfield): void {
    for (const piece of pieces.pieces()) this.gained(piece);
  }

  /** A source with these is gone. */
  lostAll(pieces: Bitfield): void {
    for (const piece of pieces.pieces()) this.lost(piece);
  }
}
