/** The expected hash of each piece, as one run of digests: SHA-1, 20 bytes a piece (wire v1). */
import { hash } from 'node:crypto';

export const SHA1_BYTES = 20;

export class PieceHashes {
  readonly #digests: Buffer;

  /** @param digests a multiple of 20 bytes */
  constructor(digests: Buffer) {
    this.#digests = digests;
  }

  get pieceCount(): number {
    return this.#digests.length / SHA1_BYTES;
  }

  matches(piece: number, bytes: Buffer): boolean {
    const start = piece * SHA1_BYTES;
    return digestPiece(bytes).equals(this.#digests.subarray(start, start + SHA1_BYTES));
  }
}

export function digestPiece(bytes: Buffer): Buffer {
  return hash('sha1', bytes, 'buffer');
}
