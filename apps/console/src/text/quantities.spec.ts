import { describe, expect, it } from 'vitest';
import * as text from './quantities.ts';

describe('quantities', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '0.98 KiB'],
    [1_536, '1.5 KiB'],
    [118 * 2 ** 20, '118 MiB'],
    [2 ** 50 * 5_000, '5000 PiB'],
    [undefined, '–'],
  ])('%s bytes are %s', (bytes, expected) => expect(text.formatBytes(bytes)).toBe(expected));

  it.each([
    [-1, '0 s'],
    [59.4, '59 s'],
    [59.6, '1 min 00 s'],
    [125, '2 min 05 s'],
    [3_725, '1 h 02 min'],
    [273_600, '3 d 4 h'],
    [undefined, '–'],
  ])('%s seconds are %s', (seconds, expected) =>
    expect(text.formatDuration(seconds)).toBe(expected),
  );

  it('never rounds up to 100 %', () => {
    expect(text.formatPercent(99.99)).toBe('99.9 %');
    expect(text.formatPercent(100)).toBe('100.0 %');
  });

  it('group large counts, and give rates their second', () => {
    expect([7, 1_000, 1_234_567].map(text.formatCount)).toEqual(['7', '1,000', '1,234,567']);
    expect(text.formatRate(2 ** 20)).toBe('1 MiB/s');
  });
});
