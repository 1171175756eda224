/** What can come to the data port of tasks that run v2, byte by byte over real sockets. */
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { goodHeader, GOOD_PROOF, HOST } from '../../test/nodes.ts';
import {
  greet,
  HELLO,
  OTHER_KEY,
  rawHello,
  rawProof,
  V2,
  WELCOME_BYTES,
} from '../../test/raw-hello.ts';
import { RawPeer } from '../../test/raw-peer.ts';
import { eventLoopTurn, waitUntil } from '../../test/waiting.ts';
import type { ProvenPeer } from './handshake.port.ts';
import { HANDSHAKE_TIMEOUT_MS, MAX_UNPROVEN_SOCKETS_PER_ADDRESS } from './limits.ts';
import type { PeerConnection } from './peer-connection.ts';
import { PeerListener } from './peer-listener.ts';

const V1_TASK = 'v1-task';

interface Listening {
  readonly listener: PeerListener;
  readonly port: number;
  readonly accepted: { peer: ProvenPeer; connection: PeerConnection }[];
  readonly refusals: string[];
}

/** Both streams of the task of HELLO run v2; V1_TASK runs v1. */
async function startListener(): Promise<Listening> {
  const accepted: Listening['accepted'] = [];
  const refusals: string[] = [];
  const listener = new PeerListener({
    authenticate: ({ digest }) => Promise.resolve(digest === GOOD_PROOF.digest),
    securityOf: (taskId, stream) => {
      if (taskId === HELLO.taskId) return V2;
      return taskId === V1_TASK && stream === 'content' ? { version: 1 } : undefined;
    },
    accept: (peer, connection) => accepted.push({ peer, connection }),
    refused: (_remoteAddress, code) => refusals.push(code),
  });
  const port = await listener.listen(HOST, 0);
  onTestFinished(() => listener.close());
  return { listener, port, accepted, refusals };
}

/** A peer that goes through the whole handshake as it should. */
async function join({ port, accepted }: Listening, hello = HELLO): Promise<RawPeer> {
  const before = accepted.length;
  const peer = await RawPeer.dial(port);
  const { nonce } = await greet(peer, hello);
  peer.send(rawProof('dialler', hello, nonce));
  await waitUntil('it is accepted', () => accepted.length > before);
  return peer;
}

