/**
 * What a peer that knows the key may not do to a session of wire v2, written byte by byte: it is closed
 * for a stated reason, or ignored, and the session completes. What it costs: libs/p2p-sim.
 */
import { sampleTask } from '@gofd/piece-store/testing';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../test/manual-clock.ts';
import {
  emptyStore,
  finished,
  openTask,
  serveTask,
  startNode,
  storedBytes,
  TASK_ID,
  type Node,
  type RunningTask,
} from '../../test/nodes.ts';
import { joinV2, V2, welcomeV2 } from '../../test/raw-hello.ts';
import {
  bitfield,
  have,
  piece,
  rawFrame,
  request,
  startRawServer,
  uint32,
  type RawPeer,
} from '../../test/raw-peer.ts';
import { eventLoopTurn, waitUntil } from '../../test/waiting.ts';

const BLOCK_BYTES = 32 * 2 ** 10;
/** Ten pieces of two blocks, the last one of one block and a bit. */
const TASK = sampleTask({ pieceBytes: 2 * BLOCK_BYTES, fileLengths: [19 * BLOCK_BYTES + 100] });
const NO_PIECES = bitfield(Buffer.alloc(2));
const ALL_PIECES = bitfield(Buffer.of(0xff, 0xc0));
const MAX_HAVE_MANY = 1_024;
const REQUEST_ID = 2;
const STEP_MS = 500;

const reject = (index: number): Buffer => rawFrame(16, uint32(index));
const cancel = (index: number): Buffer => rawFrame(17, uint32(index));
const haveMany = (...pieces: readonly number[]): Buffer => rawFrame(18, ...pieces.map(uint32));
const goodbye = (reason: number): Buffer => rawFrame(19, Buffer.of(reason));

type Violation = [what: string, frames: readonly Uint8Array[], code: string];
type Nuisance = [what: string, frames: readonly Uint8Array[]];

/** Wrong from whomever it comes. */
const VIOLATIONS: Violation[] = [
  ['a frame of 4 GiB', [uint32(0xffffffff)], 'P2P_FRAME_TOO_LARGE'],
  ['a frame one above the largest', [uint32(9 + BLOCK_BYTES + 1)], 'P2P_FRAME_TOO_LARGE'],
  ['an unknown frame that is too large', [uint32(2 ** 20), Buffer.of(99)], 'P2P_FRAME_TOO_LARGE'],
  ['the first id that is not in v1', [NO_PIECES, rawFrame(4)], 'P2P_UNKNOWN_MESSAGE'],
  ['the last id that may not be added', [NO_PIECES, rawFrame(15)], 'P2P_UNKNOWN_MESSAGE'],
  ['a bitfield one byte short', [bitfield(Buffer.alloc(1))], 'P2P_BAD_LENGTH'],
  ['a bitfield one byte long', [bitfield(Buffer.alloc(3))], 'P2P_BAD_LENGTH'],
  ['a bitfield with a spare bit', [bitfield(Buffer.of(0, 1))], 'P2P_BAD_BITFIELD'],
  ['a second bitfield', [NO_PIECES, NO_PIECES], 'P2P_BITFIELD_REPEATED'],
  ['a HAVE before the bitfield', [have(0)], 'P2P_BITFIELD_EXPECTED'],
  ['a HAVE_MANY before the bitfield', [haveMany(0, 1)], 'P2P_BITFIELD_EXPECTED'],
  ['a HAVE of the piece after the last', [NO_PIECES, have(10)], 'P2P_PIECE_OUT_OF_RANGE'],
  ['a HAVE_MANY with one of them', [NO_PIECES, haveMany(0, 1, 10)], 'P2P_PIECE_OUT_OF_RANGE'],
  ['a HAVE_MANY of nothing', [NO_PIECES, haveMany()], 'P2P_BAD_LENGTH'],
  ['a HAVE_MANY cut short', [NO_PIECES, rawFrame(18, Buffer.alloc(7))], 'P2P_BAD_LENGTH'],
  [
    'a HAVE_MANY of one more than may be',
    [NO_PIECES, haveMany(...Array<number>(MAX_HAVE_MANY + 1).fill(0))],
    'P2P_BAD_LENGTH',
  ],
  ['a REJECT one byte short', [NO_PIECES, rawFrame(16, Buffer.alloc(3))], 'P2P_BAD_LENGTH'],
  ['a CANCEL one byte long', [NO_PIECES, rawFrame(17, Buffer.alloc(5))], 'P2P_BAD_LENGTH'],
  ['a GOODBYE without a reason', [NO_PIECES, rawFrame(19)], 'P2P_BAD_LENGTH'],
  ['a REQUEST before the bitfield', [request(0, 0, 1)], 'P2P_BITFIELD_EXPECTED'],
  ['a REQUEST after the last piece', [NO_PIECES, request(10, 0, 1)], 'P2P_PIECE_OUT_OF_RANGE'],
  ['a REQUEST of nothing', [NO_PIECES, request(0, 0, 0)], 'P2P_BLOCK_OUT_OF_RANGE'],
  [
    'a REQUEST past the end of its piece',
    [NO_PIECES, request(0, BLOCK_BYTES, BLOCK_BYTES + 1)],
    'P2P_BLOCK_OUT_OF_RANGE',
  ],
  [
    'a REQUEST whose sum overflows 32 bits',
    [NO_PIECES, request(0, 0xffffffff, 2)],
    'P2P_BLOCK_OUT_OF_RANGE',
  ],
  ['a PIECE without data', [NO_PIECES, rawFrame(3, Buffer.alloc(8))], 'P2P_BAD_LENGTH'],
  [
    'a PIECE that nobody asked for',
    [NO_PIECES, piece(9, BLOCK_BYTES, Buffer.alloc(100))],
    'P2P_BLOCK_UNREQUESTED',
  ],
  [
    'a PIECE after the last piece',
    [NO_PIECES, piece(0xffffffff, 0xffffffff, Buffer.of(1))],
    'P2P_BLOCK_UNREQUESTED',
  ],
];

