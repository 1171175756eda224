import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HOST } from '../../test/nodes.ts';
import { RawPeer } from '../../test/raw-peer.ts';
import { eventLoopTurn, waitUntil } from '../../test/waiting.ts';
import { DIRECT_READ_MIN_BYTES } from './limits.ts';
import { PeerConnection, type ConnectionListener } from './peer-connection.ts';

const LIMITS = { pieceCount: 8, maxBlockBytes: 2 ** 20 };

/** Notes what it is told. */
class Notes implements ConnectionListener {
  readonly lines: string[] = [];
  sentBytes = 0;
  target: Uint8Array | undefined;

  message({ type }: { type: string }): void {
    this.lines.push(type);
  }
  blockStarts({ length }: { length: number }): Uint8Array | undefined {
    this.target = new Uint8Array(length);
    return this.target;
  }
  blockEnds({ length }: { length: number }): void {
    this.lines.push(`block of ${length}`);
  }
  violation(code: string): void {
    this.lines.push(code);
  }
  dataSent(byteCount: number): void {
    this.sentBytes += byteCount;
  }
  closed(): void {
    this.lines.push('closed');
  }
}

/** A connection and, at its far end, a raw peer. */
async function connectedPair(): Promise<{
  connection: PeerConnection;
  socket: net.Socket;
  far: RawPeer;
}> {
  const accepted = Promise.withResolvers<net.Socket>();
  const server = net.createServer((socket) => accepted.resolve(socket));
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  onTestFinished(() => void server.close());
  const far = await RawPeer.dial((server.address() as net.AddressInfo).port);
  const socket = await accepted.promise;
  const connection = new PeerConnection(socket);
  socket.on('data', (chunk) => connection.received(chunk));
  onTestFinished(() => connection.close());
  return { connection, socket, far };
}

describe('PeerConnection', () => {
  it('sends frames and blocks in order, and tells when the kernel took the data', async () => {
    const { connection, far } = await connectedPair();
    const notes = new Notes();
    connection.open(LIMITS, notes);
    const released: string[] = [];
    connection.send(Buffer.from('A'));
    connection.sendBlock(Buffer.from('<'), Buffer.from('data'), {
      release: () => released.push('first'),
    });
    connection.send(Buffer.from('B'));
    expect(released).toEqual([]);
    expect((await far.take(7)).toString()).toBe('A<dataB');
    await waitUntil('it is told', () => notes.sentBytes === 4);
    expect(released).toEqual(['first']);
  });

  it('releases the data of every block exactly once when the far end goes away', async () => {
    const { connection, far } = await connectedPair();
    const notes = new Notes();
    connection.open(LIMITS, notes);
    far.socket.pause();
    const releases = Array.from({ length: 60 }, () => 0);
    const data = Buffer.alloc(2 ** 20);
    const sendBlock = (block: number): void =>
      connection.sendBlock(Buffer.alloc(13), data, {
        release: () => {
          releases[block] = (releases[block] ?? 0) + 1;
        },
      });
    for (let block = 0; block < 50; block++) sendBlock(block);
    await eventLoopTurn();
    far.socket.resetAndDestroy();
    for (let block = 50; block < 55; block++) sendBlock(block);
    await waitUntil('it is noticed', () => notes.lines.includes('closed'));
    for (let block = 55; block < 60; block++) sendBlock(block);
    await waitUntil('all are released', () => releases.every((count) => count > 0));
    expect(releases).toEqual(releases.map(() => 1));
    expect(notes.lines).toEqual(['closed']);
    expect(notes.sentBytes).toBeLessThan(50 * data.length);
  });

  it('releases what was queued when it is closed in the same turn', async () => {
    const { connection } = await connectedPair();
    connection.open(LIMITS, new Notes());
    let releases = 0;
    connection.sendBlock(Buffer.alloc(13), Buffer.alloc(10), {
      release: () => {
        releases += 1;
      },
    });
    connection.close();
    await waitUntil('it is released', () => releases > 0);
    expect(releases).toBe(1);
  });

  it('says that it is closed to a listener that comes too late', async () => {
    const { connection, socket, far } = await connectedPair();
    const closed = once(socket, 'close');
    far.socket.destroy();
    await closed;
    const notes = new Notes();
    connection.open(LIMITS, notes);
    expect(notes.lines).toEqual(['closed']);
  });

  it('reads nothing while it is paused, and all of it afterwards', async () => {
    const { connection, far } = await connectedPair();
    const notes = new Notes();
    connection.open(LIMITS, notes);
    connection.pauseReading();
    far.send(Buffer.from('0000000201ff', 'hex'));
    for (let turn = 0; turn < 20; turn++) await eventLoopTurn();
    expect(notes.lines).toEqual([]);
    connection.resumeReading();
    await waitUntil('it is read', () => notes.lines.length === 1);
    expect(notes.lines).toEqual(['bitfield']);
  });

  it('ignores all that follows a violation', async () => {
    const { connection, far } = await connectedPair();
    const notes = new Notes();
    connection.open(LIMITS, notes);
    far.send(Buffer.from('ffffffff', 'hex'), Buffer.from('0000000201ff', 'hex'));
    await waitUntil('it is noticed', () => notes.lines.length > 0);
    await eventLoopTurn();
    expect(notes.lines).toEqual(['P2P_FRAME_TOO_LARGE']);
  });

  it('offers the piece buffer to the kernel only while much of a block is missing', async () => {
    const missing = DIRECT_READ_MIN_BYTES - 1;
    const { connection } = await connectedPair();
    const notes = new Notes();
    connection.open(LIMITS, notes);
    expect(connection.directTarget).toBeUndefined();
    const header = Buffer.from('00018009030000000100000000', 'hex'); // 96 KiB of piece 1
    connection.received(header);
    connection.received(Buffer.alloc(30_000, 1));
    const target = connection.directTarget;
    expect(target?.length).toBe(96 * 1024 - 30_000);
    target?.fill(2, 0, 10_000);
    connection.receivedDirectly(10_000);
    expect(connection.directTarget?.length).toBe(96 * 1024 - 40_000);
    target?.fill(2, 10_000, 96 * 1024 - 30_000 - missing);
    connection.receivedDirectly(96 * 1024 - 40_000 - missing);
    expect(connection.directTarget).toBeUndefined();
    connection.received(Buffer.alloc(missing, 3));
    expect(notes.lines).toEqual(['block of 98304']);
    const counts = [1, 2, 3].map((value) => notes.target?.filter((byte) => byte === value).length);
    expect(counts).toEqual([30_000, 96 * 1024 - 30_000 - missing, missing]);
  });
});
