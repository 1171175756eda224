/** What one peer may not do to a session, written byte by byte: it is closed, and it alone. */
import { sampleTask } from '@gofd/piece-store/testing';
import { describe, expect, it } from 'vitest';
import {
  emptyStore,
  fetchTask,
  finished,
  goodHeader,
  openTask,
  serveTask,
  startNode,
  storedBytes,
  type Node,
  type RunningTask,
} from '../../test/nodes.ts';
import {
  ACCEPTED,
  bitfield,
  have,
  piece,
  RawPeer,
  rawFrame,
  request,
  startRawServer,
  uint32,
} from '../../test/raw-peer.ts';
import { waitUntil } from '../../test/waiting.ts';

const BLOCK_BYTES = 32 * 2 ** 10;
/** Ten pieces of two blocks, the last one of one block and a bit. */
const TASK = sampleTask({ pieceBytes: 2 * BLOCK_BYTES, fileLengths: [19 * BLOCK_BYTES + 100] });
const NO_PIECES = bitfield(Buffer.alloc(2));

type Violation = [what: string, frames: readonly Uint8Array[], code: string];

const TO_ANYONE: Violation[] = [
  ['a length of 2^32 - 1', [uint32(0xffffffff)], 'P2P_FRAME_TOO_LARGE'],
  ['a length of 2^31', [uint32(2 ** 31)], 'P2P_FRAME_TOO_LARGE'],
  ['a length one above the largest', [uint32(9 + BLOCK_BYTES + 1)], 'P2P_FRAME_TOO_LARGE'],
  ['a message that v1 does not have', [rawFrame(4)], 'P2P_UNKNOWN_MESSAGE'],
  ['an id of 255', [rawFrame(255, uint32(0))], 'P2P_UNKNOWN_MESSAGE'],
  ['a HAVE one byte short', [rawFrame(0, Buffer.alloc(3))], 'P2P_BAD_LENGTH'],
  ['a HAVE one byte long', [rawFrame(0, Buffer.alloc(5))], 'P2P_BAD_LENGTH'],
  ['a REQUEST one byte short', [rawFrame(2, Buffer.alloc(11))], 'P2P_BAD_LENGTH'],
  ['a PIECE without data', [rawFrame(3, Buffer.alloc(8))], 'P2P_BAD_LENGTH'],
  ['B51: a bitfield one byte short', [bitfield(Buffer.alloc(1)), have(0)], 'P2P_BAD_LENGTH'],
  ['B51: a bitfield one byte long', [bitfield(Buffer.alloc(3)), have(0)], 'P2P_BAD_LENGTH'],
  ['B51: a bitfield with a spare bit', [bitfield(Buffer.of(0, 1)), have(0)], 'P2P_BAD_BITFIELD'],
  ['a second bitfield', [NO_PIECES, NO_PIECES], 'P2P_BITFIELD_REPEATED'],
  ['B51: a HAVE before the bitfield', [have(0)], 'P2P_BITFIELD_EXPECTED'],
  ['a REQUEST before the bitfield', [request(0, 0, 1)], 'P2P_BITFIELD_EXPECTED'],
  ['a HAVE of the piece after the last', [NO_PIECES, have(10)], 'P2P_PIECE_OUT_OF_RANGE'],
  ['a HAVE of piece 2^32 - 1', [NO_PIECES, have(0xffffffff)], 'P2P_PIECE_OUT_OF_RANGE'],
  ['a REQUEST after the last piece', [NO_PIECES, request(10, 0, 1)], 'P2P_PIECE_OUT_OF_RANGE'],
  ['a REQUEST of nothing', [NO_PIECES, request(0, 0, 0)], 'P2P_BLOCK_OUT_OF_RANGE'],
  [
    'a REQUEST past the end of its piece',
    [NO_PIECES, request(0, BLOCK_BYTES, BLOCK_BYTES + 1)],
    'P2P_BLOCK_OUT_OF_RANGE',
  ],
  [
    'a REQUEST past the end of the last piece',
    [NO_PIECES, request(9, BLOCK_BYTES, BLOCK_BYTES)],
    'P2P_BLOCK_OUT_OF_RANGE',
  ],
  [
    'a REQUEST whose sum overflows 32 bits',
    [NO_PIECES, request(0, 0xffffffff, 2)],
    'P2P_BLOCK_OUT_OF_RANGE',
  ],
  [
    'a REQUEST longer than any frame may be',
    [NO_PIECES, request(0, 0, 2 ** 17)],
    'P2P_BLOCK_OUT_OF_RANGE',
  ],
  [
    'B64: a PIECE that nobody asked for',
    [NO_PIECES, piece(0, 0, Buffer.alloc(BLOCK_BYTES, 0xee))],
    'P2P_BLOCK_UNREQUESTED',
  ],
  ['B64: a PIECE of one byte', [NO_PIECES, piece(0, 0, Buffer.of(0xee))], 'P2P_BLOCK_UNREQUESTED'],
  [
    'B52: a PIECE past the last block',
    [NO_PIECES, piece(9, 8 * BLOCK_BYTES, Buffer.alloc(BLOCK_BYTES))],
    'P2P_BLOCK_UNREQUESTED',
  ],
  [
    'B52: a PIECE after the last piece',
    [NO_PIECES, piece(0xffffffff, 0xffffffff, Buffer.of(1))],
    'P2P_BLOCK_UNREQUESTED',
  ],
];

async function startServer(): Promise<{ server: Node; served: RunningTask }> {
  const server = await startNode();
  return { server, served: await serveTask(server, TASK) };
}

