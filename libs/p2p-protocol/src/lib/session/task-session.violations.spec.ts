import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SessionWorld } from '../../../test/session-world.ts';
import { MAX_QUEUED_REQUESTS, MAX_REQUEST_BYTES, SEND_WINDOW_BYTES } from '../limits/limits.ts';
import type { SessionEvent } from './events.ts';

const PIECE_BYTES = 8;

/** A session in the middle of things, with an innocent peer beside the guilty one. */
function aBusyWorld(): { world: SessionWorld; upstream: number; innocent: number } {
  const world = new SessionWorld({ pieceCount: 9, stored: [0, 1] });
  world.start('near', 'server');
  const upstream = world.connectUpstream();
  return { world, upstream, innocent: world.connectDownstream() };
}

describe('a peer that breaks the protocol is closed, and nobody else', () => {
  it('B51: a bitfield of the wrong length, then HAVE', () => {
    const { world, innocent, upstream } = aBusyWorld();
    const guilty = world.connectSilent();
    world.tell({ type: 'bitfieldReceived', peer: guilty, bytes: new Uint8Array(1) });
    expect(world.tell({ type: 'haveReceived', peer: guilty, piece: 0 })).toEqual([]);
    expect(world.closeCode(guilty)).toBe('P2P_BAD_BITFIELD');
    expect([innocent, upstream].map((peer) => world.closeCode(peer))).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('B51: a bitfield with a spare bit set', () => {
    const { world } = aBusyWorld();
    const guilty = world.connectSilent();
    world.tell({ type: 'bitfieldReceived', peer: guilty, bytes: Uint8Array.of(0, 0x01) });
    expect(world.closeCode(guilty)).toBe('P2P_BAD_BITFIELD');
  });

  it('a second bitfield', () => {
    const { world } = aBusyWorld();
    const guilty = world.connectDownstream();
    world.sendBitfield(guilty, 'all');
    expect(world.closeCode(guilty)).toBe('P2P_BITFIELD_REPEATED');
  });

  it('HAVE or REQUEST before the bitfield', () => {
    const { world } = aBusyWorld();
    const [one, two] = [world.connectSilent(), world.connectSilent()];
    world.tell({ type: 'haveReceived', peer: one, piece: 0 });
    world.request(two, world.block(0));
    expect(world.closeCode(one)).toBe('P2P_BITFIELD_EXPECTED');
    expect(world.closeCode(two)).toBe('P2P_BITFIELD_EXPECTED');
  });

  it.each([9, 0xffff_ffff])('B52: HAVE of piece %i, which the task has not', (piece) => {
    const { world, innocent } = aBusyWorld();
    world.tell({ type: 'haveReceived', peer: innocent, piece });
    expect(world.closeCode(innocent)).toBe('P2P_PIECE_OUT_OF_RANGE');
  });

  it.each([
    ['a piece out of range', { piece: 9, begin: 0, length: 4 }, 'P2P_PIECE_OUT_OF_RANGE'],
    ['no bytes', { piece: 0, begin: 0, length: 0 }, 'P2P_BLOCK_OUT_OF_RANGE'],
    ['a byte past the piece', { piece: 0, begin: 5, length: 4 }, 'P2P_BLOCK_OUT_OF_RANGE'],
    [
      'a begin past the piece',
      { piece: 0, begin: PIECE_BYTES, length: 1 },
      'P2P_BLOCK_OUT_OF_RANGE',
    ],
    [
      'the last byte of 2^32',
      { piece: 0, begin: 0xffff_ffff, length: 1 },
      'P2P_BLOCK_OUT_OF_RANGE',
    ],
    ['a piece not owned', { piece: 5, begin: 0, length: 4 }, 'P2P_PIECE_NOT_OWNED'],
  ] as const)('B52: REQUEST of %s', (_what, block, code) => {
    const { world, innocent } = aBusyWorld();
    const guilty = world.connectDownstream();
    world.request(guilty, block);
    expect(world.closeCode(guilty)).toBe(code);
    expect(world.blocksSentTo(guilty)).toEqual([]);
    world.request(innocent, world.block(0));
    expect(world.blocksSentTo(innocent)).toHaveLength(1);
  });

  it('REQUEST of more than MAX_REQUEST_BYTES', () => {
    const world = new SessionWorld({ stored: 'all', blockBytes: 2 ** 20 });
    const guilty = world.connectDownstream();
    world.request(guilty, { piece: 0, begin: 0, length: MAX_REQUEST_BYTES + 1 });
    expect(world.closeCode(guilty)).toBe('P2P_BLOCK_OUT_OF_RANGE');
  });

  it('more than MAX_QUEUED_REQUESTS that wait for an answer', () => {
    const world = new SessionWorld({ stored: 'all', blockBytes: 64 * 1024 });
    const guilty = world.connectDownstream();
    const sentAtOnce = SEND_WINDOW_BYTES / world.geometry.blockBytes;
    for (let count = 0; count < sentAtOnce + MAX_QUEUED_REQUESTS; count++) {
      world.request(guilty, world.block(0));
    }
    expect(world.closeCode(guilty)).toBeUndefined();
    world.request(guilty, world.block(0));
    expect(world.closeCode(guilty)).toBe('P2P_TOO_MANY_REQUESTS');
  });

  it.each([
    ['from a downstream, of a missing piece', 5],
    ['from a downstream, of a stored piece', 0],
    ['from a downstream, of a piece asked of the upstream', 2],
  ])('B64: PIECE %s, and nothing is stored', (_what, piece) => {
    const { world, innocent: guilty, upstream } = aBusyWorld();
    world.tell({ type: 'blockArriving', peer: guilty, ...world.block(piece) });
    world.tell({ type: 'blockReceived', peer: guilty, ...world.block(piece) });
    expect(world.closeCode(guilty)).toBe('P2P_BLOCK_UNREQUESTED');
    expect(world.all('receiveBlock')).toEqual([]);
    expect(world.all('storePiece')).toEqual([]);
    world.deliver(upstream, 2);
    expect(world.all('storePiece')).toEqual([{ type: 'storePiece', piece: 2, peer: upstream }]);
  });

  it.each([
    ['one byte long', { piece: 2, begin: 0, length: 1 }],
    ['past the piece', { piece: 2, begin: PIECE_BYTES, length: 4 }],
    ['far past the piece', { piece: 2, begin: 0xffff_fffc, length: 4 }],
    ['of a piece that the task has not', { piece: 9, begin: 0, length: 4 }],
    ['of a piece that was not asked for yet', { piece: 8, begin: 0, length: 4 }],
  ])('B52, B64: PIECE from the upstream that is %s', (_what, block) => {
    const { world, upstream, innocent } = aBusyWorld();
    world.deliverBlock(upstream, block);
    expect(world.closeCode(upstream)).toBe('P2P_BLOCK_UNREQUESTED');
    expect(world.all('receiveBlock')).toEqual([]);
    expect(world.lastDial).toBe('server');
    expect(world.closeCode(innocent)).toBeUndefined();
  });

  it('B64: the same block twice', () => {
    const { world, upstream } = aBusyWorld();
    world.deliverBlock(upstream, world.block(2, 0));
    world.deliverBlock(upstream, world.block(2, 0));
    expect(world.closeCode(upstream)).toBe('P2P_BLOCK_UNREQUESTED');
    expect(world.all('storePiece')).toEqual([]);
  });
});

describe('a session under arbitrary events', () => {
  const WORD = fc.oneof(fc.nat(10), fc.constantFrom(0x7fff_ffff, 0xffff_ffff));
  const PEER = fc.integer({ min: 1, max: 4 });
  const ADDRESS = fc.constantFrom('near', 'server', 'nobody');
  const block = { peer: PEER, piece: WORD, begin: WORD, length: WORD };
  const events: fc.Arbitrary<SessionEvent> = fc.oneof(
    fc.record({ type: fc.constant('haveReceived' as const), peer: PEER, piece: WORD }),
    fc.record({
      type: fc.constant('bitfieldReceived' as const),
      peer: PEER,
      bytes: fc.uint8Array({ maxLength: 3 }),
    }),
    fc.record({ type: fc.constant('requestReceived' as const), ...block }),
    fc.record({ type: fc.constant('blockArriving' as const), ...block }),
    fc.record({ type: fc.constant('blockReceived' as const), ...block }),
    fc.record({ type: fc.constant('peerClosed' as const), peer: PEER }),
    fc.record({
      type: fc.constant('dialFailed' as const),
      address: ADDRESS,
      failure: fc.constantFrom('refused' as const, 'unreachable' as const),
    }),
    fc.record({
      type: fc.constantFrom('pieceStored' as const, 'pieceRejected' as const),
      piece: WORD,
    }),
    fc.record({
      type: fc.constant('sourcesChanged' as const),
      sources: fc.array(ADDRESS, { maxLength: 3 }),
      degree: fc.integer({ min: 0, max: 3 }),
    }),
    fc.constant({ type: 'wake' as const }),
  );

  it('never throws, never spins, and stores nothing that it did not ask for', () => {
    const steps = fc.array(fc.tuple(events, fc.nat(5_000)), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (timeline) => {
        const { world } = aBusyWorld();
        for (const [event, delayMs] of timeline) {
          world.tell(event);
          world.advance(delayMs);
        }
        const asked = world
          .all('send')
          .flatMap(({ message }) => (message.type === 'request' ? [message.piece] : []));
        for (const { piece } of world.all('storePiece')) expect(asked).toContain(piece);
        expect(world.all('failed').length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });
});
