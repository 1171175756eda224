import type { Bitfield } from '../codec/bitfield.ts';

/** How the bytes of a task are cut: pieces (the unit of verification) and blocks (of requests). */
export interface GeometrySizes {
  readonly totalBytes: number;
  readonly pieceBytes: number;
  readonly blockBytes: number;
}

export class TaskGeometry {
  readonly totalBytes: number;
  readonly pieceBytes: number;
  readonly blockBytes: number;
  readonly pieceCount: number;

  constructor(sizes: GeometrySizes) {
    this.totalBytes = sizes.totalBytes;
    this.pieceBytes = sizes.pieceBytes;
    this.blockBytes = sizes.blockBytes;
    this.pieceCount = Math.ceil(sizes.totalBytes / sizes.pieceBytes);
  }

  hasPiece(piece: number): boolean {
    return piece < this.pieceCount;
  }

  /** Bytes of one piece; only the last may be shorter. */
  pieceLength(piece: number): number {
    return Math.min(this.pieceBytes, this.totalBytes - piece * this.pieceBytes);
  }

  blockCount(piece: number): number {
    return Math.ceil(this.pieceLength(piece) / this.blockBytes);
  }

  blockLength(piece: number, block: number): number {
    return Math.min(this.blockBytes, this.pieceLength(piece) - block * this.blockBytes);
  }

  /** Bytes of all pieces in a set. */
  bytesOf(pieces: Bitfield): number {
    let bytes = 0;
    for (let piece = 0; piece < this.pieceCount; piece++) {
      if (pieces.has(piece)) bytes += this.pieceLength(piece);
    }
    return bytes;
  }
}
