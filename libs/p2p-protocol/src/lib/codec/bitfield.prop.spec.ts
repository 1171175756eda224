import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bitfield } from './bitfield.ts';

interface Model {
  readonly pieces: Set<number>;
}

type Action = readonly ['add' | 'delete', number];

const MAX_PIECES = 70;
const pieceCounts = fc.integer({ min: 1, max: MAX_PIECES });
const actions = fc.array(
  fc.tuple(fc.constantFrom('add' as const, 'delete' as const), fc.nat(MAX_PIECES - 1)),
);

/** Does the same to a Bitfield and to a Set. */
function build(pieceCount: number, steps: readonly Action[]): { set: Bitfield; model: Model } {
  const set = Bitfield.empty(pieceCount);
  const model: Model = { pieces: new Set() };
  for (const [action, place] of steps) {
    const piece = place % pieceCount;
    set[action](piece);
    model.pieces[action](piece);
  }
  return { set, model };
}

function listOf(set: Bitfield): number[] {
  return Array.from({ length: set.length }, (_, piece) => piece).filter((piece) => set.has(piece));
}

describe('Bitfield behaves as a Set of piece indices', () => {
  it('in what it holds, how many, and whether that is all', () => {
    fc.assert(
      fc.property(pieceCounts, actions, (pieceCount, steps) => {
        const { set, model } = build(pieceCount, steps);
        expect(listOf(set)).toEqual([...model.pieces].sort((a, b) => a - b));
        expect(set.count).toBe(model.pieces.size);
        expect(set.isFull()).toBe(model.pieces.size === pieceCount);
      }),
    );
  });

  it('through its bytes', () => {
    fc.assert(
      fc.property(pieceCounts, actions, (pieceCount, steps) => {
        const { set } = build(pieceCount, steps);
        const again = Bitfield.fromBytes(set.toBytes(), pieceCount);
        expect(again && listOf(again)).toEqual(listOf(set));
        expect(again?.count).toBe(set.count);
      }),
    );
  });

  it('in its complement, which changes nothing in itself', () => {
    fc.assert(
      fc.property(pieceCounts, actions, (pieceCount, steps) => {
        const { set, model } = build(pieceCount, steps);
        const rest = set.complement();
        expect(listOf(rest).some((piece) => model.pieces.has(piece))).toBe(false);
        expect(rest.count + set.count).toBe(pieceCount);
      }),
    );
  });

  it('in the lowest piece that two sets share', () => {
    fc.assert(
      fc.property(pieceCounts, actions, actions, (pieceCount, steps, otherSteps) => {
        const one = build(pieceCount, steps);
        const other = build(pieceCount, otherSteps);
        const common = listOf(one.set).filter((piece) => other.model.pieces.has(piece));
        expect(one.set.firstCommon(other.set)).toBe(common[0]);
      }),
    );
  });

  it('in copies, which go their own way', () => {
    fc.assert(
      fc.property(pieceCounts, actions, (pieceCount, steps) => {
        const { set } = build(pieceCount, steps);
        const before = listOf(set);
        const copy = set.copy();
        for (let piece = 0; piece < pieceCount; piece++) copy.add(piece);
        expect(listOf(set)).toEqual(before);
      }),
    );
  });
});
