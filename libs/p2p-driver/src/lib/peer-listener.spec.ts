import { deriveHeaderDigest } from '@gofd/auth-crypto';
import type { PeerHeader } from '@gofd/p2p-protocol';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { goodHeader, GOOD_PROOF, headerOf, HOST, TASK_ID } from '../../test/nodes.ts';
import { ACCEPTED, RawPeer, uint32 } from '../../test/raw-peer.ts';
import { eventLoopTurn, waitUntil } from '../../test/waiting.ts';
import {
  HANDSHAKE_TIMEOUT_MS,
  MAX_UNPROVEN_SOCKETS,
  MAX_UNPROVEN_SOCKETS_PER_ADDRESS,
} from './limits.ts';
import type { PeerConnection } from './peer-connection.ts';
import { PeerListener } from './peer-listener.ts';

interface Listening {
  readonly listener: PeerListener;
  readonly port: number;
  readonly accepted: { taskId: string; connection: PeerConnection }[];
  readonly refusals: string[];
}

async function startListener(
  authenticate = ({ digest }: PeerHeader): Promise<boolean> =>
    Promise.resolve(digest === GOOD_PROOF.digest),
): Promise<Listening> {
  const accepted: Listening['accepted'] = [];
  const refusals: string[] = [];
  const listener = new PeerListener({
    authenticate,
    securityOf: (taskId) => (taskId === TASK_ID ? { version: 1 } : undefined),
    accept: ({ taskId }, connection) => accepted.push({ taskId, connection }),
    refused: (_remoteAddress, code) => refusals.push(code),
  });
  const port = await listener.listen(HOST, 0);
  onTestFinished(() => listener.close());
  return { listener, port, accepted, refusals };
}

/** Only the timers: the sockets keep on working. */
function takeOverTimers(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
}

afterEach(() => {
  vi.useRealTimers();
});

