import { describe, expect, it } from 'vitest';
import { ratiosOf } from './transfer-result.ts';

describe('ratiosOf', () => {
  it('gives quantiles of the times over the bound, by nearest rank', () => {
    const times = Array.from({ length: 1000 }, (_, index) => 1000 - index);
    expect(ratiosOf(times, 100)).toEqual({ count: 1000, p50: 5, p99: 9.9, p999: 9.99, max: 10 });
  });

  it('gives the only one for all, and nothing for none', () => {
    expect(ratiosOf([30], 10)).toEqual({ count: 1, p50: 3, p99: 3, p999: 3, max: 3 });
    expect(ratiosOf([], 10)).toBeUndefined();
  });
});
