import { describe, expect, it } from 'vitest';
import { SessionWorld } from '../../../test/session-world.ts';
import {
  HANDSHAKE_RETRIES,
  HANDSHAKE_RETRY_MS,
  MAX_BAD_PIECES_PER_SOURCE,
  NO_SOURCE_TIMEOUT_MS,
  REDIAL_MAX_MS,
  REQUEST_TIMEOUT_MS,
  STARVED_TIMEOUT_MS,
} from '../limits/limits.ts';

const FIVE_MINUTES_MS = 5 * 60_000;

function addresses(world: SessionWorld): string[] {
  return world.dials.map(({ address }) => address);
}

describe('a session that loses its upstream', () => {
  it('B20: asks the next one up for all that was outstanding when the upstream closes', () => {
    const world = new SessionWorld();
    world.start('near', 'middle', 'server');
    const near = world.connectUpstream();
    world.deliverAndStore(near, 0);
    world.deliverBlock(near, world.block(1, 0));
    world.tell({ type: 'peerClosed', peer: near });
    expect(world.all('discardPiece').map(({ piece }) => piece)).toEqual([1, 2, 3, 4]);
    expect(addresses(world)).toEqual(['near', 'middle']);
    const middle = world.connectUpstream();
    expect(world.piecesAskedOf(middle)).toEqual([1, 2, 3, 4]);
  });

  it('B20: walks up to the server and finishes there', () => {
    const world = new SessionWorld({ pieceCount: 3 });
    world.start('near', 'middle', 'server');
    world.tell({ type: 'peerClosed', peer: world.connectUpstream() });
    world.failDial();
    const server = world.connectUpstream();
    expect(addresses(world)).toEqual(['near', 'middle', 'server']);
    for (const piece of [0, 1, 2]) world.deliverAndStore(server, piece);
    expect(world.all('finished')).toHaveLength(1);
  });

  it('B20: does not ask again for a piece that is on its way to the disk', () => {
    const world = new SessionWorld();
    world.start('near', 'server');
    const near = world.connectUpstream();
    world.deliver(near, 0);
    world.tell({ type: 'peerClosed', peer: near });
    expect(world.piecesAskedOf(world.connectUpstream())).toEqual([1, 2, 3, 4]);
  });

  it('B26: replaces an upstream that is silent for REQUEST_TIMEOUT_MS and asks again elsewhere', () => {
    const world = new SessionWorld();
    world.start('near', 'server');
    const near = world.connectUpstream();
    world.advance(REQUEST_TIMEOUT_MS - 1);
    expect(world.closeCode(near)).toBeUndefined();
    world.advance(1);
    expect(world.closeCode(near)).toBe('P2P_REQUEST_TIMEOUT');
    const server = world.connectUpstream();
    expect(world.lastDial).toBe('server');
    expect(world.piecesAskedOf(server)).toEqual([0, 1, 2, 3]);
  });

  it('B26: keeps a slow upstream as long as blocks come in', () => {
    const world = new SessionWorld({ pieceCount: 1, blocksPerPiece: 8 });
    world.start('near', 'server');
    const near = world.connectUpstream();
    for (let block = 0; block < 8; block++) {
      world.advance(REQUEST_TIMEOUT_MS - 1);
      world.deliverBlock(near, world.block(0, block));
    }
    expect(world.closeCode(near)).toBeUndefined();
    expect(world.all('storePiece')).toHaveLength(1);
  });

  it('B26: ignores what a replaced upstream still sends', () => {
    const world = new SessionWorld();
    world.start('near', 'server');
    const near = world.connectUpstream();
    world.advance(REQUEST_TIMEOUT_MS);
    expect(world.tell({ type: 'blockArriving', peer: near, ...world.block(0) })).toEqual([]);
    expect(world.tell({ type: 'haveReceived', peer: near, piece: 0 })).toEqual([]);
    expect(world.tell({ type: 'peerClosed', peer: near })).toEqual([]);
  });

  it('replaces an upstream that has nothing new for STARVED_TIMEOUT_MS', () => {
    const world = new SessionWorld();
    world.start('near', 'server');
    const near = world.connectUpstream([]);
    world.advance(STARVED_TIMEOUT_MS - 1);
    world.tell({ type: 'haveReceived', peer: near, piece: 0 });
    world.deliverAndStore(near, 0);
    world.advance(STARVED_TIMEOUT_MS - 1);
    expect(world.closeCode(near)).toBeUndefined();
    world.advance(1);
    expect(world.closeCode(near)).toBe('P2P_STARVED');
    expect(world.lastDial).toBe('server');
  });

  it('B20: walks past any number of upstreams that have nothing, up to the server', () => {
    const world = new SessionWorld();
    const idle = ['idle-5', 'idle-4', 'idle-3', 'idle-2', 'idle-1'];
    world.start(...idle, 'server');
    for (const address of idle) {
      expect(world.lastDial).toBe(address);
      world.connectUpstream([]);
      world.advance(STARVED_TIMEOUT_MS);
    }
    expect(world.lastDial).toBe('server');
  });

  it('does not blame the upstream while a piece of its own is on its way to the disk', () => {
    const world = new SessionWorld({ pieceCount: 2 });
    world.start('near', 'server');
    const near = world.connectUpstream([0]);
    world.deliver(near, 0);
    world.advance(2 * STARVED_TIMEOUT_MS);
    expect(world.closeCode(near)).toBeUndefined();
  });

  it('closes a connection that nobody waits for any more', () => {
    const world = new SessionWorld();
    world.start('near', 'server');
    world.failDial('near');
    world.tell({ type: 'peerConnected', peer: 9, address: 'near' });
    expect(world.closeCode(9)).toBe('P2P_UPSTREAM_REPLACED');
    const server = world.connectUpstream();
    expect(world.piecesAskedOf(server)).not.toEqual([]);
  });
});

