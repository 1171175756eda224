/** F19: a host ends when what it lacks can come from nobody whom it believes, and not before. */
import { describe, expect, it } from 'vitest';
import { SessionWorld } from '../../../test/session-world.ts';
import {
  MAX_BAD_PIECES_PER_SOURCE,
  MIN_DEADLINE_MS,
  REDIAL_MAX_MS,
  STRANDED_TIMEOUT_MS,
} from '../limits/limits.ts';
import type { PeerId } from './events.ts';

const SECOND_MS = 1_000;
const PIECES = 12;
const SERVER = '10.0.0.1:45001';

function aMesh(sources: readonly string[]): SessionWorld {
  const world = new SessionWorld({ wire: 2, pieceCount: PIECES });
  world.startMesh(sources, { origin: SERVER });
  return world;
}

/** The server shows pieces and each is bad, until it is dialled no more. */
function banServer(world: SessionWorld, firstPiece = 0): void {
  for (let strike = 0; strike < MAX_BAD_PIECES_PER_SOURCE; strike++) {
    world.advance(REDIAL_MAX_MS);
    const server = world.connectSource(SERVER);
    const piece = firstPiece + strike;
    world.tell({ type: 'haveReceived', peer: server, piece });
    world.deliverAndReject(server, piece);
    expect(world.closeCode(server)).toBe('P2P_BAD_PIECE');
  }
}

function have(world: SessionWorld, peer: PeerId, piece: number): void {
  world.tell({ type: 'haveReceived', peer, piece });
}

describe('a host of a mesh that believes the server no more', () => {
  it('F19: fails with INTEGRITY and says who sent what, when no agent has what is missing', () => {
    const world = aMesh(['one', 'two']);
    const one = world.connectSource('one', [0]);
    world.connectSource('two', []);
    world.deliverAndStore(one, 0);
    banServer(world, 1);
    world.advance(STRANDED_TIMEOUT_MS);
    expect(world.all('failed')).toEqual([
      {
        type: 'failed',
        code: 'INTEGRITY',
        message:
          '11 of 12 pieces are missing: the server 10.0.0.1:45001 sent 3 bad pieces; nobody else has them',
      },
    ]);
    expect(world.session.nextWakeAtMs()).toBeUndefined();
  });

  it('F19: waits as long as another agent gains pieces, and takes them', () => {
    const world = aMesh(['one']);
    const one = world.connectSource('one', []);
    banServer(world);
    for (let piece = 0; piece < PIECES; piece++) {
      world.advance(STRANDED_TIMEOUT_MS - 1);
      expect(world.all('failed')).toEqual([]);
      have(world, one, piece);
      world.deliverAndStore(one, piece);
    }
    expect(world.all('finished')).toHaveLength(1);
  });

  it('F19: counts the grace time from the last sign of life, also of pieces that it has already', () => {
    const world = aMesh(['one', 'two']);
    const one = world.connectSource('one', [0]);
    const two = world.connectSource('two', []);
    world.deliverAndStore(one, 0);
    banServer(world, 1);
    have(world, two, 0);
    world.advance(STRANDED_TIMEOUT_MS - 1);
    expect(world.all('failed')).toEqual([]);
    world.advance(1);
    expect(world.all('failed').map(({ code }) => code)).toEqual(['INTEGRITY']);
  });

  it('F19: does not give up while an agent has what is missing, however long it takes', () => {
    const world = aMesh(['one']);
    const one = world.connectSource('one', []);
    banServer(world);
    have(world, one, 5);
    for (let block = 0; block < 2; block++) {
      world.deliverBlock(one, world.block(5, block));
      world.advance(MIN_DEADLINE_MS);
    }
    world.advance(STRANDED_TIMEOUT_MS); // it waits for the disk
    expect(world.all('failed')).toEqual([]);
    world.tell({ type: 'pieceStored', piece: 5 });
    world.advance(STRANDED_TIMEOUT_MS);
    expect(world.all('failed')).toHaveLength(1);
  });

  it('F19: counts a new plan as hope', () => {
    const world = aMesh(['one']);
    world.connectSource('one', []);
    banServer(world);
    world.startMesh(['one', 'late'], { origin: SERVER });
    world.advance(STRANDED_TIMEOUT_MS - 1);
    const late = world.connectSource('late', 'all');
    for (let piece = 0; piece < PIECES; piece++) world.deliverAndStore(late, piece);
    expect(world.all('finished')).toHaveLength(1);
  });

  it('a server that is gone without having lied leaves the host waiting', () => {
    const world = aMesh(['one']);
    world.connectSource('one', []);
    world.tell({ type: 'peerClosed', peer: world.connectSource(SERVER) });
    world.failDialsUntil(SERVER);
    world.advance(10 * STRANDED_TIMEOUT_MS);
    expect(world.all('failed')).toEqual([]);
  });
});

describe('a host of a chain that believes the server no more', () => {
  function bannedIn(world: SessionWorld): void {
    for (let strike = 0; strike < MAX_BAD_PIECES_PER_SOURCE; strike++) {
      world.failDialsUntil(SERVER);
      world.deliverAndReject(world.connectUpstream(), 0);
    }
  }

  it('F19: hears each of the agents above once before it fails', () => {
    const world = new SessionWorld();
    const above = ['near', 'middle', 'far'];
    world.start(...above, SERVER);
    bannedIn(world);
    const heard = new Set<string>();
    let dialCount = world.dials.length;
    while (world.all('failed').length === 0) {
      if (world.dials.length > dialCount) {
        heard.add(world.lastDial ?? '');
        world.connectUpstream([]);
      }
      dialCount = world.dials.length;
      world.advance(SECOND_MS);
    }
    expect([...heard].sort()).toEqual([...above].sort());
    expect(world.all('failed')[0]?.code).toBe('INTEGRITY');
  });

  it('F19: takes what the last of them has', () => {
    const world = new SessionWorld({ pieceCount: 3 });
    world.start('near', 'middle', SERVER);
    bannedIn(world);
    world.failDialsUntil('near');
    world.connectUpstream([]);
    world.failDialsUntil('middle');
    const middle = world.connectUpstream('all');
    for (const piece of [0, 1, 2]) world.deliverAndStore(middle, piece);
    expect(world.all('finished')).toHaveLength(1);
  });
});
