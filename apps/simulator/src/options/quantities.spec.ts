import { describe, expect, it } from 'vitest';
import { parsePlainNumber, parseRate, parseShare, parseSize } from './quantities.ts';

describe('parseSize', () => {
  it.each([
    ['4GiB', 4 * 2 ** 30],
    ['256MiB', 256 * 2 ** 20],
    ['64KiB', 65_536],
    ['1.5GB', 1.5e9],
    ['10 kB', 10_000],
    ['2TiB', 2 ** 41],
    ['12B', 12],
    ['4096', 4096],
    ['0.3333KiB', 341],
  ])('reads %s', (text, bytes) => expect(parseSize(text)).toBe(bytes));

  it.each(['', 'GiB', '4Gib', '4GiBs', '4gib', '-1MiB', '1e9', '4GiB/s', '4Gbit', '1,5GB', '∞'])(
    'refuses %j',
    (text) => expect(parseSize(text)).toBeUndefined(),
  );
});

describe('parseRate', () => {
  it.each([
    ['10Gbit', 1.25e9],
    ['10Gbit/s', 1.25e9],
    ['200Mbit', 25e6],
    ['64 kbit/s', 8_000],
    ['8bit', 1],
    ['100MiB/s', 100 * 2 ** 20],
    ['100MB/s', 1e8],
  ])('reads %s', (text, bytesPerSecond) => expect(parseRate(text)).toBe(bytesPerSecond));

  it.each(['', '10', '10Gb', '10Gbps', 'Gbit', '10Gbit/m', '10gbit', '-1Gbit', '/s', '10/s'])(
    'refuses %j: bits and bytes are easily mixed up',
    (text) => expect(parseRate(text)).toBeUndefined(),
  );
});

describe('parseShare', () => {
  it.each([
    ['5%', 0.05],
    ['0.05', 0.05],
    ['0', 0],
    ['100 %', 1],
  ])('reads %s', (text, share) => expect(parseShare(text)).toBeCloseTo(share));

  it.each(['', '%', '5percent', '-5%', '5%%'])('refuses %j', (text) =>
    expect(parseShare(text)).toBeUndefined(),
  );
});

describe('parsePlainNumber', () => {
  it('takes digits, and nothing else', () => {
    expect([parsePlainNumber('40'), parsePlainNumber('0.1')]).toEqual([40, 0.1]);
    for (const text of ['', '4x', '1e3', '-1', '0x10', 'NaN']) {
      expect(parsePlainNumber(text), text).toBeUndefined();
    }
  });
});
