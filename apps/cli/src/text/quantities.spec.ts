import { describe, expect, it } from 'vitest';
import { countOf, formatBytes, formatDuration, formatPercent, formatRate } from './quantities.ts';

describe('quantities', () => {
  it.each([
    [0, '0 B'],
    [1, '1 B'],
    [999, '999 B'],
    [1000, '0.98 KiB'],
    [1536, '1.50 KiB'],
    [10 * 1024, '10.0 KiB'],
    [118 * 1024 ** 2, '118 MiB'],
    [1023 * 1024 ** 2, '1.00 GiB'],
    [5.5 * 1024 ** 4, '5.50 TiB'],
  ])('%d bytes read %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('a rate is bytes a second', () => {
    expect(formatRate(2 * 1024 ** 2)).toBe('2.00 MiB/s');
  });

  it.each([
    [0, '0:00'],
    [7.4, '0:07'],
    [59.6, '1:00'],
    [62, '1:02'],
    [3723, '1:02:03'],
    [2 * 86_400 + 4 * 3600, '2d 04:00:00'],
    [-3, '0:00'],
  ])('%d seconds read %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it.each([
    [0, '0.0 %'],
    [47.39, '47.3 %'],
    [99.99, '99.9 %'],
    [100, '100.0 %'],
  ])('%d percent reads %s: only all of it is 100', (percent, text) => {
    expect(formatPercent(percent)).toBe(text);
  });

  it('one host is singular', () => {
    expect([countOf(1, 'host'), countOf(0, 'host'), countOf(2, 'host')]).toEqual([
      '1 host',
      '0 hosts',
      '2 hosts',
    ]);
  });
});
