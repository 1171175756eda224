/**
 * Pieces of one task that are in memory anyway, kept for the next peer that asks until the pool wants
 * the room. Least recently used goes first. Holds one reference to each of its buffers. Remembers which
 * pieces it let go lately, as many as the whole budget would have held, and tells the pool when one of
 * them is asked for: more room would have helped.
 */
import type { BufferPool, PieceBuffer } from './buffer-pool.ts';

export class PieceCache {
  readonly #pool: BufferPool;
  readonly #pieces = new Map<number, PieceBuffer>();
  /** Pieces let go, oldest first. */
  readonly #letGo = new Set<number>();
  readonly #reclaim = (idleOnly: boolean): boolean => this.#dropOldest(idleOnly);

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
    if (this.#letGo.delete(piece)) this.#pool.grow(buffer.bytes.length);
    buffer.retain();
    this.#pieces.set(piece, buffer);
  }

  /** Lets everything go; the cache is of no use afterwards. */
  close(): void {
    this.#pool.removeReclaimer(this.#reclaim);
    while (this.#dropOldest(false));
  }

  #dropOldest(idleOnly: boolean): boolean {
    for (const [piece, buffer] of this.#pieces) {
      if (idleOnly && !buffer.isIdle) continue;
      this.#pieces.delete(piece);
      this.#noteLetGo(piece, buffer.bytes.length);
      buffer.release();
      return true;
    }
    return false;
  }

  #noteLetGo(piece: number, byteCount: number): void {
    this.#letGo.add(piece);
    const [oldest] = this.#letGo;
    const isTooMany = this.#letGo.size * byteCount > this.#pool.budgetBytes;
    if (isTooMany && oldest !== undefined) this.#letGo.delete(oldest);
  }
}
