import { describe, expect, it } from 'vitest';
import { BufferPool, FIRST_WORKING_SET_BYTES, type PieceBuffer } from './buffer-pool.ts';
import { PieceCache } from './piece-cache.ts';

const PIECE_BYTES = 10;

/** Fills a buffer with a piece's number and leaves it to the cache alone. */
function cachePiece(pool: BufferPool, cache: PieceCache, piece: number): void {
  const buffer = pool.acquireNow(PIECE_BYTES);
  buffer.bytes.fill(piece);
  cache.put(piece, buffer);
  buffer.release();
}

function has(cache: PieceCache, piece: number): boolean {
  const buffer = cache.get(piece);
  buffer?.release();
  return buffer !== undefined;
}

describe('PieceCache', () => {
  it('gives a piece back with its bytes', () => {
    const pool = new BufferPool(100);
    const cache = new PieceCache(pool);
    cachePiece(pool, cache, 7);
    expect(cache.get(7)?.bytes).toEqual(Buffer.alloc(PIECE_BYTES, 7));
    expect(cache.get(8)).toBeUndefined();
  });

  it('lets the pool have the piece that was used least recently', async () => {
    const pool = new BufferPool(3 * PIECE_BYTES);
    const cache = new PieceCache(pool);
    for (const piece of [1, 2, 3]) cachePiece(pool, cache, piece);
    expect(has(cache, 1)).toBe(true);
    await pool.acquire(PIECE_BYTES);
    expect([1, 2, 3].filter((piece) => has(cache, piece))).toEqual([1, 3]);
  });

  it('leaves a piece that the pool took back to those who still send from it', async () => {
    const pool = new BufferPool(PIECE_BYTES);
    const cache = new PieceCache(pool);
    cachePiece(pool, cache, 5);
    const inUse = cache.get(5) as PieceBuffer;
    let isServed = false;
    const next = pool.acquire(PIECE_BYTES).then((buffer) => {
      isServed = true;
      return buffer;
    });
    await Promise.resolve();
    expect([isServed, has(cache, 5)]).toEqual([false, false]);
    expect(inUse.bytes).toEqual(Buffer.alloc(PIECE_BYTES, 5));
    inUse.release();
    expect((await next).bytes).toBe(inUse.bytes);
  });

  it('keeps the first of two buffers for one piece', () => {
    const pool = new BufferPool(100);
    const cache = new PieceCache(pool);
    cachePiece(pool, cache, 1);
    const second = pool.acquireNow(PIECE_BYTES);
    cache.put(1, second);
    expect(cache.get(1)?.bytes).not.toBe(second.bytes);
  });

  it('gives everything back when it closes, and is no longer asked for room', async () => {
    const pool = new BufferPool(2 * PIECE_BYTES);
    const cache = new PieceCache(pool);
    for (const piece of [1, 2]) cachePiece(pool, cache, piece);
    cache.close();
    expect([has(cache, 1), has(cache, 2)]).toEqual([false, false]);
    await Promise.all([pool.acquire(PIECE_BYTES), pool.acquire(PIECE_BYTES)]);
    expect(pool.allocatedBytes).toBe(2 * PIECE_BYTES);
  });

  it('does not hold a piece while another waits for its memory', async () => {
    const pool = new BufferPool(PIECE_BYTES);
    const cache = new PieceCache(pool);
    const arriving = pool.acquireNow(PIECE_BYTES);
    const waiting = pool.acquire(PIECE_BYTES);
    cache.put(1, arriving);
    arriving.release();
    expect((await waiting).bytes).toBe(arriving.bytes);
  });

  it('does not hold a piece while memory is overdrawn', () => {
    const pool = new BufferPool(PIECE_BYTES);
    const cache = new PieceCache(pool);
    pool.acquireNow(PIECE_BYTES);
    cachePiece(pool, cache, 2);
    expect(pool.isOverdrawn).toBe(false);
    expect(has(cache, 2)).toBe(false);
  });

  it('lets two tasks share one budget', () => {
    const pool = new BufferPool(2 * PIECE_BYTES);
    const [one, other] = [new PieceCache(pool), new PieceCache(pool)];
    cachePiece(pool, one, 1);
    cachePiece(pool, one, 2);
    cachePiece(pool, other, 1);
    expect(pool.allocatedBytes).toBe(2 * PIECE_BYTES);
    expect([has(one, 1), has(one, 2), has(other, 1)]).toEqual([false, true, true]);
  });
});

describe('the working set', () => {
  const MIB = 2 ** 20;
  const FIRST_PIECES = FIRST_WORKING_SET_BYTES / MIB;

  function aLargePool() {
    const pool = new BufferPool(4 * FIRST_WORKING_SET_BYTES);
    const cache = new PieceCache(pool);
    const keep = (piece: number): PieceBuffer => {
      const buffer = pool.acquireNow(MIB);
      cache.put(piece, buffer);
      return buffer;
    };
    return { pool, cache, keep };
  }

  it('does not grow while nobody misses what was let go', () => {
    const { pool, cache, keep } = aLargePool();
    for (let piece = 0; piece < 3 * FIRST_PIECES; piece++) keep(piece).release();
    expect(pool.allocatedBytes).toBe(FIRST_WORKING_SET_BYTES);
    expect(has(cache, 3 * FIRST_PIECES - 1)).toBe(true);
    expect(has(cache, 0)).toBe(false);
  });

  it('grows by each piece that had to be read again, up to the budget', () => {
    const { pool, keep } = aLargePool();
    const rounds = [1, 2, 3, 4, 5, 6];
    for (const _round of rounds) {
      for (let piece = 0; piece < 2 * FIRST_PIECES; piece++) keep(piece).release();
    }
    expect(pool.allocatedBytes).toBeGreaterThan(FIRST_WORKING_SET_BYTES);
    expect(pool.allocatedBytes).toBeLessThanOrEqual(pool.budgetBytes);
  });

  it('takes nothing that is being sent: it grows instead, within the budget', () => {
    const { pool, cache, keep } = aLargePool();
    const inUse = Array.from({ length: FIRST_PIECES }, (_, piece) => keep(piece));
    keep(FIRST_PIECES).release();
    expect(pool.allocatedBytes).toBe(FIRST_WORKING_SET_BYTES + MIB);
    expect(has(cache, 0)).toBe(true);
    for (const buffer of inUse) buffer.release();
  });
});
