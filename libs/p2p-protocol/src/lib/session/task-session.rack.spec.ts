import { describe, expect, it } from 'vitest';
import { SessionWorld } from '../../../test/session-world.ts';
import { FALLBACK_AFTER_MS, WIDEN_AFTER_MS } from '../limits/limits.ts';
import { hashMembers, isEntry } from '../planning/rack-entry.ts';

const MEMBERS = ['self', 'near1', 'near2', 'near3'];
const PIECES = 24;

/** Two sources inside, one outside. */
function aRack(): SessionWorld {
  const world = new SessionWorld({ wire: 2, pieceCount: PIECES });
  const rack = { members: MEMBERS, self: 0 };
  world.startMesh(['near1', 'near2', 'far'], { rack });
  return world;
}

const hashes = hashMembers(MEMBERS);
const ALL = Array.from({ length: PIECES }, (_, piece) => piece);
const OURS = ALL.filter((piece) => isEntry(piece, hashes, 0));
const THEIRS = ALL.filter((piece) => !isEntry(piece, hashes, 0));

describe('a session in a rack', () => {
  it('fetches from outside only the pieces whose entry it is', () => {
    const world = aRack();
    const far = world.connectSource('far', 'all');
    for (let asked = world.piecesAskedOf(far); asked.length > 0;) {
      for (const piece of asked) world.deliverAndStore(far, piece);
      asked = world.piecesAskedOf(far).filter((piece) => !world.stored(piece));
    }
    expect(ALL.filter((piece) => world.stored(piece))).toEqual(OURS);
  });

  it('fetches the rest from inside, and counts what crossed the border', () => {
    const world = aRack();
    world.connectSource('far', THEIRS);
    const near = world.connectSource('near1', 'all');
    expect(world.piecesAskedOf(near).length).toBeGreaterThan(0);
    for (const piece of world.piecesAskedOf(near)) world.deliverAndStore(near, piece);
    expect(world.session.outsideBytes).toBe(0);
  });

  it('asks nobody outside for what somebody inside has', () => {
    const world = aRack();
    world.connectSource('near1', OURS);
    const far = world.connectSource('far', 'all');
    expect(world.piecesAskedOf(far)).toEqual([]);
  });

  it('takes what the server shows it, whoever is the entry', () => {
    const world = aRack();
    const server = world.connectSource('server');
    const [piece = -1] = THEIRS;
    world.tell({ type: 'haveReceived', peer: server, piece });
    expect(world.piecesAskedOf(server)).toEqual([piece]);
    world.deliverAndStore(server, piece);
    expect(world.session.outsideBytes).toBeGreaterThan(0);
  });

  it('fetches what the entry should have fetched when nothing has come for WIDEN_AFTER_MS', () => {
    const world = aRack();
    const far = world.connectSource('far', THEIRS);
    expect(world.piecesAskedOf(far)).toEqual([]);
    world.advance(WIDEN_AFTER_MS - 1);
    expect(world.piecesAskedOf(far)).toEqual([]);
    world.advance(2);
    expect(world.piecesAskedOf(far).length).toBeGreaterThan(0);
  });

  it('asks the server only after that', () => {
    expect(WIDEN_AFTER_MS).toBeLessThan(FALLBACK_AFTER_MS);
  });
});
