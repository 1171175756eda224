import { describe, expect, it } from 'vitest';
import { SessionWorld } from '../../../test/session-world.ts';
import {
  MAX_PEERS_PER_TASK,
  MAX_REQUEST_BYTES,
  SEND_WINDOW_BYTES,
  UPLOAD_STALL_TIMEOUT_MS,
  V1_BLOCK_BYTES,
} from '../limits/limits.ts';
import { GcraLimiter } from '../limits/rate-limiter.ts';

const BLOCKS_PER_PIECE = 32;
const BLOCKS_IN_WINDOW = SEND_WINDOW_BYTES / V1_BLOCK_BYTES;

function aSeeder(options: { uploadLimiter?: GcraLimiter } = {}): SessionWorld {
  return new SessionWorld({
    pieceCount: 32,
    blocksPerPiece: BLOCKS_PER_PIECE,
    blockBytes: V1_BLOCK_BYTES,
    stored: 'all',
    ...options,
  });
}

function requestBlocks(world: SessionWorld, peer: number, count: number): void {
  for (let index = 0; index < count; index++) {
    const piece = Math.floor(index / BLOCKS_PER_PIECE);
    world.request(peer, world.block(piece, index % BLOCKS_PER_PIECE));
  }
}

describe('a session that serves', () => {
  it('answers requests in the order in which they came', () => {
    const world = aSeeder();
    const peer = world.connectDownstream();
    const blocks = [world.block(3, 1), world.block(0, 0), world.block(3, 0)];
    for (const block of blocks) world.request(peer, block);
    expect(world.blocksSentTo(peer)).toEqual(blocks);
  });

  it('answers a request for any stretch of a piece, up to MAX_REQUEST_BYTES', () => {
    const world = aSeeder();
    const peer = world.connectDownstream();
    const block = { piece: 0, begin: 17, length: MAX_REQUEST_BYTES };
    world.request(peer, block);
    world.request(peer, { piece: 0, begin: world.geometry.pieceBytes - 1, length: 1 });
    expect(world.blocksSentTo(peer)).toHaveLength(2);
  });

  it('answers its upstream as it answers anyone', () => {
    const world = new SessionWorld({ stored: [0] });
    world.start('server');
    const upstream = world.connectUpstream([]);
    world.request(upstream, world.block(0));
    expect(world.blocksSentTo(upstream)).toEqual([world.block(0)]);
  });

  it('has no more than SEND_WINDOW_BYTES in flight to one peer, and goes on as they are taken', () => {
    const world = aSeeder();
    const peer = world.connectDownstream();
    requestBlocks(world, peer, BLOCKS_IN_WINDOW + 5);
    expect(world.blocksSentTo(peer)).toHaveLength(BLOCKS_IN_WINDOW);
    world.tell({ type: 'blockSent', peer, length: V1_BLOCK_BYTES });
    expect(world.blocksSentTo(peer)).toHaveLength(BLOCKS_IN_WINDOW + 1);
  });

  it('B22: drops a peer that is gone from all books, and serves the others', () => {
    const world = aSeeder();
    const [gone, live] = [world.connectDownstream(), world.connectDownstream()];
    requestBlocks(world, gone, BLOCKS_IN_WINDOW + 5);
    world.tell({ type: 'peerClosed', peer: gone });
    expect(world.tell({ type: 'blockSent', peer: gone, length: V1_BLOCK_BYTES })).toEqual([]);
    requestBlocks(world, live, 3);
    expect(world.blocksSentTo(live)).toHaveLength(3);
    expect(world.session.peerCount).toBe(1);
  });

  it('B22: announces to the others when one peer is gone', () => {
    const world = new SessionWorld();
    world.start('server');
    const upstream = world.connectUpstream();
    const [gone, live] = [world.connectDownstream(), world.connectDownstream()];
    world.tell({ type: 'peerClosed', peer: gone });
    world.deliverAndStore(upstream, 0);
    expect(world.piecesAnnouncedTo(gone)).toEqual([]);
    expect(world.piecesAnnouncedTo(live)).toEqual([0]);
  });

  it('B23: serves the others while one peer takes nothing', () => {
    const world = aSeeder();
    const [stuck, live] = [world.connectDownstream(), world.connectDownstream()];
    requestBlocks(world, stuck, 400);
    requestBlocks(world, live, 400);
    for (let index = 0; index < 400; index++) {
      world.tell({ type: 'blockSent', peer: live, length: V1_BLOCK_BYTES });
    }
    expect(world.blocksSentTo(live)).toHaveLength(400);
    expect(world.blocksSentTo(stuck)).toHaveLength(BLOCKS_IN_WINDOW);
  });

  it('B23: drops a peer that takes nothing for UPLOAD_STALL_TIMEOUT_MS, and no other', () => {
    const world = aSeeder();
    const [stuck, slow, idle] = [
      world.connectDownstream(),
      world.connectDownstream(),
      world.connectDownstream(),
    ];
    requestBlocks(world, stuck, 2);
    requestBlocks(world, slow, 2);
    world.advance(UPLOAD_STALL_TIMEOUT_MS - 1);
    world.tell({ type: 'blockSent', peer: slow, length: V1_BLOCK_BYTES });
    expect(world.closeCode(stuck)).toBeUndefined();
    world.advance(1);
    expect(world.closeCode(stuck)).toBe('P2P_UPLOAD_STALLED');
    world.advance(UPLOAD_STALL_TIMEOUT_MS - 2);
    expect(world.closeCode(slow)).toBeUndefined();
    world.advance(1);
    expect(world.closeCode(slow)).toBe('P2P_UPLOAD_STALLED');
    expect(world.closeCode(idle)).toBeUndefined();
  });

  it('keeps to the upload limit, all peers together', () => {
    const bytesPerSecond = 400_000;
    const world = aSeeder({ uploadLimiter: new GcraLimiter(bytesPerSecond) });
    const peers = [world.connectDownstream(), world.connectDownstream()];
    for (const peer of peers) requestBlocks(world, peer, 200);
    world.advance(2_000);
    const bytes = world.all('sendBlock').reduce((sum, { length }) => sum + length, 0);
    expect(bytes / bytesPerSecond).toBeGreaterThan(1.9);
    expect(bytes / bytesPerSecond).toBeLessThan(2.1);
    const [one, two] = peers.map((peer) => world.blocksSentTo(peer).length);
    const blocksInTurn = world.geometry.blockCount(0);
    expect(Math.abs((one ?? 0) - (two ?? 0))).toBeLessThanOrEqual(blocksInTurn);
  });
});

