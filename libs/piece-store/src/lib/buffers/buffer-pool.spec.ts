import { describe, expect, it } from 'vitest';
import { BufferPool, type PieceBuffer } from './buffer-pool.ts';

/** Lets promises settle; nothing in the pool waits for anything else. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
}

/** Acquires in the background and notes who was served, in order. */
function queueing(pool: BufferPool): {
  served: string[];
  buffers: Map<string, PieceBuffer>;
  ask: (name: string, byteCount: number) => void;
} {
  const served: string[] = [];
  const buffers = new Map<string, PieceBuffer>();
  const ask = (name: string, byteCount: number): void => {
    void pool.acquire(byteCount).then((buffer) => {
      served.push(name);
      buffers.set(name, buffer);
    });
  };
  return { served, buffers, ask };
}

describe('BufferPool', () => {
  it('lends buffers of exactly the size asked for', async () => {
    const pool = new BufferPool(100);
    expect((await pool.acquire(30)).bytes).toHaveLength(30);
    expect(pool.acquireNow(7).bytes).toHaveLength(7);
    expect(pool.allocatedBytes).toBe(37);
  });

  it('lets one wait when the budget is used up, until a buffer comes back', async () => {
    const pool = new BufferPool(20);
    const first = await pool.acquire(10);
    await pool.acquire(10);
    const { served, ask } = queueing(pool);
    ask('third', 10);
    await settled();
    expect(served).toEqual([]);
    first.release();
    await settled();
    expect(served).toEqual(['third']);
    expect(pool.allocatedBytes).toBe(20);
  });

  it('uses the very same memory again', async () => {
    const pool = new BufferPool(10);
    const { bytes } = await pool.acquire(10).then((buffer) => {
      buffer.release();
      return buffer;
    });
    expect((await pool.acquire(10)).bytes).toBe(bytes);
  });

  it('never lends one buffer to two', async () => {
    const pool = new BufferPool(40);
    const lent = await Promise.all([10, 10, 10, 10].map((size) => pool.acquire(size)));
    expect(new Set(lent.map(({ bytes }) => bytes)).size).toBe(4);
  });

  it('takes a buffer back only after every holder has let go', async () => {
    const pool = new BufferPool(10);
    const buffer = await pool.acquire(10);
    buffer.retain();
    buffer.retain();
    const { served, ask } = queueing(pool);
    ask('next', 10);
    buffer.release();
    buffer.release();
    await settled();
    expect(served).toEqual([]);
    buffer.release();
    await settled();
    expect(served).toEqual(['next']);
  });

  it('serves first come first, even when a later wish would fit', async () => {
    const pool = new BufferPool(20);
    const first = await pool.acquire(10);
    const { served, buffers, ask } = queueing(pool);
    ask('large', 20);
    ask('small', 5);
    await settled();
    expect(served).toEqual([]);
    first.release();
    await settled();
    expect(served).toEqual(['large']);
    buffers.get('large')?.release();
    await settled();
    expect(served).toEqual(['large', 'small']);
  });

  it('gives up free buffers of another size before it lets anyone wait', async () => {
    const pool = new BufferPool(20);
    const [one, two] = await Promise.all([pool.acquire(10), pool.acquire(10)]);
    one.release();
    two.release();
    expect((await pool.acquire(15)).bytes).toHaveLength(15);
    expect(pool.allocatedBytes).toBeLessThanOrEqual(20);
  });

  it('lends one buffer above the budget when nothing else is out, and only one', async () => {
    const pool = new BufferPool(10);
    const { served, buffers, ask } = queueing(pool);
    ask('first', 16);
    ask('second', 16);
    await settled();
    expect(served).toEqual(['first']);
    expect(pool.isOverdrawn).toBe(true);
    buffers.get('first')?.release();
    await settled();
    expect(served).toEqual(['first', 'second']);
    expect(pool.allocatedBytes).toBe(16);
  });
});

