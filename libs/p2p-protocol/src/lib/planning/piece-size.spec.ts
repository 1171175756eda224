import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  choosePieceBytes,
  MAX_PIECE_BYTES,
  MAX_PIECES,
  MIN_PIECE_BYTES,
  USUAL_MAX_PIECE_BYTES,
} from './piece-size.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const TIB = 1024 * GIB;

describe('choosePieceBytes', () => {
  it.each([
    ['256 MiB to 8', 256 * MIB, 8, Infinity, 512 * KIB],
    ['64 MiB to 32', 64 * MIB, 32, Infinity, 64 * KIB],
    ['512 MiB to 8', 512 * MIB, 8, Infinity, MIB],
    ['a slow link makes pieces smaller', GIB, 16, 1e6, 128 * KIB],
    ['a faster one larger', GIB, 16, 125e6, MIB],
    ['never above the filling bound', GIB, 1000, 10e9, 512 * KIB],
    ['one host counts as two', 256 * MIB, 1, Infinity, MIB],
    ['nothing at all', 0, 8, Infinity, MIN_PIECE_BYTES],
    ['nothing, at no rate', 0, 0, 0, MIN_PIECE_BYTES],
    ['little data', 100 * KIB, 8, Infinity, MIN_PIECE_BYTES],
    ['much data', 4 * TIB, 100, Infinity, USUAL_MAX_PIECE_BYTES],
  ])('%s', (_, totalBytes, memberCount, bytesPerSecond, pieceBytes) => {
    expect(choosePieceBytes({ totalBytes, memberCount, bytesPerSecond })).toBe(pieceBytes);
  });

  it('makes larger pieces than usual only to have at most MAX_PIECES', () => {
    const sizeOf = (totalBytes: number): number =>
      choosePieceBytes({ totalBytes, memberCount: 8, bytesPerSecond: Infinity });
    const usualMost = MAX_PIECES * USUAL_MAX_PIECE_BYTES;
    expect(sizeOf(usualMost)).toBe(USUAL_MAX_PIECE_BYTES);
    expect(sizeOf(usualMost + 1)).toBe(2 * USUAL_MAX_PIECE_BYTES);
    expect(sizeOf(MAX_PIECES * MAX_PIECE_BYTES)).toBe(MAX_PIECE_BYTES);
    expect(sizeOf(2 * MAX_PIECES * MAX_PIECE_BYTES)).toBe(MAX_PIECE_BYTES);
  });

  it('raises the least size at a slow link, too, when there would be too many pieces', () => {
    const inputs = { totalBytes: TIB, memberCount: 2, bytesPerSecond: 1 };
    expect(choosePieceBytes(inputs)).toBe(MIB);
  });

  it('is always a power of two within its bounds, with at most MAX_PIECES pieces', () => {
    const inputs = fc.record({
      totalBytes: fc.integer({ min: 0, max: MAX_PIECES * MAX_PIECE_BYTES }),
      memberCount: fc.nat(20_000),
      bytesPerSecond: fc.oneof(fc.double({ min: 0, noNaN: true }), fc.constant(Infinity)),
    });
    fc.assert(
      fc.property(inputs, (given) => {
        const pieceBytes = choosePieceBytes(given);
        expect(Number.isInteger(Math.log2(pieceBytes))).toBe(true);
        expect(pieceBytes).toBeGreaterThanOrEqual(MIN_PIECE_BYTES);
        expect(pieceBytes).toBeLessThanOrEqual(MAX_PIECE_BYTES);
        expect(Math.ceil(given.totalBytes / pieceBytes)).toBeLessThanOrEqual(MAX_PIECES);
      }),
    );
  });
});
