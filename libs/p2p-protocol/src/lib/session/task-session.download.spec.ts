import { describe, expect, it } from 'vitest';
import { SessionWorld } from '../../../test/session-world.ts';
import { BITFIELD_TIMEOUT_MS, MAX_PIECES_IN_REQUEST } from '../limits/limits.ts';

describe('a session that downloads', () => {
  it('waits to be told its sources, for ever', () => {
    const world = new SessionWorld();
    expect(world.session.nextWakeAtMs()).toBeUndefined();
    expect(world.dials).toEqual([]);
  });

  it('dials the nearest source', () => {
    const world = new SessionWorld();
    world.start('near', 'server');
    expect(world.dials.map(({ address }) => address)).toEqual(['near']);
  });

  it('sends its bitfield first, to the upstream as to those who dial it', () => {
    const world = new SessionWorld({ pieceCount: 8, stored: [0, 7] });
    const bitfield = { type: 'bitfield', bytes: Uint8Array.of(0b1000_0001) };
    world.start('server');
    const upstream = world.connectUpstream();
    const downstream = world.connectDownstream();
    for (const peer of [upstream, downstream]) {
      const [first] = world.all('send').filter((effect) => effect.peer === peer);
      expect(first?.message).toEqual(bitfield);
    }
  });

  it('asks for nothing before the upstream said what it has', () => {
    const world = new SessionWorld();
    world.start('server');
    world.tell({ type: 'peerConnected', peer: 77, address: 'server' });
    expect(world.piecesAskedOf(77)).toEqual([]);
  });

  it('asks for the lowest missing pieces first, all blocks of each in order', () => {
    const world = new SessionWorld({ stored: [0, 2] });
    world.start('server');
    const upstream = world.connectUpstream();
    expect(world.piecesAskedOf(upstream)).toEqual([1, 3, 4, 5]);
    const requests = world
      .all('send')
      .flatMap(({ message }) => (message.type === 'request' ? [message] : []));
    expect(requests.slice(0, 2)).toEqual([
      { type: 'request', ...world.block(1, 0) },
      { type: 'request', ...world.block(1, 1) },
    ]);
  });

  it('keeps MAX_PIECES_IN_REQUEST pieces asked for, and asks for one more as one completes', () => {
    const world = new SessionWorld({ pieceCount: 20 });
    world.start('server');
    const upstream = world.connectUpstream();
    expect(world.piecesAskedOf(upstream)).toHaveLength(MAX_PIECES_IN_REQUEST);
    world.deliverBlock(upstream, world.block(0, 0));
    expect(world.piecesAskedOf(upstream)).toHaveLength(MAX_PIECES_IN_REQUEST);
    world.deliverBlock(upstream, world.block(0, 1));
    expect(world.piecesAskedOf(upstream)).toHaveLength(MAX_PIECES_IN_REQUEST + 1);
  });

  it('asks for a piece as soon as the upstream announces it', () => {
    const world = new SessionWorld();
    world.start('near', 'server');
    const upstream = world.connectUpstream([]);
    world.tell({ type: 'haveReceived', peer: upstream, piece: 5 });
    expect(world.piecesAskedOf(upstream)).toEqual([5]);
  });

  it('asks nobody but its upstream, whatever others have', () => {
    const world = new SessionWorld();
    world.start('server');
    world.connectUpstream([]);
    const downstream = world.connectDownstream('all');
    world.tell({ type: 'haveReceived', peer: downstream, piece: 1 });
    expect(world.piecesAskedOf(downstream)).toEqual([]);
  });

  it('takes blocks of a piece in any order and stores it when the last is there', () => {
    const world = new SessionWorld();
    world.start('server');
    const upstream = world.connectUpstream();
    world.deliverBlock(upstream, world.block(0, 1));
    expect(world.all('storePiece')).toEqual([]);
    world.deliverBlock(upstream, world.block(0, 0));
    expect(world.all('storePiece')).toEqual([{ type: 'storePiece', piece: 0, peer: upstream }]);
    expect(world.all('receiveBlock').map(({ begin }) => begin)).toEqual([4, 0]);
  });

  it('counts a piece as its own only once it is stored', () => {
    const world = new SessionWorld();
    world.start('server');
    const upstream = world.connectUpstream();
    world.deliver(upstream, 0);
    expect(world.session.storedPieces).toBe(0);
    world.tell({ type: 'pieceStored', piece: 0 });
    expect(world.session.storedPieces).toBe(1);
    expect(world.all('progressed')).toEqual([
      { type: 'progressed', storedPieces: 1, storedBytes: 8 },
    ]);
  });

  it('announces a piece only after it is stored, and only to peers that lack it', () => {
    const world = new SessionWorld();
    world.start('server');
    const upstream = world.connectUpstream();
    const lacking = world.connectDownstream([]);
    const having = world.connectDownstream([0]);
    const unknown = world.connectSilent();
    world.deliver(upstream, 0);
    expect(world.piecesAnnouncedTo(lacking)).toEqual([]);
    world.tell({ type: 'pieceStored', piece: 0 });
    expect(world.piecesAnnouncedTo(lacking)).toEqual([0]);
    expect(world.piecesAnnouncedTo(unknown)).toEqual([0]);
    expect(world.piecesAnnouncedTo(having)).toEqual([]);
    expect(world.piecesAnnouncedTo(upstream)).toEqual([]);
  });

  it('finishes once, with the last piece, and lets the upstream go', () => {
    const world = new SessionWorld({ pieceCount: 3 });
    world.start('server');
    const upstream = world.connectUpstream();
    for (const piece of [2, 0, 1]) world.deliverAndStore(upstream, piece);
    expect(world.session.isComplete).toBe(true);
    expect(world.session.storedBytes).toBe(world.geometry.totalBytes);
    expect(world.closeCode(upstream)).toBe('P2P_TASK_ENDED');
    expect(world.all('finished')).toHaveLength(1);
    expect(world.effects.at(-1)).toEqual({ type: 'finished' });
    expect(world.session.nextWakeAtMs()).toBeUndefined();
  });

  it('goes on serving after it finished, and dials nobody any more', () => {
    const world = new SessionWorld({ pieceCount: 1 });
    world.start('near', 'server');
    const upstream = world.connectUpstream();
    const downstream = world.connectDownstream();
    world.deliverAndStore(upstream, 0);
    world.request(downstream, world.block(0));
    expect(world.blocksSentTo(downstream)).toEqual([world.block(0)]);
    world.advance(3_600_000);
    expect(world.dials).toHaveLength(1);
  });

  it('dials nobody when every piece is there from the start', () => {
    const world = new SessionWorld({ stored: 'all' });
    world.start('near', 'server');
    expect(world.session.isComplete).toBe(true);
    expect(world.dials).toEqual([]);
    expect(world.session.nextWakeAtMs()).toBeUndefined();
  });

  it('resumes: counts the bytes of stored pieces and asks for the others only', () => {
    const world = new SessionWorld({ pieceCount: 4, stored: [1, 3] });
    expect(world.session.storedBytes).toBe(16);
    world.start('server');
    expect(world.piecesAskedOf(world.connectUpstream())).toEqual([0, 2]);
  });

  it('lets an upstream go that answers when nothing is missing any more', () => {
    const world = new SessionWorld({ pieceCount: 1 });
    world.start('near', 'server');
    const upstream = world.connectUpstream();
    world.deliver(upstream, 0);
    world.tell({ type: 'peerClosed', peer: upstream });
    expect(world.lastDial).toBe('server');
    world.tell({ type: 'pieceStored', piece: 0 });
    const late = world.connectUpstream();
    expect(world.closeCode(late)).toBe('P2P_UPSTREAM_REPLACED');
    expect(world.session.peerCount).toBe(0);
  });

  it('takes news of the chain while it is connected without changing its upstream', () => {
    const world = new SessionWorld();
    world.start('server');
    const upstream = world.connectUpstream();
    world.start('near', 'server');
    expect(world.dials).toHaveLength(1);
    expect(world.closeCode(upstream)).toBeUndefined();
    world.tell({ type: 'peerClosed', peer: upstream });
    expect(world.lastDial).toBe('near');
  });

  it('closes a peer that sends no bitfield within BITFIELD_TIMEOUT_MS', () => {
    const world = new SessionWorld({ stored: 'all' });
    const silent = world.connectSilent();
    const polite = world.connectDownstream();
    world.advance(BITFIELD_TIMEOUT_MS - 1);
    expect(world.closeCode(silent)).toBeUndefined();
    world.advance(1);
    expect(world.closeCode(silent)).toBe('P2P_BITFIELD_TIMEOUT');
    expect(world.closeCode(polite)).toBeUndefined();
  });

  it('replaces an upstream that sends no bitfield', () => {
    const world = new SessionWorld();
    world.start('near', 'server');
    world.tell({ type: 'peerConnected', peer: 77, address: 'near' });
    world.advance(BITFIELD_TIMEOUT_MS);
    expect(world.closeCode(77)).toBe('P2P_BITFIELD_TIMEOUT');
    expect(world.lastDial).toBe('server');
  });
});
