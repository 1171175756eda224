import { describe, expect, it } from 'vitest';
import { Bitfield } from '../codec/bitfield.ts';
import {
  MIN_SCATTER_PIECES,
  SCATTER_LATE_FACTOR,
  SCATTER_LATE_MIN_MS,
  WINDOW_PIECES,
} from '../limits/limits.ts';
import { Scatter, type Show } from './scatter.ts';

const PIECES = 100;

/** A scatter and the agents before it, whose sets it shares as a session does. */
class World {
  readonly scatter = new Scatter(PIECES);
  readonly has = new Map<number, Bitfield>();
  readonly shown: Show[] = [];
  nowMs = 0;

  join(id: number, pieces: readonly number[] = []): readonly Show[] {
    const set = Bitfield.empty(PIECES);
    for (const piece of pieces) set.add(piece);
    this.has.set(id, set);
    return this.#note(this.scatter.joined(id, set, this.nowMs));
  }

  confirm(id: number, piece: number): readonly Show[] {
    this.has.get(id)?.add(piece);
    return this.#note(this.scatter.confirmed(id, piece, this.nowMs));
  }

  leave(id: number): readonly Show[] {
    return this.#note(this.scatter.left(id, this.nowMs));
  }

  relieve(): readonly Show[] {
    return this.#note(this.scatter.relieve(this.nowMs));
  }

  piecesShownTo(id: number): number[] {
    return this.shown.filter(({ peer }) => peer === id).map(({ piece }) => piece);
  }

  #note(shows: readonly Show[]): readonly Show[] {
    this.shown.push(...shows);
    return shows;
  }
}

describe('Scatter', () => {
  it('shows each piece once while all goes well, in order, and all of them', () => {
    const world = new World();
    for (const id of [1, 2, 3]) world.join(id);
    for (let index = 0; index < world.shown.length; index++) {
      const { peer, piece } = world.shown[index]!;
      world.confirm(peer, piece);
    }
    const pieces = world.shown.map(({ piece }) => piece);
    expect(pieces).toEqual(Array.from({ length: PIECES }, (_, piece) => piece));
  });

  it('keeps a few first copies on the way to each agent, more where agents are few', () => {
    const alone = new World();
    expect(alone.join(1)).toHaveLength(WINDOW_PIECES);
    const crowd = new World();
    for (let id = 1; id <= 20; id++) crowd.join(id);
    expect(crowd.join(21)).toHaveLength(MIN_SCATTER_PIECES);
  });

  it('shows the next piece to whoever confirms one, so that fast agents take more', () => {
    const world = new World();
    for (const id of [1, 2]) world.join(id);
    for (let turn = 0; turn < 30; turn++) {
      const owed = world.piecesShownTo(1).find((piece) => !world.has.get(1)?.has(piece));
      if (owed !== undefined) world.confirm(1, owed);
    }
    expect(world.piecesShownTo(1).length).toBeGreaterThan(30);
    expect(world.piecesShownTo(2).length).toBeLessThanOrEqual(WINDOW_PIECES);
  });

  it('shows nothing that some agent had from the start', () => {
    const world = new World();
    world.join(1, [0, 1, 2, 3]);
    world.join(2);
    expect(world.shown.every(({ piece }) => piece > 3)).toBe(true);
  });

  it('shows again what only a lost agent had, to those who are left', () => {
    const world = new World();
    const [first] = world.join(1);
    world.join(2);
    world.confirm(1, first!.piece);
    world.leave(1);
    for (let index = 0; index < world.shown.length; index++) {
      const { peer, piece } = world.shown[index]!;
      if (peer === 2) world.confirm(2, piece);
    }
    expect(world.piecesShownTo(2)).toContain(first!.piece);
    expect(world.has.get(2)?.isFull()).toBe(true);
  });

  it('does not show again what another agent has as well', () => {
    const world = new World();
    const [first] = world.join(1);
    world.confirm(1, first!.piece);
    world.join(2, [first!.piece]);
    world.leave(1);
    expect(world.piecesShownTo(2)).not.toContain(first!.piece);
  });

  it('shows a late first copy to a second agent, once', () => {
    const world = new World();
    const [first] = world.join(1);
    world.join(2);
    expect(world.scatter.nextLateAtMs()).toBe(SCATTER_LATE_MIN_MS);
    world.nowMs = SCATTER_LATE_MIN_MS;
    world.relieve();
    const owed = (): number[] =>
      world.piecesShownTo(2).filter((piece) => !world.has.get(2)?.has(piece));
    while (owed().length > 0) for (const piece of owed()) world.confirm(2, piece);
    const times = world.piecesShownTo(2).filter((piece) => piece === first!.piece);
    expect(times).toHaveLength(1);
  });

  it('calls late what takes several times the usual', () => {
    const world = new World();
    world.join(1);
    for (let turn = 0; turn < 60; turn++) {
      world.nowMs += 2_000;
      const owed = world.piecesShownTo(1).find((piece) => !world.has.get(1)?.has(piece));
      if (owed !== undefined) world.confirm(1, owed);
    }
    const oldestShownAtMs = (world.scatter.nextLateAtMs() ?? 0) - world.nowMs;
    expect(oldestShownAtMs).toBeGreaterThan((SCATTER_LATE_FACTOR - 1) * 2_000);
  });

  it('knows nothing of agents that it was not told of', () => {
    const world = new World();
    expect(world.confirm(9, 0)).toEqual([]);
    expect(world.leave(9)).toEqual([]);
    expect(world.scatter.nextLateAtMs()).toBeUndefined();
  });
});