describe('a session with many peers', () => {
  it('takes MAX_PEERS_PER_TASK peers and closes one more', () => {
    const world = aSeeder();
    for (let count = 0; count < MAX_PEERS_PER_TASK; count++) world.connectDownstream();
    expect(world.all('close')).toEqual([]);
    const late = world.connectSilent();
    expect(world.closeCode(late)).toBe('P2P_TOO_MANY_PEERS');
    expect(world.session.peerCount).toBe(MAX_PEERS_PER_TASK);
  });

  it('takes another peer once one has left', () => {
    const world = aSeeder();
    const first = world.connectDownstream();
    for (let count = 1; count < MAX_PEERS_PER_TASK; count++) world.connectDownstream();
    world.tell({ type: 'peerClosed', peer: first });
    expect(world.closeCode(world.connectSilent())).toBeUndefined();
  });

  it('takes its own upstream on top, so that visitors cannot starve it', () => {
    const world = new SessionWorld();
    world.start('server');
    for (let count = 0; count < MAX_PEERS_PER_TASK; count++) world.connectDownstream();
    const upstream = world.connectUpstream();
    expect(world.closeCode(upstream)).toBeUndefined();
    expect(world.piecesAskedOf(upstream)).not.toEqual([]);
    expect(world.closeCode(world.connectSilent())).toBe('P2P_TOO_MANY_PEERS');
  });
});
