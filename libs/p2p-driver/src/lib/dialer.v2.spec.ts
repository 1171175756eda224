/** What an upstream can answer to a HELLO, byte by byte over real sockets. */
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { HOST } from '../../test/nodes.ts';
import {
  HELLO,
  KEY,
  OTHER_KEY,
  rawHello,
  rawProof,
  rawWelcome,
  type RawHello,
} from '../../test/raw-hello.ts';
import { ACCEPTED, startRawServer, type RawPeer } from '../../test/raw-peer.ts';
import { eventLoopTurn, waitUntil } from '../../test/waiting.ts';
import { dial } from './dialer.ts';
import { HANDSHAKE_TIMEOUT_MS } from './limits.ts';
import type { PeerConnection } from './peer-connection.ts';
import { V2Dialling } from './v2-handshake.ts';

const HELLO_LENGTH = rawHello().length;
const OUR_NONCE = Buffer.alloc(32, 0x1e);

async function dialPort(port: number): Promise<PeerConnection> {
  const { taskId, agentId } = HELLO;
  const handshake = V2Dialling.start({ key: KEY, taskId, stream: 'content', agentId });
  if (!handshake) throw new Error('the names are too long');
  const connection = await dial({ host: HOST, port }, handshake, new AbortController().signal);
  onTestFinished(() => connection.close());
  return connection;
}

/** Takes the HELLO, checks all of it but its nonce, and gives it back with that. */
async function takeHello(peer: RawPeer): Promise<RawHello> {
  const bytes = await peer.take(HELLO_LENGTH);
  const hello = { ...HELLO, nonce: Buffer.from(bytes.subarray(-32)) };
  expect(bytes).toEqual(rawHello(hello));
  return hello;
}

function welcomeFor(hello: RawHello, key = KEY): Buffer {
  return rawWelcome(OUR_NONCE, rawProof('listener', hello, OUR_NONCE, key));
}

afterEach(() => {
  vi.useRealTimers();
});

describe('dial with the v2 handshake', () => {
  it('sends HELLO, and its proof once the listener has proved itself', async () => {
    const { promise, resolve } = Promise.withResolvers<[got: Buffer, expected: Buffer]>();
    const server = await startRawServer(async (peer) => {
      const hello = await takeHello(peer);
      peer.send(welcomeFor(hello));
      resolve([await peer.take(32), rawProof('dialler', hello, OUR_NONCE)]);
    });
    await dialPort(server.port);
    const [got, expected] = await promise;
    expect(got).toEqual(expected);
  });

  it('takes a WELCOME byte by byte, and the frames right behind it', async () => {
    const server = await startRawServer(async (peer) => {
      const bytes = welcomeFor(await takeHello(peer));
      for (const byte of bytes.subarray(0, -1)) {
        peer.send(Buffer.of(byte));
        await eventLoopTurn();
      }
      peer.send(bytes.subarray(-1), Buffer.from('0000000201c00000000500', 'hex'));
      await peer.take(32);
      peer.send(Buffer.from('00000001', 'hex'));
    });
    const connection = await dialPort(server.port);
    const messages: string[] = [];
    connection.open(
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
    await waitUntil('both have come', () => messages.length === 2);
    expect(messages).toEqual(['bitfield', 'have']);
  });

  it.each<[string, (hello: RawHello) => Buffer]>([
    ['the proof of another key', (hello) => welcomeFor(hello, OTHER_KEY)],
    ['a proof for another nonce', () => welcomeFor(HELLO)],
    [
      'the proof of the wrong role',
      (hello) => rawWelcome(OUR_NONCE, rawProof('dialler', hello, OUR_NONCE)),
    ],
    [
      'feature bits that were changed on the way',
      (hello) => {
        const bytes = welcomeFor(hello);
        bytes.writeUInt32BE(1, 1);
        return bytes;
      },
    ],
  ])('fails as refused on %s, and gives away no proof', async (_what, answer) => {
    const server = await startRawServer(async (peer) => {
      peer.send(answer(await takeHello(peer)));
    });
    await expect(dialPort(server.port)).rejects.toMatchObject({
      failure: 'refused',
      message: `${HOST}:${server.port}: did not prove that it knows the key of the task`,
    });
    const [peer] = server.peers;
    await peer?.closed();
    await expect(peer?.take(1)).rejects.toThrow('closed');
  });

  it.each([
    ['the answer of v1', ACCEPTED],
    ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('fails as refused when the answer is %s', async (_what, answer) => {
    const server = await startRawServer((peer) => peer.send(answer));
    await expect(dialPort(server.port)).rejects.toMatchObject({
      failure: 'refused',
      message: expect.stringContaining('something else') as string,
    });
    await server.peers[0]?.closed();
  });

  it('fails as refused when the upstream closes instead of answering', async () => {
    const server = await startRawServer(async (peer) => {
      await takeHello(peer);
      peer.socket.destroy();
    });
    await expect(dialPort(server.port)).rejects.toMatchObject({ failure: 'refused' });
  });

  it('gives up on an upstream that begins to answer and stops', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let hasBegun = false;
    const server = await startRawServer(async (peer) => {
      peer.send(welcomeFor(await takeHello(peer)).subarray(0, 68));
      hasBegun = true;
    });
    const dialling = dialPort(server.port);
    dialling.catch(() => undefined);
    await waitUntil('it has begun to answer', () => hasBegun);
    vi.advanceTimersByTime(HANDSHAKE_TIMEOUT_MS);
    await expect(dialling).rejects.toMatchObject({
      failure: 'unreachable',
      message: expect.stringContaining('did not answer') as string,
    });
    await server.peers[0]?.closed();
  });
});