describe('a downstream that breaks the protocol', () => {
  it.each(TO_ANYONE)('%s closes the connection, and no other', async (_what, frames, code) => {
    const { server, served } = await startServer();
    const honest = await RawPeer.join(server.port, goodHeader());
    honest.send(NO_PIECES);
    const hostile = await RawPeer.join(server.port, goodHeader());
    hostile.send(...frames);
    await hostile.closed();
    expect(served.closings).toEqual([code]);
    honest.send(request(0, 0, BLOCK_BYTES));
    await honest.take(4 + 1 + 2);
    const { payload } = await honest.takeFrame();
    expect(payload.subarray(8).equals(TASK.piece(0).subarray(0, BLOCK_BYTES))).toBe(true);
    expect(served.failure).toBeUndefined();
  });

  it('is closed for a request of a piece that is not there yet', async () => {
    const node = await startNode();
    const waiting = openTask(node, TASK, emptyStore(TASK));
    const peer = await RawPeer.join(node.port, goodHeader());
    peer.send(NO_PIECES, request(0, 0, BLOCK_BYTES));
    await peer.closed();
    expect(waiting.closings).toEqual(['P2P_PIECE_NOT_OWNED']);
  });

  it('is closed for more requests than a queue may hold, at any length of the answers', async () => {
    const { server, served } = await startServer();
    const peer = await RawPeer.join(server.port, goodHeader());
    peer.socket.pause();
    peer.send(NO_PIECES, ...Array.from({ length: 80_000 }, () => request(0, 0, BLOCK_BYTES)));
    await waitUntil('it is closed', () => served.driver.peerCount === 0);
    expect(served.closings).toEqual(['P2P_TOO_MANY_REQUESTS']);
  });

  it('B35: may send keep-alives, also many, and between any frames', async () => {
    const { server, served } = await startServer();
    const peer = await RawPeer.join(server.port, goodHeader());
    const keepAlives = Buffer.alloc(4 * 1000);
    peer.send(keepAlives, NO_PIECES, keepAlives, request(1, 0, 10), keepAlives);
    await peer.take(4 + 1 + 2);
    const { payload } = await peer.takeFrame();
    expect(payload.subarray(8)).toEqual(TASK.piece(1).subarray(0, 10));
    expect(served.closings).toEqual([]);
  });

  it('may ask for any stretch of a piece, not only for whole blocks', async () => {
    const { server } = await startServer();
    const peer = await RawPeer.join(server.port, goodHeader());
    peer.send(NO_PIECES, request(9, 7, 1), request(3, BLOCK_BYTES - 3, 6));
    await peer.take(4 + 1 + 2);
    const first = await peer.takeFrame();
    expect(first.payload.subarray(8)).toEqual(TASK.piece(9).subarray(7, 8));
    const second = await peer.takeFrame();
    expect(second.payload.subarray(8)).toEqual(
      TASK.piece(3).subarray(BLOCK_BYTES - 3, BLOCK_BYTES + 3),
    );
  });
});

describe('an upstream that breaks the protocol', () => {
  /** Has every piece and, asked for the first, answers with `frames`. */
  async function startHostile(frames: readonly Uint8Array[]): Promise<string> {
    const { address } = await startRawServer(async (peer) => {
      await peer.take(goodHeader().length);
      peer.send(ACCEPTED, bitfield(Buffer.of(0xff, 0xc0)));
      await peer.takeFrame();
      await peer.takeFrame();
      peer.send(...frames);
    });
    return address;
  }

  it.each<Violation>([
    ...TO_ANYONE.slice(0, 10),
    ['a second bitfield', [bitfield(Buffer.of(0xff, 0xc0))], 'P2P_BITFIELD_REPEATED'],
    ['a wrong index', [piece(8, 0, Buffer.alloc(BLOCK_BYTES))], 'P2P_BLOCK_UNREQUESTED'],
    ['a block that is short', [piece(0, 0, Buffer.alloc(5))], 'P2P_BLOCK_UNREQUESTED'],
    ['an offset within a block', [piece(0, 1, Buffer.alloc(5))], 'P2P_BLOCK_UNREQUESTED'],
    [
      'one block twice',
      [0, 1].map(() => piece(0, 0, TASK.piece(0).subarray(0, BLOCK_BYTES))),
      'P2P_BLOCK_UNREQUESTED',
    ],
  ])('%s: it is left for the server', async (_what, frames, code) => {
    const { server } = await startServer();
    const store = emptyStore(TASK);
    const upstreams = [await startHostile(frames), server.address];
    const running = fetchTask(await startNode(), TASK, upstreams, { store });
    await finished(running);
    expect(running.closings).toEqual([code, 'P2P_TASK_ENDED']);
    expect((await storedBytes(store, TASK)).equals(TASK.bytes)).toBe(true);
  });

  it('is left for the server when it cuts the connection within a block', async () => {
    const { server } = await startServer();
    const { address } = await startRawServer(async (peer) => {
      await peer.take(goodHeader().length);
      peer.send(ACCEPTED, bitfield(Buffer.of(0xff, 0xc0)));
      await peer.takeFrame();
      peer.send(piece(0, 0, TASK.piece(0).subarray(0, BLOCK_BYTES)).subarray(0, 1000));
      peer.socket.end();
    });
    const store = emptyStore(TASK);
    await finished(fetchTask(await startNode(), TASK, [address, server.address], { store }));
    expect((await storedBytes(store, TASK)).equals(TASK.bytes)).toBe(true);
  });
});
