import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bitfield } from '../codec/bitfield.ts';
import { TaskGeometry } from './task-geometry.ts';

const MIB = 2 ** 20;

function sum(count: number, lengthOf: (index: number) => number): number {
  let total = 0;
  for (let index = 0; index < count; index++) total += lengthOf(index);
  return total;
}

function sumOfPieces(geometry: TaskGeometry): number {
  return sum(geometry.pieceCount, (piece) => geometry.pieceLength(piece));
}

describe('TaskGeometry', () => {
  it('cuts pieces and blocks that add up to the task, all of them full but the last', () => {
    const sizes = fc
      .record({
        totalBytes: fc.nat(5_000),
        blockBytes: fc.integer({ min: 1, max: 64 }),
        blocks: fc.integer({ min: 1, max: 8 }),
      })
      .map(({ totalBytes, blockBytes, blocks }) => ({
        totalBytes,
        blockBytes,
        pieceBytes: blockBytes * blocks,
      }));
    fc.assert(
      fc.property(sizes, (size) => {
        const geometry = new TaskGeometry(size);
        expect(sumOfPieces(geometry)).toBe(size.totalBytes);
        for (let piece = 0; piece < geometry.pieceCount; piece++) {
          const length = geometry.pieceLength(piece);
          const blocks = sum(geometry.blockCount(piece), (block) =>
            geometry.blockLength(piece, block),
          );
          expect(blocks).toBe(length);
          if (piece < geometry.pieceCount - 1) expect(length).toBe(size.pieceBytes);
          else expect(length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('is exact up to 2^53 - 1 bytes', () => {
    const pieceBytes = 2 ** 40;
    const totals = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(totals, (totalBytes) => {
        const geometry = new TaskGeometry({ totalBytes, pieceBytes, blockBytes: MIB });
        expect(sumOfPieces(geometry)).toBe(totalBytes);
        const last = geometry.pieceCount - 1;
        const lastBlock = geometry.blockCount(last) - 1;
        expect(geometry.blockLength(last, lastBlock)).toBeGreaterThan(0);
        expect(lastBlock * MIB + geometry.blockLength(last, lastBlock)).toBe(
          geometry.pieceLength(last),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('has no piece where the task has no bytes', () => {
    const geometry = new TaskGeometry({ totalBytes: 0, pieceBytes: MIB, blockBytes: 32_768 });
    expect(geometry.pieceCount).toBe(0);
    expect(geometry.hasPiece(0)).toBe(false);
  });

  it('counts the bytes of a set of pieces, the short last one as it is', () => {
    const geometry = new TaskGeometry({ totalBytes: 25, pieceBytes: 10, blockBytes: 5 });
    const set = Bitfield.empty(3);
    set.add(0);
    set.add(2);
    expect(geometry.bytesOf(set)).toBe(15);
    expect(geometry.bytesOf(Bitfield.full(3))).toBe(25);
  });
});
