import { describe, expect, it } from 'vitest';
import { Bitfield } from '../codec/bitfield.ts';
import {
  MIN_SCATTER_PIECES,
  SCATTER_LATE_FACTOR,
  SCATTER_LATE_MIN_MS,
  WINDOW_PIECES,
} from '../limits/limits.ts';
import { TaskGeometry } from '../session/task-geometry.ts';
import { Scatter, type Show } from './scatter.ts';

const PIECES = 100;
const PIECE_BYTES = 8;
const GEOMETRY = new TaskGeometry({
  totalBytes: PIECES * PIECE_BYTES,
  pieceBytes: PIECE_BYTES,
  blockBytes: PIECE_BYTES / 2,
});

const ALL = Array.from({ length: PIECES }, (_, piece) => piece);

/** A scatter and the agents before it, whose sets it shares as a session does. */
class World {
  readonly scatter = new Scatter(GEOMETRY);
  readonly has = new Map<number, Bitfield>();
  readonly shown: Show[] = [];
  nowMs = 0;

  join(id: number, pieces: readonly number[] = []): readonly Show[] {
    const set = Bitfield.empty(PIECES);
    for (const piece of pieces) set.add(piece);
    this.has.set(id, set);
    return this.#note(this.scatter.joined(id, set, this.nowMs));
  }

  /** Gets the piece from us and says that it has it. */
  confirm(id: number, piece: number): readonly Show[] {
    this.scatter.sent(id, piece, PIECE_BYTES);
    return this.claim(id, piece);
  }

  /** Says that it has the piece, however it came by it. */
  claim(id: number, piece: number): readonly Show[] {
    if (this.has.get(id)?.has(piece)) return []; // as a session does
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
      const { peer, piece } = world.shown[index] as Show;
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
    const [first] = world.join(1) as [Show];
    world.join(2);
    world.confirm(1, first.piece);
    world.leave(1);
    for (let index = 0; index < world.shown.length; index++) {
      const { peer, piece } = world.shown[index] as Show;
      if (peer === 2) world.confirm(2, piece);
    }
    expect(world.piecesShownTo(2)).toContain(first.piece);
    expect(world.has.get(2)?.isFull()).toBe(true);
  });

  it('does not show again what another agent has as well', () => {
    const world = new World();
    const [first] = world.join(1) as [Show];
    world.confirm(1, first.piece);
    world.join(2, [first.piece]);
    world.leave(1);
    expect(world.piecesShownTo(2)).not.toContain(first.piece);
  });

  it('shows a late first copy to a second agent, once', () => {
    const world = new World();
    const [first] = world.join(1) as [Show];
    world.join(2);
    expect(world.scatter.nextLateAtMs()).toBe(SCATTER_LATE_MIN_MS);
    world.nowMs = SCATTER_LATE_MIN_MS;
    world.relieve();
    const owed = (): number[] =>
      world.piecesShownTo(2).filter((piece) => !world.has.get(2)?.has(piece));
    while (owed().length > 0) for (const piece of owed()) world.confirm(2, piece);
    const times = world.piecesShownTo(2).filter((piece) => piece === first.piece);
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

  describe('when agents claim what they have not', () => {
    /** Everybody but the liar takes what it is shown, until nothing more is: the list grows meanwhile. */
    function confirmAllBut(liar: number, world: World): void {
      for (const { peer, piece } of world.shown) {
        if (peer === liar) world.claim(peer, piece);
        else world.confirm(peer, piece);
      }
    }

    it.each([
      ['all at once', ALL],
      ['as they are shown', []],
    ])('shows the others all that one claims, %s', (_how, claimed) => {
      const world = new World();
      world.join(1, claimed);
      for (const id of [2, 3]) world.join(id);
      confirmAllBut(1, world);
      const honest = [...world.piecesShownTo(2), ...world.piecesShownTo(3)];
      expect(honest.toSorted((a, b) => a - b)).toEqual(ALL);
    });

    it('shows first what nobody claims', () => {
      const world = new World();
      world.join(1, ALL.slice(0, 50));
      world.join(2);
      confirmAllBut(1, world);
      const pieces = world.shown.map(({ piece }) => piece);
      expect(pieces.slice(0, 50)).toEqual(ALL.slice(50));
      expect(pieces.slice(50)).toEqual(expect.arrayContaining(ALL.slice(0, 50)));
    });

    it('does not take half a piece for the piece', () => {
      const world = new World();
      world.join(1);
      world.join(2);
      const [first = -1] = world.piecesShownTo(1);
      world.scatter.sent(1, first, PIECE_BYTES - 1);
      world.claim(1, first);
      confirmAllBut(1, world);
      expect(world.piecesShownTo(2)).toContain(first);
    });

    it('believes two agents that say the same', () => {
      const world = new World();
      for (const id of [1, 2]) world.join(id, ALL);
      world.join(3);
      expect(world.shown).toEqual([]);
    });

    it('believes an agent that was sent the piece, and shows it to nobody else', () => {
      const world = new World();
      for (const id of [1, 2, 3]) world.join(id);
      confirmAllBut(0, world);
      const late = world.shown.length;
      world.join(4);
      expect(world.shown).toHaveLength(late);
    });
  });

  it('shows a piece once more when two agents leave, not twice', () => {
    const world = new World();
    for (const id of [1, 2, 3, 4]) world.join(id);
    const [first = -1] = world.piecesShownTo(1);
    world.leave(1);
    world.leave(2);
    for (const id of [3, 4]) {
      for (const piece of world.piecesShownTo(id)) world.confirm(id, piece);
    }
    expect(world.shown.filter(({ piece }) => piece === first)).toHaveLength(2);
  });

  it('knows nothing of agents that it was not told of', () => {
    const world = new World();
    expect(world.confirm(9, 0)).toEqual([]);
    expect(world.leave(9)).toEqual([]);
    expect(world.scatter.nextLateAtMs()).toBeUndefined();
  });
});
