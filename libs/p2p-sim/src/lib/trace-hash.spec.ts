import { describe, expect, it } from 'vitest';
import { TraceHash } from './trace-hash.ts';

function hashOf(...items: readonly (number | string)[]): string {
  const hash = new TraceHash();
  for (const item of items) {
    if (typeof item === 'number') hash.add(item);
    else hash.addName(item);
  }
  return hash.hex;
}

describe('TraceHash', () => {
  it('is the same for the same trace', () => {
    expect(hashOf(1.5, 'wake', 3)).toBe(hashOf(1.5, 'wake', 3));
    expect(hashOf()).toMatch(/^[0-9a-f]{16}$/);
  });

  it.each([
    ['a number', hashOf(1.5, 'wake', 4)],
    ['the last bit of a time', hashOf(1.5 + Number.EPSILON, 'wake', 3)],
    ['a name', hashOf(1.5, 'dial', 3)],
    ['the order', hashOf('wake', 1.5, 3)],
    ['one item more', hashOf(1.5, 'wake', 3, 0)],
  ])('differs with %s', (_what, other) => {
    expect(other).not.toBe(hashOf(1.5, 'wake', 3));
  });
});
