import { Bitfield, TaskGeometry } from '@gofd/p2p-protocol';
import { describe, expect, it } from 'vitest';
import { SimPieceStore, type WriteOutcome } from './sim-piece-store.ts';
import { VirtualClock } from './virtual-clock.ts';

const WRITE_MS = 7;
const GOOD = { bytes: 10, isSpoilt: false };

function aStore(): { clock: VirtualClock; store: SimPieceStore } {
  const clock = new VirtualClock();
  const geometry = new TaskGeometry({ totalBytes: 25, pieceBytes: 10, blockBytes: 5 });
  return { clock, store: new SimPieceStore(clock, geometry, Bitfield.empty(3), WRITE_MS) };
}

function outcomesOf(write: (store: SimPieceStore, done: (outcome: WriteOutcome) => void) => void): {
  outcomes: [WriteOutcome, number][];
  store: SimPieceStore;
} {
  const { clock, store } = aStore();
  const outcomes: [WriteOutcome, number][] = [];
  write(store, (outcome) => outcomes.push([outcome, clock.nowMs]));
  while (clock.step()) continue;
  return { outcomes, store };
}

describe('SimPieceStore', () => {
  it('stores a good piece after the write latency', () => {
    const { outcomes, store } = outcomesOf((disk, done) => disk.write(0, GOOD, () => true, done));
    expect(outcomes).toEqual([['stored', WRITE_MS]]);
    expect(store.has(0)).toBe(true);
    expect(store.find().count).toBe(1);
  });

  it.each([
    ['spoilt', 0, { bytes: 10, isSpoilt: true }],
    ['short', 0, { bytes: 5, isSpoilt: false }],
    ['longer than the last piece is', 2, GOOD],
  ])('rejects a piece that is %s', (_what, piece, received) => {
    const { outcomes, store } = outcomesOf((disk, done) =>
      disk.write(piece, received, () => true, done),
    );
    expect(outcomes.map(([outcome]) => outcome)).toEqual(['rejected']);
    expect(store.has(piece)).toBe(false);
  });

  it('fails every write once it is full', () => {
    const { outcomes, store } = outcomesOf((disk, done) => {
      disk.fill();
      disk.write(0, GOOD, () => true, done);
    });
    expect(outcomes.map(([outcome]) => outcome)).toEqual(['failed']);
    expect(store.has(0)).toBe(false);
  });

  it('loses what was on its way when the process died, and keeps what was written', () => {
    const { outcomes, store } = outcomesOf((disk, done) => {
      disk.write(0, GOOD, () => true, done);
      disk.write(1, GOOD, () => false, done);
    });
    expect(outcomes).toHaveLength(1);
    expect([0, 1].map((piece) => store.has(piece))).toEqual([true, false]);
  });
});
