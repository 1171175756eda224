/** The expected hash of each piece, as one run of digests. */
import { DIGEST_BYTES, type HashAlgorithm } from '@gofd/p2p-protocol';
import { digestPiece } from './digest-algorithm.ts';

export class PieceHashes {
  readonly #digests: Buffer;
  readonly #algorithm: HashAlgorithm;
  readonly #digestBytes: number;

  /** @param digests a multiple of the algorithm's digest length; not copied */
  constructor(digests: Uint8Array, algorithm: HashAlgorithm) {
    this.#digests = Buffer.from(digests.buffer, digests.byteOffset, digests.byteLength);
    this.#algorithm = algorithm;
    this.#digestBytes = DIGEST_BYTES[algorithm];
  }

  get pieceCount(): number {
    return this.#digests.length / this.#digestBytes;
  }

  matches(piece: number, bytes: Buffer): boolean {
    const start = piece * this.#digestBytes;
    const expected = this.#digests.subarray(start, start + this.#digestBytes);
    return digestPiece(bytes, this.#algorithm).equals(expected);
  }
}
