/** Pieces in memory, for tests and the simulator. */
import type { FileLayout } from '../layout/file-spans.ts';
import type { PieceHashes } from '../layout/piece-hashes.ts';
import type { PieceStore } from '../piece-store.port.ts';
import { StoreError } from '../errors.ts';

export class MemoryPieceStore implements PieceStore {
  readonly #layout: FileLayout;
  readonly #hashes: PieceHashes;
  readonly #pieces = new Map<number, Buffer>();

  constructor(layout: FileLayout, hashes: PieceHashes) {
    this.#layout = layout;
    this.#hashes = hashes;
  }

  async read(piece: number, target: Buffer): Promise<void> {
    const bytes = this.#pieces.get(piece);
    if (!bytes) throw new StoreError('IO_ERROR', `piece ${piece} was never stored`);
    bytes.copy(target);
    return Promise.resolve();
  }

  async write(piece: number, bytes: Buffer): Promise<boolean> {
    const isGood =
      bytes.length === this.#layout.pieceLength(piece) && this.#hashes.matches(piece, bytes);
    if (isGood) this.#pieces.set(piece, Buffer.from(bytes));
    return Promise.resolve(isGood);
  }
}
