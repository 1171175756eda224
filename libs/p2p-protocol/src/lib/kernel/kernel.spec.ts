import { describe, expect, it } from 'vitest';
import { createPrng } from './prng.ts';

describe('createPrng', () => {
  const draw = (seed: number): number[] => {
    const prng = createPrng(seed);
    return Array.from({ length: 1_000 }, () => prng.next());
  };

  it('gives the same numbers for the same seed and others for another', () => {
    expect(draw(42)).toEqual(draw(42));
    expect(draw(42)).not.toEqual(draw(43));
  });

  it('stays within [0, 1) and fills it evenly', () => {
    const numbers = draw(7);
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
    const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
    expect(mean).toBeCloseTo(0.5, 1);
  });

  it('takes any integer as a seed', () => {
    expect(draw(-1)).toEqual(draw(0xffff_ffff));
  });
});
