import net from 'node:net';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { goodHeader, HOST } from '../../test/nodes.ts';
import { ACCEPTED, startRawServer } from '../../test/raw-peer.ts';
import { waitUntil } from '../../test/waiting.ts';
import { dial } from './dialer.ts';
import { CONNECT_TIMEOUT_MS, HANDSHAKE_TIMEOUT_MS } from './limits.ts';
import type { PeerConnection } from './peer-connection.ts';
import { V1Dialling } from './v1-handshake.ts';

const NEVER = new AbortController().signal;

async function dialPort(port: number, signal = NEVER): Promise<PeerConnection> {
  const connection = await dial({ host: HOST, port }, new V1Dialling(goodHeader()), signal);
  onTestFinished(() => connection.close());
  return connection;
}

/** A port of 127.0.0.1 where nobody listens: one that was free a moment ago. */
async function unusedPort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

afterEach(() => {
  vi.useRealTimers();
});

describe('dial', () => {
  it('sends exactly the header and resolves when it is accepted', async () => {
    const server = await startRawServer((peer) => peer.send(ACCEPTED));
    await dialPort(server.port);
    const header = await server.peers[0]?.take(goodHeader().length);
    expect(header).toEqual(Buffer.from(goodHeader()));
  });

  it('passes on the frames that came right behind the answer', async () => {
    const frames = Buffer.from('0000000201c00000000500', 'hex');
    const server = await startRawServer((peer) => peer.send(ACCEPTED, frames));
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
        closed: () => messages.push('closed'),
      },
    );
    server.peers[0]?.send(Buffer.from('00000001', 'hex'));
    await waitUntil('both have come', () => messages.length === 2);
    expect(messages).toEqual(['bitfield', 'have']);
    server.peers[0]?.socket.end();
    await waitUntil('the end is noticed', () => messages.at(-1) === 'closed');
  });

  it('B50: fails as unreachable where nobody listens', async () => {
    const port = await unusedPort();
    await expect(dialPort(port)).rejects.toMatchObject({
      failure: 'unreachable',
      message: expect.stringContaining(`${HOST}:${port}: connect ECONNREFUSED`) as string,
    });
  });

  it('fails as refused when the upstream closes instead of answering', async () => {
    const server = await startRawServer(async (peer) => {
      await peer.take(goodHeader().length);
      peer.socket.destroy();
    });
    await expect(dialPort(server.port)).rejects.toMatchObject({ failure: 'refused' });
  });

  it('fails as refused when the upstream resets the connection', async () => {
    const server = await startRawServer(async (peer) => {
      await peer.take(1);
      peer.socket.resetAndDestroy();
    });
    await expect(dialPort(server.port)).rejects.toMatchObject({ failure: 'refused' });
  });

  it.each([
    ['another byte', Buffer.of(0x00)],
    ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('fails as refused when the answer is %s, and closes', async (_what, answer) => {
    const server = await startRawServer((peer) => peer.send(answer));
    await expect(dialPort(server.port)).rejects.toMatchObject({
      failure: 'refused',
      message: expect.stringContaining('something else') as string,
    });
    await server.peers[0]?.closed();
  });

  it('B25: gives up on an upstream that accepts and never answers', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const server = await startRawServer();
    const dialling = dialPort(server.port);
    dialling.catch(() => undefined);
    await waitUntil('the header is there', () => server.peers.length === 1);
    await server.peers[0]?.take(goodHeader().length);
    vi.advanceTimersByTime(HANDSHAKE_TIMEOUT_MS);
    await expect(dialling).rejects.toMatchObject({
      failure: 'unreachable',
      message: expect.stringContaining('did not answer') as string,
    });
    await server.peers[0]?.closed();
  });

  it('gives up on a host that does not answer at all', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    // The kernel has not been asked to connect yet when the time is over.
    const dialling = dialPort((await startRawServer()).port);
    dialling.catch(() => undefined);
    vi.advanceTimersByTime(CONNECT_TIMEOUT_MS);
    await expect(dialling).rejects.toMatchObject({
      failure: 'unreachable',
      message: expect.stringContaining('no answer to connect') as string,
    });
  });

  it('B25: can be given up at any time, and closes the socket', async () => {
    const abort = new AbortController();
    const server = await startRawServer();
    const dialling = dialPort(server.port, abort.signal);
    dialling.catch(() => undefined);
    await waitUntil('it is connected', () => server.peers.length === 1);
    abort.abort();
    await expect(dialling).rejects.toThrow('given up');
    await server.peers[0]?.closed();
  });

  it('does not even connect when it was given up before', async () => {
    const abort = new AbortController();
    abort.abort();
    const server = await startRawServer((peer) => peer.send(ACCEPTED));
    await expect(dialPort(server.port, abort.signal)).rejects.toThrow('given up');
  });
});