describe('BufferPool, asked for a buffer at once', () => {
  it('overdraws rather than waits, and gets back within its budget', () => {
    const pool = new BufferPool(10);
    const within = pool.acquireNow(10);
    const beyond = pool.acquireNow(10);
    expect([pool.allocatedBytes, pool.isOverdrawn]).toEqual([20, true]);
    within.release();
    expect([pool.allocatedBytes, pool.isOverdrawn]).toEqual([10, false]);
    beyond.release();
    expect(pool.allocatedBytes).toBe(10);
  });

  it('uses what is free before it overdraws', () => {
    const pool = new BufferPool(10);
    const { bytes } = pool.acquireNow(10);
    pool.acquireNow(10).release();
    const free = pool.acquireNow(10);
    free.release();
    expect(free.bytes).not.toBe(bytes);
    expect(pool.allocatedBytes).toBe(10);
  });

  it('makes those who wait go on waiting while it is overdrawn', async () => {
    const pool = new BufferPool(10);
    const within = pool.acquireNow(10);
    const beyond = pool.acquireNow(10);
    const { served, ask } = queueing(pool);
    ask('waiting', 10);
    within.release();
    await settled();
    expect(served).toEqual([]);
    beyond.release();
    await settled();
    expect(served).toEqual(['waiting']);
    expect(pool.allocatedBytes).toBe(10);
  });
});

describe('BufferPool, with holders that can let go', () => {
  it('asks them before it lets anyone wait, and only as often as it must', async () => {
    const pool = new BufferPool(30);
    const idle = [pool.acquireNow(10), pool.acquireNow(10), pool.acquireNow(10)];
    pool.addReclaimer(() => {
      idle.pop()?.release();
      return true;
    });
    await pool.acquire(10);
    expect(idle).toHaveLength(2);
    await pool.acquire(10);
    expect(idle).toHaveLength(1);
  });

  it('goes on to the next holder when one has nothing to give', async () => {
    const pool = new BufferPool(10);
    const held = pool.acquireNow(10);
    let isHeld = true;
    pool.addReclaimer(() => false);
    pool.addReclaimer(() => {
      if (!isHeld) return false;
      isHeld = false;
      held.release();
      return true;
    });
    expect((await pool.acquire(10)).bytes).toBe(held.bytes);
  });

  it('no longer asks one that has left', async () => {
    const pool = new BufferPool(10);
    pool.acquireNow(10);
    let timesAsked = 0;
    const reclaim = (): boolean => {
      timesAsked += 1;
      return false;
    };
    pool.addReclaimer(reclaim);
    const { ask } = queueing(pool);
    ask('first', 10);
    expect(timesAsked).toBeGreaterThan(0);
    timesAsked = 0;
    pool.removeReclaimer(reclaim);
    ask('second', 10);
    await settled();
    expect(timesAsked).toBe(0);
  });

  it('keeps the order of those who wait when a holder lets go of several in the middle', async () => {
    const pool = new BufferPool(40);
    const idle = [1, 2, 3, 4].map(() => pool.acquireNow(10));
    pool.addReclaimer(() => {
      const all = idle.splice(0);
      for (const buffer of all) buffer.release();
      return all.length > 0;
    });
    const { served, ask } = queueing(pool);
    for (const name of ['a', 'b', 'c', 'd', 'e']) ask(name, 10);
    await settled();
    expect(served).toEqual(['a', 'b', 'c', 'd']);
    expect(pool.allocatedBytes).toBe(40);
  });

  it('tells holders that somebody waits, or that memory is overdrawn', async () => {
    const pool = new BufferPool(10);
    expect(pool.isShort).toBe(false);
    const first = pool.acquireNow(10);
    expect(pool.isShort).toBe(false);
    const { buffers, ask } = queueing(pool);
    ask('waiting', 10);
    expect(pool.isShort).toBe(true);
    first.release();
    await settled();
    expect(pool.isShort).toBe(false);
    const beyond = pool.acquireNow(10);
    expect(pool.isShort).toBe(true);
    beyond.release();
    expect(pool.isShort).toBe(false);
    buffers.get('waiting')?.release();
  });
});
