/**
 * Pieces of one task that are in memory anyway, kept for the next peer that asks until the pool wants
 * the room. Least recently used goes first. Holds one reference to each of its buffers.
 */
import type { BufferPool, PieceBuffer } from './buffer-pool.ts';

export class PieceCache {
  readonly #pool: BufferPool;
  readonly #pieces = new Map<number, PieceBuffer>();
  readonly #reclaim = (): boolean => this.#dropOldest();

  constructor(pool: BufferPool) {
    this.#pool = pool;
    pool.addReclaimer(this.#reclaim);
  }

  /** The piece's buffer with a reference added for the caller, or undefined. */
  get(piece: number): PieceBuffer | undefined {
    const buffer = this.#pieces.get(piece);
    if (!buffer) return undefined;
    this.#pieces.delete(piece);
    this.#pieces.set(piece, buffer);
    buffer.retain();
    return buffer;
  }

  /**
   * Keeps a verified piece; adds its own reference. Not while the pool is short: whoever waits has
   * asked the caches already and would not hear of a buffer that went idle here.
   */
  put(piece: number, buffer: PieceBuffer): void {
    if (this.#pieces.has(piece) || this.#pool.isShort) return;
    buffer.retain();
    this.#pieces.set(piece, buffer);
  }

  /** Lets everything go; the cache is of no use afterwards. */
  close(): void {
    this.#pool.removeReclaimer(this.#reclaim);
    while (this.#dropOldest());
  }

  #dropOldest(): boolean {
    const oldest = this.#pieces.entries().next().value;
    if (!oldest) return false;
    this.#pieces.delete(oldest[0]);
    oldest[1].release();
    return true;
  }
}
