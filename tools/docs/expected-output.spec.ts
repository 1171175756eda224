import { describe, expect, it } from 'vitest';
import { outputPattern } from './expected-output.ts';

describe('outputPattern', () => {
  it.each([
    ['a.b (c)\n', 'a.b (c)\n', true],
    ['a.b (c)\n', 'axb (c)\n', false],
    ['in … s\n', 'in 0:02 s\n', true],
    ['in … s\n', 'in 0:02\n s\n', false],
    ['first\n…\nlast\n', 'first\nlast\n', true],
    ['first\n…\nlast\n', 'first\n1\n2\nlast\n', true],
    ['first\n  …\nlast\n', 'first\n1\nlast\n', true],
    ['first\n…\nlast\n', 'first\n1\nlast\nmore\n', false],
    ['first\n…\n', 'first\n', true],
    ['last\n', 'more\nlast\n', false],
  ])('%j shows %j: %s', (expected, output, isShown) => {
    expect(outputPattern(expected).test(output)).toBe(isShown);
  });
});
