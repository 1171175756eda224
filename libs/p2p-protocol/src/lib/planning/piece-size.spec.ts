import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_MANIFEST_PIECE_BYTES, MIN_MANIFEST_PIECE_BYTES } from '../codec/manifest.ts';
import { MIN_WINDOW_PIECES } from '../limits/limits.ts';
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
    ['10 GiB to 1,000 over links of 1 Gbit/s', 10 * GIB, 1000, 125e6, 2 * MIB],
    ['10 GiB to 1,000, link unknown', 10 * GIB, 1000, Infinity, 4 * MIB],
    ['4 GiB to 10,000 over links of 10 Gbit/s', 4 * GIB, 10_000, 1.25e9, 2 * MIB],
    ['as much as one piece', MIN_PIECE_BYTES, 1000, 125e6, MIN_PIECE_BYTES],
    ['one byte', 1, 10_000, Infinity, MIN_PIECE_BYTES],
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

  it('stays within what an agent accepts in a manifest', () => {
    expect(MAX_PIECE_BYTES).toBeLessThanOrEqual(MAX_MANIFEST_PIECE_BYTES);
    expect(MIN_PIECE_BYTES).toBeGreaterThanOrEqual(MIN_MANIFEST_PIECE_BYTES);
  });

  it('lets a cache of 50 MiB hold what is asked for at once, and as much again to serve', () => {
    const cacheBytes = 50 * MIB;
    const totalBytes = MAX_PIECES * USUAL_MAX_PIECE_BYTES;
    const sizes = { totalBytes, memberCount: 2, bytesPerSecond: Infinity };
    const pieces = Math.floor(cacheBytes / choosePieceBytes(sizes));
    expect(pieces).toBeGreaterThanOrEqual(2 * MIN_WINDOW_PIECES);
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
