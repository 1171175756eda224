/**
 * Our data plane against the far ends of the field: peers that speak v1 as the reference does, by its
 * captured bytes and its habits, written without our codec.
 */
import { sampleTask } from '@gofd/piece-store/testing';
import { describe, expect, it } from 'vitest';
import {
  emptyStore,
  fetchTask,
  finished,
  openTask,
  goodHeader,
  serveTask,
  startNode,
  storedBytes,
  TASK_ID,
} from '../../test/nodes.ts';
import {
  ACCEPTED,
  bitfield,
  have,
  piece,
  RawPeer,
  request,
  startRawServer,
} from '../../test/raw-peer.ts';
import { startSplittingProxy } from '../../test/splitting-proxy.ts';
import { waitUntil } from '../../test/waiting.ts';

const PIECE_BYTES = 2 ** 20;
const BLOCK_BYTES = 32 * 2 ** 10;
/** Requests that the reference has out at a time. */
const REFERENCE_REQUESTS = 5;

/** The two files of the captured task: 1,118,587 bytes in two pieces. */
const TASK = sampleTask({
  pieceBytes: PIECE_BYTES,
  fileLengths: [1_118_576, 11],
  names: ['two.bin', 'one.txt'],
});
const ALL_PIECES = Buffer.of(0xc0);

/** The captured frames, as hex. */
const EMPTY_BITFIELD = '000000020100';
const FULL_BITFIELD = '0000000201c0';
const HAVE_PIECE_1 = '000000050000000001';
const REQUEST_PIECE_1 = '0000000d02000000010000000000008000';
const REQUEST_LAST_BLOCK = '0000000d0200000001000100000000117b';
const PIECE_1_BLOCK_0_HEADER = '00008009030000000100000000';
/** Not captured; by the same rule. */
const LAST_BLOCK_HEADER = '00001184030000000100010000';

interface Block {
  readonly piece: number;
  readonly begin: number;
  readonly length: number;
}

function blocksOf(index: number): Block[] {
  const pieceLength = TASK.layout.pieceLength(index);
  return Array.from({ length: Math.ceil(pieceLength / BLOCK_BYTES) }, (_, block) => {
    const begin = block * BLOCK_BYTES;
    return { piece: index, begin, length: Math.min(BLOCK_BYTES, pieceLength - begin) };
  });
}

function dataOf({ piece: index, begin, length }: Block): Buffer {
  return TASK.piece(index).subarray(begin, begin + length);
}

/** Downloads one piece as the reference does: some requests out, one more for each answer. */
async function downloadPiece(peer: RawPeer, index: number): Promise<Buffer> {
  const waiting = blocksOf(index);
  const data: Buffer[] = [];
  const ask = (): void => {
    const block = waiting.shift();
    if (block) peer.send(request(block.piece, block.begin, block.length));
  };
  for (let count = 0; count < REFERENCE_REQUESTS; count++) ask();
  for (const block of blocksOf(index)) {
    const { id, payload } = await peer.takeFrame();
    expect([id, payload.readUInt32BE(0), payload.readUInt32BE(4)]).toEqual([3, index, block.begin]);
    data.push(payload.subarray(8));
    ask();
  }
  return Buffer.concat(data);
}

describe('a downstream that speaks v1 by hand', () => {
  it('downloads the whole task from our server', async () => {
    const server = await startNode();
    const served = await serveTask(server, TASK);
    const peer = await RawPeer.dial(server.port);
    peer.send(goodHeader());
    expect(await peer.take(1)).toEqual(ACCEPTED);
    expect((await peer.take(6)).toString('hex')).toBe(FULL_BITFIELD);
    peer.send(Buffer.from(EMPTY_BITFIELD, 'hex'));
    const pieces = [await downloadPiece(peer, 0)];
    peer.send(have(0));
    pieces.push(await downloadPiece(peer, 1));
    peer.send(have(1));
    expect(Buffer.concat(pieces).equals(TASK.bytes)).toBe(true);
    await waitUntil('all is accounted for', () => served.driver.sentBytes === TASK.bytes.length);
    expect(served.closings).toEqual([]);
  });

  it('gets the captured bytes in answer to the captured requests', async () => {
    const server = await startNode();
    await serveTask(server, TASK);
    const peer = await RawPeer.join(server.port, goodHeader());
    await peer.take(6);
    peer.send(Buffer.from(EMPTY_BITFIELD + REQUEST_PIECE_1 + REQUEST_LAST_BLOCK, 'hex'));
    expect((await peer.take(13)).toString('hex')).toBe(PIECE_1_BLOCK_0_HEADER);
    const first = await peer.take(BLOCK_BYTES);
    expect(first.equals(dataOf({ piece: 1, begin: 0, length: BLOCK_BYTES }))).toBe(true);
    expect((await peer.take(13)).toString('hex')).toBe(LAST_BLOCK_HEADER);
    const last = await peer.take(4475);
    expect(last.equals(dataOf({ piece: 1, begin: 65_536, length: 4475 }))).toBe(true);
  });

  it('is told of each piece by HAVE once our agent has verified it, and is sent no keep-alive', async () => {
    const [server, agent] = await Promise.all([startNode(), startNode()]);
    await serveTask(server, TASK);
    const running = openTask(agent, TASK, emptyStore(TASK));
    const peer = await RawPeer.join(agent.port, goodHeader());
    expect((await peer.take(6)).toString('hex')).toBe(EMPTY_BITFIELD);
    peer.send(Buffer.from(EMPTY_BITFIELD, 'hex'));
    running.driver.setSources({ sources: [server.address], degree: 1 });
    const told = [await peer.takeFrame(), await peer.takeFrame()];
    expect(told.map(({ id }) => id)).toEqual([0, 0]);
    expect(told.map(({ payload }) => payload.readUInt32BE()).toSorted()).toEqual([0, 1]);
    expect((await downloadPiece(peer, 1)).equals(TASK.piece(1))).toBe(true);
  });

  it('may say that it has a piece already, and is not told of that one', async () => {
    const [server, agent] = await Promise.all([startNode(), startNode()]);
    await serveTask(server, TASK);
    const running = openTask(agent, TASK, emptyStore(TASK));
    const peer = await RawPeer.join(agent.port, goodHeader());
    peer.send(bitfield(Buffer.of(0x80)));
    await peer.take(6);
    running.driver.setSources({ sources: [server.address], degree: 1 });
    await finished(running);
    expect((await peer.take(9)).toString('hex')).toBe(HAVE_PIECE_1);
    peer.send(request(0, 0, 1));
    const { id, payload } = await peer.takeFrame();
    expect([id, payload.subarray(8)]).toEqual([3, TASK.piece(0).subarray(0, 1)]);
  });
});