describe('PeerListener', () => {
  it('hands a proven peer over with its task and answers 0xFF, nothing more', async () => {
    const { port, accepted, listener, refusals } = await startListener();
    const peer = await RawPeer.join(port, goodHeader());
    expect(accepted.map(({ taskId }) => taskId)).toEqual([TASK_ID]);
    expect(accepted[0]?.connection.remoteAddress).toBe(`${HOST}:${peer.socket.localPort}`);
    expect([listener.unprovenCount, refusals]).toEqual([0, []]);
  });

  it('accepts the captured header of the reference with its password', async () => {
    const { port } = await startListener(
      async ({ taskId, username, digest, salt }) =>
        taskId === 't1' &&
        username === 'gofd' &&
        digest === (await deriveHeaderDigest('gofd', salt)),
    );
    const fields =
      't1\0gofd\0DlYEC+BL2GZrFPQmZbjHDRV+V0bJxM/cphp/u6dQbOpD+Zi55vSm4Q==\0yTs1ZGU0BYQ=\0';
    const header = Buffer.concat([Buffer.from('0000004e', 'hex'), Buffer.from(fields)]);
    await RawPeer.join(port, header);
  });

  it('B98: takes a header that comes byte by byte', async () => {
    const { port, accepted } = await startListener();
    const peer = await RawPeer.dial(port);
    for (const byte of goodHeader()) {
      peer.send(Buffer.of(byte));
      await eventLoopTurn();
    }
    expect(await peer.take(1)).toEqual(ACCEPTED);
    expect(accepted).toHaveLength(1);
  });

  it('passes on the frames that came in one segment with the header', async () => {
    const { port, accepted } = await startListener();
    const peer = await RawPeer.dial(port);
    peer.send(goodHeader(), Buffer.from('0000000201c0', 'hex'), Buffer.from('0000000500', 'hex'));
    await peer.take(1);
    const messages: string[] = [];
    accepted[0]?.connection.open(
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

  it.each<[string, Uint8Array, string]>([
    [
      'B63: a wrong password',
      headerOf({ ...GOOD_PROOF, taskId: TASK_ID, digest: 'bad' }),
      'P2P_AUTH_FAILED',
    ],
    ['a task that is not known', goodHeader('other'), 'P2P_TASK_UNKNOWN'],
    ['a header of length 0', uint32(0), 'P2P_HEADER_TOO_LARGE'],
    ['a header of length -1', uint32(0xffffffff), 'P2P_HEADER_TOO_LARGE'],
    ['a header of length 201', uint32(201), 'P2P_HEADER_TOO_LARGE'],
    [
      'a header of three fields',
      Buffer.concat([uint32(6), Buffer.from('a\0b\0c\0')]),
      'P2P_BAD_HEADER',
    ],
    [
      'a header of five fields',
      Buffer.concat([uint32(10), Buffer.from('a\0b\0c\0d\0e\0')]),
      'P2P_BAD_HEADER',
    ],
    [
      'a header without its last NUL',
      Buffer.concat([uint32(7), Buffer.from('a\0b\0c\0d')]),
      'P2P_BAD_HEADER',
    ],
    [
      'a header that is not UTF-8',
      Buffer.concat([uint32(8), Buffer.from([0xc0, 0xae, 0, 98, 0, 99, 0, 0])]),
      'P2P_BAD_HEADER',
    ],
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), 'P2P_HEADER_TOO_LARGE'],
    ['a TLS hello', Buffer.from('16030100c8010000c40303', 'hex'), 'P2P_HEADER_TOO_LARGE'],
    ['an SSH greeting', Buffer.from('SSH-2.0-OpenSSH_9.9\r\n'), 'P2P_HEADER_TOO_LARGE'],
  ])('refuses %s, says nothing and closes', async (_what, bytes, code) => {
    const { port, refusals, accepted, listener } = await startListener();
    const peer = await RawPeer.dial(port);
    peer.send(bytes);
    await peer.closed();
    await expect(peer.take(1)).rejects.toThrow('closed');
    expect(refusals).toEqual([code]);
    expect(accepted).toEqual([]);
    await waitUntil('the socket is forgotten', () => listener.unprovenCount === 0);
  });

  it('refuses a peer whose check fails with an error, and goes on', async () => {
    let isBroken = true;
    const { port, refusals } = await startListener(() =>
      isBroken ? Promise.reject(new Error('broken')) : Promise.resolve(true),
    );
    const peer = await RawPeer.dial(port);
    peer.send(goodHeader());
    await peer.closed();
    expect(refusals).toEqual(['P2P_AUTH_FAILED']);
    isBroken = false;
    await RawPeer.join(port, goodHeader());
  });

  it('B24: lets an honest peer in while silent ones hold connections open', async () => {
    const { port, listener } = await startListener();
    const silent = await Promise.all(Array.from({ length: 20 }, () => RawPeer.dial(port)));
    await waitUntil('they are accepted', () => listener.unprovenCount === 20);
    await RawPeer.join(port, goodHeader());
    expect(silent.some(({ isClosed }) => isClosed)).toBe(false);
  });

  it('B63: lets an honest peer in while the check of another takes its time', async () => {
    const slowCheck = Promise.withResolvers<boolean>();
    const { port } = await startListener(({ digest }) =>
      digest === 'slow' ? slowCheck.promise : Promise.resolve(true),
    );
    const slow = await RawPeer.dial(port);
    slow.send(headerOf({ ...GOOD_PROOF, taskId: TASK_ID, digest: 'slow' }));
    await RawPeer.join(port, goodHeader());
    slowCheck.resolve(false);
    await slow.closed();
  });

  it('B24: closes what is not proven in time; the clock starts at accept', async () => {
    takeOverTimers();
    const { port, listener, refusals } = await startListener();
    const silent = await RawPeer.dial(port);
    const slow = await RawPeer.dial(port);
    await waitUntil('both are accepted', () => listener.unprovenCount === 2);
    slow.send(goodHeader().subarray(0, 10));
    const honest = await RawPeer.join(port, goodHeader());
    vi.advanceTimersByTime(HANDSHAKE_TIMEOUT_MS - 1);
    await eventLoopTurn();
    expect(refusals).toEqual([]);
    slow.send(goodHeader().subarray(10, 11));
    vi.advanceTimersByTime(1);
    await Promise.all([silent.closed(), slow.closed()]);
    expect(refusals).toEqual(['P2P_HANDSHAKE_TIMEOUT', 'P2P_HANDSHAKE_TIMEOUT']);
    expect(listener.unprovenCount).toBe(0);
    expect(honest.isClosed).toBe(false);
  });

  it('closes one whose check does not end in time', async () => {
    takeOverTimers();
    let hasAsked = false;
    const { port, refusals } = await startListener(() => {
      hasAsked = true;
      return new Promise<boolean>(() => undefined);
    });
    const peer = await RawPeer.dial(port);
    peer.send(goodHeader());
    await waitUntil('the check has begun', () => hasAsked);
    vi.advanceTimersByTime(HANDSHAKE_TIMEOUT_MS);
    await peer.closed();
    expect(refusals).toEqual(['P2P_HANDSHAKE_TIMEOUT']);
  });

  it('refuses one address more unproven sockets than it may have, at once', async () => {
    const { port, listener, refusals } = await startListener();
    const silent = await Promise.all(
      Array.from({ length: MAX_UNPROVEN_SOCKETS_PER_ADDRESS }, () => RawPeer.dial(port)),
    );
    await waitUntil('all are accepted', () => listener.unprovenCount === silent.length);
    const oneMore = await RawPeer.dial(port);
    await oneMore.closed();
    expect(refusals).toEqual(['P2P_TOO_MANY_SOCKETS']);
    expect(silent.some(({ isClosed }) => isClosed)).toBe(false);
    silent[0]?.socket.destroy();
    await waitUntil('one has left', () => listener.unprovenCount < silent.length);
    await RawPeer.join(port, goodHeader());
  });

  it('refuses more unproven sockets than it may have in all, at once', async () => {
    const { port, listener, refusals } = await startListener();
    const addresses = MAX_UNPROVEN_SOCKETS / MAX_UNPROVEN_SOCKETS_PER_ADDRESS;
    for (let host = 2; host < 2 + addresses; host++) {
      await Promise.all(
        Array.from({ length: MAX_UNPROVEN_SOCKETS_PER_ADDRESS }, () =>
          RawPeer.dial(port, `127.0.0.${host}`),
        ),
      );
    }
    await waitUntil('all are accepted', () => listener.unprovenCount === MAX_UNPROVEN_SOCKETS);
    const oneMore = await RawPeer.dial(port);
    await oneMore.closed();
    expect(refusals).toEqual(['P2P_TOO_MANY_SOCKETS']);
  });

  it('does not count proven peers', async () => {
    const { port, listener } = await startListener();
    const count = MAX_UNPROVEN_SOCKETS_PER_ADDRESS + 5;
    for (let peer = 0; peer < count; peer++) await RawPeer.join(port, goodHeader());
    expect(listener.unprovenCount).toBe(0);
  });

  it('survives peers that reset the connection at any point', async () => {
    const { port, listener } = await startListener();
    for (const byteCount of [0, 3, 4, 20, goodHeader().length]) {
      const peer = await RawPeer.dial(port);
      peer.send(goodHeader().subarray(0, byteCount));
      peer.socket.resetAndDestroy();
    }
    await RawPeer.join(port, goodHeader());
    await waitUntil('they are forgotten', () => listener.unprovenCount === 0);
  });

  it('closes every socket with itself, proven or not', async () => {
    const { port, listener } = await startListener();
    const silent = await RawPeer.dial(port);
    const proven = await RawPeer.join(port, goodHeader());
    await listener.close();
    await Promise.all([silent.closed(), proven.closed()]);
  });

  it('fails to listen on a port that is taken, and names it', async () => {
    const { port } = await startListener();
    const second = new PeerListener({
      authenticate: () => Promise.resolve(true),
      securityOf: () => ({ version: 1 }),
      accept: () => undefined,
      refused: () => undefined,
    });
    await expect(second.listen(HOST, port)).rejects.toThrow(
      `EADDRINUSE: address already in use ${HOST}:${port}`,
    );
  });
});
