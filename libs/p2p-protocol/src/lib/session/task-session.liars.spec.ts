/** What one lying source may cost a session of a mesh. Whole swarms: libs/p2p-sim. */
import { describe, expect, it } from 'vitest';
import { SessionWorld } from '../../../test/session-world.ts';
import { MAX_FAILURES_IN_ROW, MIN_DEADLINE_MS, REQUEST_TIMEOUT_MS } from '../limits/limits.ts';

/** Large enough that the guess at an unknown rate makes a piece take minutes. */
const BLOCK_BYTES = 256 * 1024;

function aMesh(sources: readonly string[]): SessionWorld {
  const world = new SessionWorld({ wire: 2, pieceCount: 60, blockBytes: BLOCK_BYTES });
  world.startMesh(sources);
  return world;
}

describe('a source that has not given anything yet', () => {
  it('does not keep the session from what the origin shows', () => {
    const world = aMesh(['liar']);
    const origin = world.connectSource('server');
    world.connectSource('liar', 'all');
    const shown = [7, 8, 9];
    for (const piece of shown) world.tell({ type: 'haveReceived', peer: origin, piece });
    const liar = 2;
    const stillWanted = shown.filter((piece) => !world.piecesAskedOf(liar).includes(piece));
    expect(world.piecesAskedOf(origin)).toEqual(stillWanted);
    expect(stillWanted.length).toBeGreaterThan(0);
  });

  it('has REQUEST_TIMEOUT_MS for its first block, whatever its rate is taken for', () => {
    const world = aMesh(['liar']);
    const liar = world.connectSource('liar', 'all');
    world.advance(MAX_FAILURES_IN_ROW * REQUEST_TIMEOUT_MS);
    expect(world.closeCode(liar)).toBe('P2P_REQUEST_TIMEOUT');
  });

  it('has no more time than others would need, as soon as others have shown that', () => {
    const world = aMesh(['liar', 'good']);
    const liar = world.connectSource('liar', 'all');
    const owed = world.piecesAskedOf(liar);
    const good = world.connectSource('good', 'all');
    const [piece = -1] = world.piecesAskedOf(good);
    world.advance(10);
    world.deliverAndStore(good, piece);
    world.advance(2 * MIN_DEADLINE_MS);
    expect(world.piecesOf('cancel', liar)).toEqual(expect.arrayContaining(owed));
  });
});

describe('a source that rejects', () => {
  it('is replaced after as many pieces as it might have missed deadlines', () => {
    const world = aMesh(['liar']);
    const liar = world.connectSource('liar', 'all');
    const asked = world.piecesAskedOf(liar).slice(0, MAX_FAILURES_IN_ROW);
    expect(asked).toHaveLength(MAX_FAILURES_IN_ROW);
    for (const piece of asked) {
      expect(world.closeCode(liar)).toBeUndefined();
      world.tell({ type: 'rejectReceived', peer: liar, piece });
      world.tell({ type: 'haveReceived', peer: liar, piece });
    }
    expect(world.closeCode(liar)).toBe('P2P_STARVED');
  });

  it('starts anew with each good piece', () => {
    const world = aMesh(['busy']);
    const busy = world.connectSource('busy', 'all');
    for (let count = 0; count < 2 * MAX_FAILURES_IN_ROW; count++) {
      const asked = world.piecesAskedOf(busy).filter((piece) => !world.stored(piece));
      world.tell({ type: 'rejectReceived', peer: busy, piece: asked.at(-1) ?? -1 });
      world.deliverAndStore(busy, asked.at(-2) ?? -1);
    }
    expect(world.closeCode(busy)).toBeUndefined();
  });
});
