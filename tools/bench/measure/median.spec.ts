import { describe, expect, it } from 'vitest';
import { median } from './median.ts';

describe('median', () => {
  it('is the middle of an odd count, whatever the order', () => {
    expect(median([9, 1, 2])).toBe(2);
    expect(median([7])).toBe(7);
  });

  it('is the mean of the two in the middle of an even count', () => {
    expect(median([10, 1, 4, 2])).toBe(3);
  });

  it('sorts by size and not by spelling', () => {
    expect(median([100, 20, 3])).toBe(20);
  });

  it('does not exist without values', () => {
    expect(median([])).toBeUndefined();
  });
});
