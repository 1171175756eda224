import { describe, expect, it } from 'vitest';
import { Bitfield } from './bitfield.ts';

describe('Bitfield', () => {
  it('puts piece 0 into the high bit of byte 0', () => {
    const set = Bitfield.empty(12);
    set.add(0);
    set.add(9);
    expect([...set.toBytes()]).toEqual([0x80, 0x40]);
  });

  it.each([
    [1, [0x80]],
    [7, [0xfe]],
    [8, [0xff]],
    [9, [0xff, 0x80]],
    [0, []],
  ])('leaves the spare bits of a full set of %i pieces 0', (pieceCount, bytes) => {
    const set = Bitfield.full(pieceCount);
    expect([...set.toBytes()]).toEqual(bytes);
    expect(set.isFull()).toBe(true);
  });

  it.each([
    ['a byte too few', [], 8],
    ['a byte too many', [0, 0], 8],
    ['the lowest spare bit set', [0xff, 0x01], 9],
    ['the highest spare bit set', [0xff, 0x40], 9],
  ])('B51: refuses %s', (_what, bytes, pieceCount) => {
    expect(Bitfield.fromBytes(Uint8Array.from(bytes), pieceCount)).toBeUndefined();
  });

  it('is independent of the bytes that it was read from and written to', () => {
    const bytes = Uint8Array.of(0);
    const set = Bitfield.fromBytes(bytes, 8);
    bytes[0] = 0xff;
    set?.toBytes().fill(0xff);
    expect(set?.count).toBe(0);
  });

  it('has no piece outside of its range', () => {
    expect(Bitfield.full(8).has(8)).toBe(false);
    expect(Bitfield.full(8).has(0xffff_ffff)).toBe(false);
  });
});
