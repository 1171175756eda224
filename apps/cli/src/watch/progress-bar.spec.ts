import { describe, expect, it } from 'vitest';
import { ASCII_GLYPHS, barOf, glyphsFor, UNICODE_GLYPHS } from './progress-bar.ts';

describe('barOf', () => {
  it.each([
    [0, 0, '..........'],
    [0.5, 0, '#####.....'],
    [0.999, 0, '#########.'],
    [1, 0, '##########'],
    [0.5, 0.25, '#####..xxx'],
    [0.99, 0.001, '#########x'],
    [0, 1, 'xxxxxxxxxx'],
  ])('%d done and %d lost is %s', (done, lost, bar) => {
    expect(barOf(done, lost, 10, ASCII_GLYPHS)).toBe(bar);
  });
});

describe('glyphsFor', () => {
  it.each([
    [{ LANG: 'en_GB.UTF-8' }, UNICODE_GLYPHS],
    [{ LANG: 'en_GB.UTF-8', LC_ALL: 'C' }, ASCII_GLYPHS],
    [{ LC_ALL: '', LANG: 'de_DE.utf8' }, UNICODE_GLYPHS],
    [{}, ASCII_GLYPHS],
  ])('%j', (env, glyphs) => {
    expect(glyphsFor(env)).toBe(glyphs);
  });
});
