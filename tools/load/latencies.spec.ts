import { describe, expect, it } from 'vitest';
import { describeMs, percentile } from './latencies.ts';

describe('percentile', () => {
  it('is the nearest rank, in any order of the values', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([50, 99, 100]);
    expect(percentile([7], 0)).toBe(7);
  });

  it('of nothing is nothing', () => {
    expect(percentile([], 0.99)).toBeUndefined();
    expect(describeMs(undefined)).toBe('none');
  });
});