/** Closed without another byte, for one reason, and nobody let in. */
async function expectRefused(
  peer: RawPeer,
  { refusals, accepted, listener }: Listening,
  code: string,
): Promise<void> {
  await peer.closed();
  await expect(peer.take(1)).rejects.toThrow('closed');
  expect(refusals).toEqual([code]);
  expect(accepted).toEqual([]);
  await waitUntil('the socket is forgotten', () => listener.unprovenCount === 0);
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a listener with tasks that run v2', () => {
  it('proves itself, and hands over a peer that does, with what it said of itself', async () => {
    const listening = await startListener();
    const peer = await RawPeer.dial(listening.port);
    const welcome = await greet(peer);
    expect([welcome.version, welcome.features]).toEqual([2, 0]);
    expect(welcome.proof).toEqual(rawProof('listener', HELLO, welcome.nonce));
    expect(listening.accepted).toEqual([]);
    peer.send(rawProof('dialler', HELLO, welcome.nonce));
    await waitUntil('it is accepted', () => listening.accepted.length === 1);
    expect(listening.accepted[0]?.peer).toEqual({
      taskId: HELLO.taskId,
      stream: 'content',
      agentId: 'host-7',
    });
    expect([listening.listener.unprovenCount, listening.refusals]).toEqual([0, []]);
    expect(peer.isClosed).toBe(false);
  });

  it('tells the streams of a task apart', async () => {
    const listening = await startListener();
    await join(listening, { ...HELLO, stream: 1 });
    expect(listening.accepted[0]?.peer.stream).toBe('manifest');
  });

  it('takes a HELLO and a proof that come byte by byte', async () => {
    const listening = await startListener();
    const peer = await RawPeer.dial(listening.port);
    const trickle = async (bytes: Buffer): Promise<void> => {
      for (const byte of bytes) {
        peer.send(Buffer.of(byte));
        await eventLoopTurn();
      }
    };
    await trickle(rawHello());
    const welcome = await peer.take(WELCOME_BYTES);
    await trickle(rawProof('dialler', HELLO, welcome.subarray(5, 37)));
    await waitUntil('it is accepted', () => listening.accepted.length === 1);
  });

  it('passes on the frames that came in one segment with the proof', async () => {
    const listening = await startListener();
    const peer = await RawPeer.dial(listening.port);
    const { nonce } = await greet(peer);
    peer.send(rawProof('dialler', HELLO, nonce), Buffer.from('0000000201c00000000500', 'hex'));
    await waitUntil('it is accepted', () => listening.accepted.length === 1);
    const messages: string[] = [];
    listening.accepted[0]?.connection.open(
      { pieceCount: 2, maxBlockBytes: 10 },
      {
        message: ({ type }) => messages.push(type),
        blockStarts: () => undefined,
        blockEnds: () => undefined,
        violation: (code) => messages.push(code),
        dataSent: () => undefined,
        closed: () => undefined,
      },
    );
    peer.send(Buffer.from('00000001', 'hex'));
    await waitUntil('both messages have come', () => messages.length === 2);
    expect(messages).toEqual(['bitfield', 'have']);
  });

  it('refuses a peer that does not know the key', async () => {
    const listening = await startListener();
    const peer = await RawPeer.dial(listening.port);
    const { nonce } = await greet(peer);
    peer.send(rawProof('dialler', HELLO, nonce, OTHER_KEY));
    await expectRefused(peer, listening, 'P2P_AUTH_FAILED');
  });

  it('refuses a recorded handshake that is played to it again', async () => {
    const { port, accepted, refusals } = await startListener();
    const honest = await RawPeer.dial(port);
    const { nonce } = await greet(honest);
    const recordedProof = rawProof('dialler', HELLO, nonce);
    honest.send(recordedProof);
    await waitUntil('the recorded one was good', () => accepted.length === 1);
    const replaying = await RawPeer.dial(port);
    await greet(replaying);
    replaying.send(recordedProof);
    await replaying.closed();
    expect([refusals, accepted.length]).toEqual([['P2P_AUTH_FAILED'], 1]);
    expect(honest.isClosed).toBe(false);
  });

  it('refuses a proof that comes before its nonce is known, as a recording would', async () => {
    const listening = await startListener();
    const peer = await RawPeer.dial(listening.port);
    peer.send(rawHello(), rawProof('dialler', HELLO, Buffer.alloc(32)));
    await expectRefused(peer, listening, 'P2P_BAD_HELLO');
  });

  it('refuses its own proof when it is sent back', async () => {
    const listening = await startListener();
    const peer = await RawPeer.dial(listening.port);
    const { proof } = await greet(peer);
    peer.send(proof);
    await expectRefused(peer, listening, 'P2P_AUTH_FAILED');
  });

  it('refuses its own proof of another connection, with its nonce taken for ours', async () => {
    const { port, accepted, refusals } = await startListener();
    const victim = await RawPeer.dial(port);
    const { nonce } = await greet(victim);
    const oracle = await RawPeer.dial(port);
    const { proof } = await greet(oracle, { ...HELLO, nonce });
    victim.send(proof);
    await victim.closed();
    expect([refusals, accepted]).toEqual([['P2P_AUTH_FAILED'], []]);
  });

  it.each<[string, Uint8Array, string]>([
    [
      'a HELLO for a task that runs v1',
      rawHello({ ...HELLO, taskId: V1_TASK }),
      'P2P_VERSION_MISMATCH',
    ],
    ['a v1 header for a task that runs v2', goodHeader(HELLO.taskId), 'P2P_VERSION_MISMATCH'],
    ['a HELLO for an unknown task', rawHello({ ...HELLO, taskId: 'other' }), 'P2P_TASK_UNKNOWN'],
    [
      'a HELLO for a stream that is not open',
      rawHello({ ...HELLO, taskId: V1_TASK, stream: 1 }),
      'P2P_TASK_UNKNOWN',
    ],
    [
      'a HELLO for a stream that does not exist',
      rawHello({ ...HELLO, stream: 2 }),
      'P2P_BAD_HELLO',
    ],
    ['a HELLO of version 3', Buffer.from('47464432002803', 'hex'), 'P2P_VERSION_UNSUPPORTED'],
    ['a HELLO of length 65535', Buffer.from('47464432ffff02', 'hex'), 'P2P_HEADER_TOO_LARGE'],
    ['a HELLO of length 0', Buffer.from('47464432000002', 'hex'), 'P2P_BAD_HELLO'],
    [
      'garbage behind a good beginning',
      Buffer.concat([Buffer.from('47464432010002', 'hex'), Buffer.alloc(2_000, 0xee)]),
      'P2P_BAD_HELLO',
    ],
    ['garbage', Buffer.alloc(100_000, 0xa5), 'P2P_HEADER_TOO_LARGE'],
    ['the magic of another version', Buffer.from('GFD9'), 'P2P_HEADER_TOO_LARGE'],
  ])('refuses %s, says nothing and closes', async (_what, bytes, code) => {
    const listening = await startListener();
    const peer = await RawPeer.dial(listening.port);
    peer.send(bytes);
    await expectRefused(peer, listening, code);
  });

  it('refuses the v1 header of a stranger for what it is, whatever the task runs', async () => {
    const listening = await startListener();
    const peer = await RawPeer.dial(listening.port);
    const header = Buffer.from(goodHeader(HELLO.taskId));
    header.write('evil', header.indexOf('good'));
    peer.send(header);
    await expectRefused(peer, listening, 'P2P_AUTH_FAILED');
  });

  it('serves v1 and v2 tasks side by side', async () => {
    const listening = await startListener();
    await RawPeer.join(listening.port, goodHeader(V1_TASK));
    await join(listening);
    expect(listening.accepted.map(({ peer }) => peer)).toEqual([
      { taskId: V1_TASK, stream: 'content', agentId: '' },
      { taskId: HELLO.taskId, stream: 'content', agentId: 'host-7' },
    ]);
  });

  it('closes what is not proven in time; a WELCOME does not start the clock again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const listening = await startListener();
    const { port, listener, refusals } = listening;
    const started = await RawPeer.dial(port);
    const greeted = await RawPeer.dial(port);
    started.send(rawHello().subarray(0, 20));
    await waitUntil('both are accepted', () => listener.unprovenCount === 2);
    vi.advanceTimersByTime(HANDSHAKE_TIMEOUT_MS - 1);
    const { nonce } = await greet(greeted);
    greeted.send(rawProof('dialler', HELLO, nonce).subarray(0, 31));
    const honest = await join(listening);
    expect(refusals).toEqual([]);
    vi.advanceTimersByTime(1);
    await Promise.all([started.closed(), greeted.closed()]);
    expect(refusals).toEqual(['P2P_HANDSHAKE_TIMEOUT', 'P2P_HANDSHAKE_TIMEOUT']);
    expect(listener.unprovenCount).toBe(0);
    vi.advanceTimersByTime(HANDSHAKE_TIMEOUT_MS);
    await eventLoopTurn();
    expect(honest.isClosed).toBe(false);
  });

  it('counts a greeted peer as unproven: one address has no more of them than it may', async () => {
    const { port, listener, refusals } = await startListener();
    for (let count = 0; count < MAX_UNPROVEN_SOCKETS_PER_ADDRESS; count++) {
      await greet(await RawPeer.dial(port));
    }
    expect(listener.unprovenCount).toBe(MAX_UNPROVEN_SOCKETS_PER_ADDRESS);
    await (await RawPeer.dial(port)).closed();
    expect(refusals).toEqual(['P2P_TOO_MANY_SOCKETS']);
  });

  it('survives peers that reset the connection at any point', async () => {
    const listening = await startListener();
    const hello = rawHello();
    for (const byteCount of [0, 1, 6, 7, 30, hello.length]) {
      const peer = await RawPeer.dial(listening.port);
      peer.send(hello.subarray(0, byteCount));
      peer.socket.resetAndDestroy();
    }
    const greeted = await RawPeer.dial(listening.port);
    await greet(greeted);
    greeted.socket.resetAndDestroy();
    await join(listening);
    await waitUntil('they are forgotten', () => listening.listener.unprovenCount === 0);
  });
});