describe('a session that cannot reach its upstream', () => {
  it('B50: survives a failed dial and dials the next', () => {
    const world = new SessionWorld();
    world.start('near', 'server');
    world.failDial('near');
    expect(addresses(world)).toEqual(['near', 'server']);
    world.failDial('server');
    world.advance(REDIAL_MAX_MS);
    expect(world.dials.length).toBeGreaterThan(2);
  });

  it('B50: a late failure of an older dial changes nothing', () => {
    const world = new SessionWorld();
    world.start('near', 'server');
    world.failDial('near');
    expect(world.tell({ type: 'dialFailed', address: 'near', failure: 'unreachable' })).toEqual([]);
    expect(world.tell({ type: 'dialFailed', address: 'nobody', failure: 'refused' })).toEqual([]);
  });

  it('tries a refused handshake again soon: the task may be on its way there', () => {
    const world = new SessionWorld();
    world.start('near', 'server');
    world.refuseDial();
    world.advance(HANDSHAKE_RETRY_MS);
    expect(addresses(world)).toEqual(['near', 'near']);
    for (let retry = 2; retry <= HANDSHAKE_RETRIES; retry++) {
      world.refuseDial();
      world.advance(retry * HANDSHAKE_RETRY_MS);
    }
    world.refuseDial();
    expect(addresses(world)).toEqual(['near', 'near', 'near', 'near', 'server']);
  });

  it('B29: dials a refusing upstream a few times a minute, jittered', () => {
    const gapsOf = (seed: number): number[] => {
      const world = new SessionWorld({ seed });
      world.start('only');
      const endMs = world.nowMs + FIVE_MINUTES_MS;
      while (world.nowMs < endMs) {
        world.refuseDial();
        const wakeAtMs = world.session.nextWakeAtMs() ?? endMs;
        world.advance(wakeAtMs - world.nowMs);
      }
      const times = world.dials.map(({ atMs }) => atMs);
      return times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
    };
    const gaps = gapsOf(1);
    expect(gaps.length).toBeLessThan(150);
    expect(gaps.length).toBeGreaterThan(20);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(REDIAL_MAX_MS);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(HANDSHAKE_RETRY_MS);
    expect(gapsOf(2)).not.toEqual(gaps);
    expect(gapsOf(1)).toEqual(gaps);
  });

  it('fails after NO_SOURCE_TIMEOUT_MS without any source, and not before', () => {
    const world = new SessionWorld();
    world.start('near', 'server');
    const endMs = world.nowMs + NO_SOURCE_TIMEOUT_MS;
    while (world.nowMs < endMs - 1) {
      world.failDial();
      const wakeAtMs = Math.min(world.session.nextWakeAtMs() ?? endMs, endMs - 1);
      world.advance(wakeAtMs - world.nowMs);
    }
    expect(world.all('failed')).toEqual([]);
    world.advance(1);
    expect(world.all('failed')).toEqual([
      {
        type: 'failed',
        code: 'NO_SOURCE_REACHABLE',
        message: 'no source could be reached for 10 minutes',
      },
    ]);
  });

  it('fails also when a dial never ends', () => {
    const world = new SessionWorld();
    world.start('server');
    world.advance(NO_SOURCE_TIMEOUT_MS);
    expect(world.all('failed').map(({ code }) => code)).toEqual(['NO_SOURCE_REACHABLE']);
  });

  it('counts that time from the loss of the last source', () => {
    const world = new SessionWorld();
    world.start('server');
    const server = world.connectUpstream([]);
    for (let minute = 0; minute < 20; minute++) {
      world.advance(STARVED_TIMEOUT_MS - 1);
      world.tell({ type: 'haveReceived', peer: server, piece: 7 });
      world.tell({ type: 'peerClosed', peer: server });
      world.advance(REDIAL_MAX_MS);
      world.connectUpstream([]);
    }
    expect(world.all('failed')).toEqual([]);
  });
});

