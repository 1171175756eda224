import { describe, expect, it } from 'vitest';
import { createPrng } from '../kernel/prng.ts';
import { drawBelow, shuffled } from './shuffle.ts';

it('drawBelow reaches every number below the limit and none beyond', () => {
  const prng = createPrng(1);
  const seen = new Set(Array.from({ length: 1_000 }, () => drawBelow(5, prng)));
  expect([...seen].sort()).toEqual([0, 1, 2, 3, 4]);
});

describe('shuffled', () => {
  it('keeps every item, leaves the original alone and replays with its seed', () => {
    const items = Object.freeze(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
    const order = shuffled(items, createPrng(1));
    expect([...order].sort()).toEqual(items);
    expect(shuffled(items, createPrng(1))).toEqual(order);
    expect(shuffled(items, createPrng(2))).not.toEqual(order);
  });

  it('gives each of the six orders of three items about equally often', () => {
    const prng = createPrng(1);
    const counts = new Map<string, number>();
    for (let round = 0; round < 6_000; round++) {
      const order = shuffled(['a', 'b', 'c'], prng).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});
