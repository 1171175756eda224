import { describe, expect, it } from 'vitest';
import { Coalescer } from './coalescer.ts';

const aCoalescer = (maxWaiting = 10) => new Coalescer<number>({ intervalMs: 250, maxWaiting });

describe('Coalescer', () => {
  it('tells each key once, however often it changed', () => {
    const changes = aCoalescer();
    for (const key of [3, 1, 3, 3, 1]) changes.mark(key);
    expect(changes.take(0, 10)).toEqual([3, 1]);
    expect(changes.take(1_000, 10)).toEqual([]);
    expect(changes.dueAtMs).toBeUndefined();
  });

  it('tells no more often than the interval says', () => {
    const changes = aCoalescer();
    changes.mark(1);
    expect(changes.take(100, 10)).toEqual([1]);
    changes.mark(2);
    expect(changes.dueAtMs).toBe(350);
    expect(changes.take(349, 10)).toEqual([]);
    expect(changes.take(350, 10)).toEqual([2]);
  });

  it('goes on at once with what did not fit into one part', () => {
    const changes = aCoalescer();
    for (const key of [1, 2, 3, 4, 5]) changes.mark(key);
    expect(changes.take(0, 2)).toEqual([1, 2]);
    expect(changes.take(0, 2)).toEqual([3, 4]);
    expect(changes.take(1, 2)).toEqual([5]);
    changes.mark(6);
    expect(changes.dueAtMs).toBe(250);
  });

  it('lets the one go that has waited longest when there is no room', () => {
    const changes = aCoalescer(3);
    for (const key of [1, 2, 3, 1, 4]) changes.mark(key);
    expect(changes.size).toBe(3);
    expect(changes.take(0, 10)).toEqual([2, 3, 4]);
  });
});