/** Useless, but allowed. */
const NUISANCES: Nuisance[] = [
  ['keep-alives', [Buffer.alloc(4 * 1_000), NO_PIECES, Buffer.alloc(4 * 1_000)]],
  ['ids that may be added one day', [NO_PIECES, rawFrame(20), rawFrame(255, Buffer.alloc(4_000))]],
  ['a REJECT of what nobody asked', [NO_PIECES, reject(0), reject(0xffffffff)]],
  ['a CANCEL of what it did not ask', [NO_PIECES, cancel(0), cancel(0xffffffff)]],
  [
    'a flood of HAVEs',
    [NO_PIECES, ...Array<Buffer>(500).fill(haveMany(...Array<number>(MAX_HAVE_MANY).fill(9)))],
  ],
  ['GOODBYE, and goes on', [NO_PIECES, goodbye(0), goodbye(99), have(9)]],
];

describe('a peer that dials a session of v2', () => {
  async function startServer(): Promise<{ server: Node; served: RunningTask }> {
    const server = await startNode();
    return { server, served: await serveTask(server, TASK, { security: V2 }) };
  }

  async function expectServed(peer: RawPeer): Promise<void> {
    peer.send(request(0, 0, BLOCK_BYTES));
    await peer.take(4 + 1 + 2);
    const { payload } = await peer.takeFrame();
    expect(payload.subarray(8).equals(TASK.piece(0).subarray(0, BLOCK_BYTES))).toBe(true);
  }

  it.each(VIOLATIONS)('is closed for %s, and no other is', async (_what, frames, code) => {
    const { server, served } = await startServer();
    const honest = await joinV2(server.port);
    honest.send(NO_PIECES);
    const hostile = await joinV2(server.port);
    hostile.send(...frames);
    await hostile.closed();
    expect(served.closings).toEqual([code]);
    await expectServed(honest);
    expect(served.failure).toBeUndefined();
  });

  it.each(NUISANCES)('may send %s, and is served', async (_what, frames) => {
    const { server, served } = await startServer();
    const peer = await joinV2(server.port);
    peer.send(...frames);
    await expectServed(peer);
    expect(served.closings).toEqual([]);
  });

  it('is closed for a request of a piece that is not there yet', async () => {
    const node = await startNode();
    const waiting = openTask(node, TASK, emptyStore(TASK), { security: V2 });
    const peer = await joinV2(node.port);
    peer.send(NO_PIECES, request(0, 0, BLOCK_BYTES));
    await peer.closed();
    expect(waiting.closings).toEqual(['P2P_PIECE_NOT_OWNED']);
  });

  it('is closed for more requests than a queue may hold', async () => {
    const { server, served } = await startServer();
    const peer = await joinV2(server.port);
    peer.socket.pause();
    peer.send(NO_PIECES, ...Array.from({ length: 80_000 }, () => request(0, 0, BLOCK_BYTES)));
    await waitUntil('it is closed', () => served.closings.length > 0);
    expect(served.closings).toEqual(['P2P_TOO_MANY_REQUESTS']);
  });

  it('is closed when it asks and does not read', async () => {
    const clock = new ManualClock();
    const server = await startNode({ clock });
    const served = await serveTask(server, TASK, { security: V2 });
    const peer = await joinV2(server.port);
    peer.socket.pause();
    const asked = Array.from({ length: 2_000 }, () => request(0, 0, BLOCK_BYTES));
    peer.send(NO_PIECES, ...asked);
    await waitUntil('it has been sent something', () => served.driver.sentBytes > 0);
    await advanceUntil(clock, () => served.driver.peerCount === 0);
    expect(served.closings).toEqual(['P2P_UPLOAD_STALLED']);
  });

  it('is closed when it never says what it has', async () => {
    const clock = new ManualClock();
    const server = await startNode({ clock });
    const served = await serveTask(server, TASK, { security: V2 });
    await joinV2(server.port);
    await waitUntil('it is let in', () => served.driver.peerCount === 1);
    await advanceUntil(clock, () => served.driver.peerCount === 0);
    expect(served.closings).toEqual(['P2P_BITFIELD_TIMEOUT']);
  });
});