describe('an upstream that speaks v1 by hand', () => {
  /** Reads the header, accepts, tells what it has and answers requests in order. */
  async function serveAsReference(peer: RawPeer, ...told: readonly Uint8Array[]): Promise<void> {
    await peer.take(goodHeader().length);
    peer.send(ACCEPTED);
    for (const frame of told) peer.send(frame);
    for (;;) {
      const { id, payload } = await peer.takeFrame();
      if (id !== 2) continue;
      const [index, begin, length] = [0, 4, 8].map((offset) => payload.readUInt32BE(offset));
      const block = { piece: index ?? 0, begin: begin ?? 0, length: length ?? 0 };
      peer.send(piece(block.piece, block.begin, dataOf(block)));
    }
  }

  it('is downloaded from, whole and right', async () => {
    const upstream = await startRawServer((peer) => serveAsReference(peer, bitfield(ALL_PIECES)));
    const store = emptyStore(TASK);
    const running = fetchTask(await startNode(), TASK, [upstream.address], { store });
    await finished(running);
    expect((await storedBytes(store, TASK)).equals(TASK.bytes)).toBe(true);
    expect(upstream.peers).toHaveLength(1);
  });

  it('hears our header, then our bitfield, then requests of 32 KiB, and nothing it cannot read', async () => {
    const heard: Buffer[] = [];
    const upstream = await startRawServer(async (peer) => {
      heard.push(await peer.take(goodHeader().length));
      peer.send(ACCEPTED, bitfield(ALL_PIECES));
      heard.push(await peer.take(6));
      const requests = blocksOf(0).length + blocksOf(1).length;
      for (let count = 0; count < requests; count++) heard.push(await peer.take(17));
    });
    fetchTask(await startNode(), TASK, [upstream.address]);
    await waitUntil('all is asked for', () => heard.length === 2 + 32 + 3);
    expect(heard[0]).toEqual(Buffer.from(goodHeader(TASK_ID)));
    const frames = heard.slice(1).map((frame) => frame.toString('hex'));
    expect(frames[0]).toBe(EMPTY_BITFIELD);
    expect(frames.slice(1)).toEqual(
      [...blocksOf(0), ...blocksOf(1)].map((block) =>
        request(block.piece, block.begin, block.length).toString('hex'),
      ),
    );
    expect(frames).toContain(REQUEST_PIECE_1);
    expect(frames.at(-1)).toBe(REQUEST_LAST_BLOCK);
  });

  it('may learn of its pieces one by one, as an agent in the middle of a chain does', async () => {
    const upstream = await startRawServer((peer) =>
      serveAsReference(peer, bitfield(Buffer.of(0x00)), have(1), have(0)),
    );
    const store = emptyStore(TASK);
    await finished(fetchTask(await startNode(), TASK, [upstream.address], { store }));
    expect((await storedBytes(store, TASK)).equals(TASK.bytes)).toBe(true);
  });

  it('may answer in any order', async () => {
    const upstream = await startRawServer(async (peer) => {
      await peer.take(goodHeader().length);
      peer.send(ACCEPTED, bitfield(ALL_PIECES));
      await peer.takeFrame();
      const blocks = [...blocksOf(0), ...blocksOf(1)];
      for (const _request of blocks) await peer.takeFrame();
      for (const block of blocks.toReversed()) {
        peer.send(piece(block.piece, block.begin, dataOf(block)));
      }
    });
    const store = emptyStore(TASK);
    await finished(fetchTask(await startNode(), TASK, [upstream.address], { store }));
    expect((await storedBytes(store, TASK)).equals(TASK.bytes)).toBe(true);
  });
});

describe('a network that cuts the stream anywhere', () => {
  it.each([1, 2, 3])('changes nothing (seed %i)', async (seed) => {
    const [server, agent] = await Promise.all([startNode(), startNode()]);
    await serveTask(server, TASK);
    const store = emptyStore(TASK);
    const upstream = await startSplittingProxy(server.port, seed);
    const running = fetchTask(agent, TASK, [upstream], { store });
    await finished(running);
    expect((await storedBytes(store, TASK)).equals(TASK.bytes)).toBe(true);
    expect(running.closings).toEqual(['P2P_TASK_ENDED']);
  });
});