describe('a session that is sent bad pieces', () => {
  it('B27: fetches a bad piece from the next source, and the rest as well', () => {
    const world = new SessionWorld();
    world.start('near', 'server');
    const near = world.connectUpstream();
    world.deliverAndReject(near, 0);
    expect(world.closeCode(near)).toBe('P2P_BAD_PIECE');
    const server = world.connectUpstream();
    expect(world.lastDial).toBe('server');
    expect(world.piecesAskedOf(server)).toEqual([0, 1, 2, 3]);
    expect(world.all('failed')).toEqual([]);
  });

  it('B27: never announces a bad piece', () => {
    const world = new SessionWorld();
    world.start('near', 'server');
    const downstream = world.connectDownstream();
    world.deliverAndReject(world.connectUpstream(), 0);
    expect(world.piecesAnnouncedTo(downstream)).toEqual([]);
    expect(world.request(downstream, world.block(0))).toEqual([
      { type: 'close', peer: downstream, code: 'P2P_PIECE_NOT_OWNED' },
    ]);
  });

  it('B27: bans a source after MAX_BAD_PIECES_PER_SOURCE bad pieces', () => {
    const world = new SessionWorld();
    world.start('near', 'server');
    for (let count = 0; count < MAX_BAD_PIECES_PER_SOURCE; count++) {
      world.failDialsUntil('near');
      world.deliverAndReject(world.connectUpstream(), 0);
    }
    const dialsBefore = world.dials.length;
    for (let count = 0; count < 20; count++) {
      world.failDial();
      world.advance(REDIAL_MAX_MS);
    }
    expect(new Set(addresses(world).slice(dialsBefore))).toEqual(new Set(['server']));
  });

  it('B27: does not use a source that was banned while it was being dialled', () => {
    const world = new SessionWorld();
    world.start('bad', 'server');
    const bad = world.connectUpstream();
    for (const piece of [0, 1, 2]) world.deliver(bad, piece);
    world.tell({ type: 'peerClosed', peer: bad });
    world.failDialsUntil('bad');
    for (const piece of [0, 1, 2]) world.tell({ type: 'pieceRejected', piece });
    const again = world.connectUpstream();
    expect(world.closeCode(again)).toBe('P2P_BAD_PIECE');
    expect(world.piecesAskedOf(again)).toEqual([]);
    world.advance(REDIAL_MAX_MS);
    expect(world.lastDial).toBe('server');
    expect(world.all('failed')).toEqual([]);
  });

  it('B27: asks the present upstream at once for a piece that an earlier one spoilt', () => {
    const world = new SessionWorld({ pieceCount: 2 });
    world.start('near', 'server');
    const near = world.connectUpstream();
    world.deliver(near, 0);
    world.tell({ type: 'peerClosed', peer: near });
    const server = world.connectUpstream();
    world.deliverAndStore(server, 1);
    world.tell({ type: 'pieceRejected', piece: 0 });
    expect(world.piecesAskedOf(server)).toEqual([1, 0]);
    expect(world.closeCode(server)).toBeUndefined();
  });

  it('B27: fails with INTEGRITY when every source is banned, the server included', () => {
    const world = new SessionWorld();
    world.start('near', 'server');
    for (let count = 0; count < 2 * MAX_BAD_PIECES_PER_SOURCE; count++) {
      world.deliverAndReject(world.connectUpstream(), 0);
      world.advance(REDIAL_MAX_MS);
    }
    expect(world.all('failed').map(({ code }) => code)).toEqual(['INTEGRITY']);
    const dialCount = world.dials.length;
    world.advance(NO_SOURCE_TIMEOUT_MS);
    expect(world.dials).toHaveLength(dialCount);
  });
});

describe('a session whose disk refuses', () => {
  it('B28: fails once, closes every peer and never dials again', () => {
    const world = new SessionWorld();
    world.start('near', 'server');
    const upstream = world.connectUpstream();
    const downstream = world.connectDownstream();
    world.deliver(upstream, 0);
    world.tell({ type: 'storeFailed', message: 'no space left on device' });
    world.tell({ type: 'storeFailed', message: 'no space left on device' });
    world.tell({ type: 'peerClosed', peer: upstream });
    world.start('near', 'server');
    world.advance(NO_SOURCE_TIMEOUT_MS);
    expect(world.all('failed')).toEqual([
      { type: 'failed', code: 'STORE_FAILED', message: 'no space left on device' },
    ]);
    expect(world.closeCode(upstream)).toBe('P2P_TASK_ENDED');
    expect(world.closeCode(downstream)).toBe('P2P_TASK_ENDED');
    expect(world.dials).toHaveLength(1);
    expect(world.session.nextWakeAtMs()).toBeUndefined();
    expect(world.session.peerCount).toBe(0);
  });

  it('ignores news of pieces that it did not hand to the disk', () => {
    const world = new SessionWorld();
    world.start('server');
    const upstream = world.connectUpstream();
    expect(world.tell({ type: 'pieceStored', piece: 0 })).toEqual([]);
    expect(world.tell({ type: 'pieceRejected', piece: 0 })).toEqual([]);
    expect(world.closeCode(upstream)).toBeUndefined();
  });
});