describe('a source in a mesh', () => {
  interface Mesh {
    readonly clock: ManualClock;
    readonly server: Node;
    readonly running: RunningTask;
    readonly store: ReturnType<typeof emptyStore>;
  }

  /** An agent whose one source is the liar; the server lets it in, and says nothing before it is asked to. */
  async function startMesh(lie: (peer: RawPeer) => Promise<void> | void): Promise<Mesh> {
    const clock = new ManualClock();
    const [server, agent] = await Promise.all([startNode(), startNode({ clock })]);
    const liar = await startRawServer(async (peer) => {
      await welcomeV2(peer);
      await lie(peer);
    });
    server.plane.expect(TASK_ID, V2);
    const store = emptyStore(TASK);
    const running = openTask(agent, TASK, store, { security: V2 });
    running.driver.setSources({ sources: [liar.address], degree: 1, origin: server.address });
    return { clock, server, running, store };
  }

  /** The server serves from now on, and with it the session completes. */
  async function expectCompletion({ clock, server, running, store }: Mesh): Promise<void> {
    await serveTask(server, TASK, { security: V2 });
    await advanceUntil(clock, () => running.isFinished || running.failure !== undefined);
    await finished(running);
    expect((await storedBytes(store, TASK)).equals(TASK.bytes)).toBe(true);
  }

  it.each(VIOLATIONS)('is closed for %s', async (_what, frames, code) => {
    const mesh = await startMesh((peer) => peer.send(...frames));
    await waitUntil('it is closed', () => mesh.running.closings.length > 0);
    expect(mesh.running.closings[0]).toBe(code);
    await expectCompletion(mesh);
  });

  it.each(NUISANCES)('may send %s', async (_what, frames) => {
    const mesh = await startMesh((peer) => peer.send(...frames));
    await waitUntil('both are connected', () => mesh.running.driver.peerCount === 2);
    await expectCompletion(mesh);
    expect(new Set(mesh.running.closings)).toEqual(new Set(['P2P_TASK_ENDED']));
  });

  /** Says that it has everything, and answers each request. */
  function whenAsked(
    answer: (peer: RawPeer, index: number, begin: number, length: number) => void,
  ): (peer: RawPeer) => Promise<void> {
    return async (peer) => {
      peer.send(ALL_PIECES);
      for (;;) {
        const { id, payload } = await peer.takeFrame();
        if (id !== REQUEST_ID) continue;
        const [index, begin, length] = [0, 4, 8].map((at) => payload.readUInt32BE(at));
        answer(peer, index ?? 0, begin ?? 0, length ?? 0);
      }
    };
  }

  it.each<[what: string, lie: (peer: RawPeer) => Promise<void> | void, code: string]>([
    [
      'sends wrong bytes',
      whenAsked((peer, index, begin, length) =>
        peer.send(piece(index, begin, Buffer.alloc(length))),
      ),
      'P2P_BAD_PIECE',
    ],
    [
      'sends another block than was asked',
      whenAsked((peer, index, begin, length) =>
        peer.send(piece(index, begin + 1, Buffer.alloc(length - 1))),
      ),
      'P2P_BLOCK_UNREQUESTED',
    ],
    [
      'sends a block twice',
      whenAsked((peer, index, begin, length) => {
        const data = TASK.piece(index).subarray(begin, begin + length);
        peer.send(piece(index, begin, data), piece(index, begin, data));
      }),
      'P2P_BLOCK_UNREQUESTED',
    ],
    [
      'rejects whatever it is asked',
      whenAsked((peer, index) => peer.send(reject(index))),
      'P2P_STARVED',
    ],
    ['never gives what it has', (peer) => peer.send(ALL_PIECES), 'P2P_REQUEST_TIMEOUT'],
    ['never says what it has', () => undefined, 'P2P_BITFIELD_TIMEOUT'],
  ])('that %s is closed', async (_what, lie, code) => {
    const mesh = await startMesh(lie);
    await advanceUntil(mesh.clock, () => mesh.running.closings.includes(code));
    await expectCompletion(mesh);
  });

  it('that sends wrong bytes again and again is not dialled any more', async () => {
    let dials = 0;
    const lie = whenAsked((peer, index, begin, length) =>
      peer.send(piece(index, begin, Buffer.alloc(length))),
    );
    const mesh = await startMesh((peer) => {
      dials += 1;
      return lie(peer);
    });
    await advanceUntil(mesh.clock, () => dials === 3 && mesh.running.driver.peerCount <= 1);
    await mesh.clock.advance(60_000);
    await expectCompletion(mesh);
    expect(dials).toBe(3);
  });
});

/** Lets time pass in steps, and sockets and disk have their say between them. */
async function advanceUntil(clock: ManualClock, isTrue: () => boolean): Promise<void> {
  for (let turn = 0; !isTrue(); turn++) {
    if (turn > 20_000) throw new Error('waited in vain');
    if (turn % 20 === 19) await clock.advance(STEP_MS);
    await eventLoopTurn();
  }
}
