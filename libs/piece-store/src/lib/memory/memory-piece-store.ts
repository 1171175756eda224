/** Pieces in memory: content that is too small for a file of its own, such as a manifest; and tests. */
import type { PieceHashes } from '../layout/piece-hashes.ts';
import type { PieceStore } from '../piece-store.port.ts';
import { StoreError } from '../errors.ts';

export class MemoryPieceStore implements PieceStore {
  readonly #hashes: PieceHashes;
  readonly #pieces: Map<number, Buffer>;

  /** @param pieces what is there from the start, taken as verified */
  constructor(hashes: PieceHashes, pieces: ReadonlyMap<number, Buffer> = new Map()) {
    this.#hashes = hashes;
    this.#pieces = new Map(pieces);
  }

  /** A verified piece; undefined when it was never stored. */
  get(piece: number): Buffer | undefined {
    return this.#pieces.get(piece);
  }

  async read(piece: number, target: Buffer): Promise<void> {
    const bytes = this.#pieces.get(piece);
    if (!bytes) throw new StoreError('IO_ERROR', `piece ${piece} was never stored`);
    bytes.copy(target);
    return Promise.resolve();
  }

  async write(piece: number, bytes: Buffer): Promise<boolean> {
    const isGood = this.#hashes.matches(piece, bytes);
    if (isGood) this.#pieces.set(piece, Buffer.from(bytes));
    return Promise.resolve(isGood);
  }
}
