/**
 * Wire v1 by hand, with none of our own codec: every byte is written as the captures of the
 * reference show it, so that a mistake of our encoder cannot hide behind our decoder.
 */
import net from 'node:net';
import { onTestFinished } from 'vitest';
import { HOST } from './nodes.ts';
import { waitUntil } from './waiting.ts';

export const ACCEPTED = Buffer.of(0xff);

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** uint32 length ‖ id ‖ payload. */
export function rawFrame(id: number, ...payload: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(payload);
  return Buffer.concat([uint32(1 + body.length), Buffer.of(id), body]);
}

export const have = (piece: number): Buffer => rawFrame(0, uint32(piece));
export const bitfield = (bytes: Uint8Array): Buffer => rawFrame(1, bytes);
export const request = (piece: number, begin: number, length: number): Buffer =>
  rawFrame(2, uint32(piece), uint32(begin), uint32(length));
export const piece = (index: number, begin: number, data: Uint8Array): Buffer =>
  rawFrame(3, uint32(index), uint32(begin), data);

/** A socket whose received bytes pile up in order and can be waited for. */
export class RawPeer {
  readonly socket: net.Socket;
  isClosed = false;
  #chunks: Buffer[] = [];
  #receivedBytes = 0;

  constructor(socket: net.Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => {
      this.#chunks.push(chunk);
      this.#receivedBytes += chunk.length;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.isClosed = true;
    });
  }

  /** @param localAddress the address to come from; all of 127.0.0.0/8 is ours */
  static async dial(port: number, localAddress = HOST): Promise<RawPeer> {
    const socket = net.connect({ host: HOST, port, localAddress, noDelay: true });
    onTestFinished(() => void socket.destroy());
    const peer = new RawPeer(socket);
    await waitUntil('the raw peer is connected', () => !socket.connecting);
    return peer;
  }

  /** Dials and gets its header accepted. */
  static async join(port: number, header: Uint8Array): Promise<RawPeer> {
    const peer = await RawPeer.dial(port);
    peer.send(header);
    if (!(await peer.take(1)).equals(ACCEPTED)) throw new Error('another answer than 0xff');
    return peer;
  }

  send(...parts: readonly Uint8Array[]): void {
    this.socket.write(Buffer.concat(parts));
  }

  /** The next bytes, as many as asked for. */
  async take(byteCount: number): Promise<Buffer> {
    await waitUntil(`${byteCount} bytes have come`, () => {
      if (this.isClosed && this.#receivedBytes < byteCount) throw new Error('closed too early');
      return this.#receivedBytes >= byteCount;
    });
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [all.subarray(byteCount)];
    this.#receivedBytes -= byteCount;
    return all.subarray(0, byteCount);
  }

  /** The next frame without its length prefix: id and payload. */
  async takeFrame(): Promise<{ id: number; payload: Buffer }> {
    const length = (await this.take(4)).readUInt32BE();
    const body = await this.take(length);
    return { id: body.readUInt8(0), payload: body.subarray(1) };
  }

  async closed(): Promise<void> {
    await waitUntil('the far end has closed', () => this.isClosed);
  }
}

export interface RawServer {
  readonly port: number;
  readonly address: string;
  readonly peers: RawPeer[];
}

/** Accepts connections and leaves everything else to `accepted`. */
export async function startRawServer(
  accepted: (peer: RawPeer) => Promise<void> | void = () => undefined,
): Promise<RawServer> {
  const peers: RawPeer[] = [];
  const server = net.createServer({ noDelay: true }, (socket) => {
    const peer = new RawPeer(socket);
    peers.push(peer);
    // The far end may go away at any time: the test judges by what the far end saw.
    Promise.resolve(accepted(peer)).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const { port } = server.address() as net.AddressInfo;
  onTestFinished(() => {
    for (const { socket } of peers) socket.destroy();
    server.close();
  });
  return { port, address: `${HOST}:${port}`, peers };
}
