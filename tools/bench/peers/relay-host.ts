/**
 * One host of the bare chain: `node relay-host.ts ORDERS`. It dials the host before it, because only a
 * dialled socket lets the kernel write straight into a buffer of ours (`onread`); a full buffer goes to
 * the disk and to the next host from where it lies, and comes back to the pool when both have it. An
 * empty pool stops the reading, so memory is POOL_BUFFERS. Says "ready" when both neighbours are there
 * and "done" when the file is written. The source reads instead of receiving, on a line of input.
 */
import { once } from 'node:events';
import { openSync, read, write } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

export interface RelayOrders {
  /** The source's file, or where a hop writes it. */
  readonly path: string;
  readonly fileBytes: number;
  readonly port: number;
  /** Address of the host before; absent at the source. */
  readonly upstream?: string;
  /** Own address for the next host; absent at the last. */
  readonly listen?: string;
}

type PoolBuffer = ReturnType<typeof Buffer.alloc>;

const BUFFER_BYTES = 1024 * 1024;
const POOL_BUFFERS = 16;
const DIAL_PAUSE_MS = 20;

const orders = JSON.parse(process.argv[2] ?? '{}') as RelayOrders;
const pool = Array.from({ length: POOL_BUFFERS }, () => Buffer.alloc(BUFFER_BYTES));
const readAt = promisify(read);

function takeBuffer(): PoolBuffer {
  const buffer = pool.pop();
  if (!buffer) throw new Error('reading went on without a buffer');
  return buffer;
}

/** The next host's connection; undefined at the end of the chain. */
async function acceptNext(): Promise<Socket | undefined> {
  if (orders.listen === undefined) return undefined;
  const server = createServer({ noDelay: true }).listen(orders.port, orders.listen);
  const [socket] = (await once(server, 'connection')) as [Socket];
  return socket;
}

/** Reads the file ahead of the socket by as many buffers as the pool has. */
async function sendFile(next: Socket): Promise<void> {
  const file = openSync(orders.path, 'r');
  for (let position = 0; position < orders.fileBytes; position += BUFFER_BYTES) {
    const buffer = pool.pop() ?? (await returnedBuffer(next));
    const { bytesRead } = await readAt(file, buffer, 0, BUFFER_BYTES, position);
    next.write(buffer.subarray(0, bytesRead), () => {
      pool.push(buffer);
      next.emit('returned');
    });
  }
}

async function returnedBuffer(next: Socket): Promise<PoolBuffer> {
  for (;;) {
    const buffer = pool.pop();
    if (buffer) return buffer;
    await once(next, 'returned');
  }
}

/** What arrives, buffer by buffer, to the disk and to the next host. */
class Hop {
  readonly #file = openSync(orders.path, 'w');
  readonly #next: Socket | undefined;
  #upstream: Socket | undefined;
  #filling = takeBuffer();
  #isPaused = false;
  #filledBytes = 0;
  #position = 0;
  #writtenBytes = 0;

  constructor(next: Socket | undefined) {
    this.#next = next;
  }

  /** Dials until the host before listens. */
  async dial(host: string): Promise<void> {
    for (;;) {
      const socket = connect({
        host,
        port: orders.port,
        noDelay: true,
        onread: { buffer: () => this.#room(), callback: (count) => this.#take(count) },
      });
      const isThere = await new Promise<boolean>((resolve) => {
        socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      });
      if (isThere) {
        this.#upstream = socket;
        return;
      }
      await sleep(DIAL_PAUSE_MS);
    }
  }

  /** Node asks for the next buffer even when reading stops, so there always is one. */
  #room(): Uint8Array {
    return this.#filling.subarray(this.#filledBytes);
  }

  /** @returns whether reading goes on: only while there is a buffer to go on with after this one */
  #take(count: number): boolean {
    this.#filledBytes += count;
    const isLast = this.#position + this.#filledBytes === orders.fileBytes;
    if (this.#filledBytes < BUFFER_BYTES && !isLast) return true;
    this.#passOn(this.#filling, this.#filledBytes);
    this.#filling = takeBuffer();
    this.#filledBytes = 0;
    this.#isPaused = pool.length === 0;
    return !this.#isPaused;
  }

  #passOn(buffer: PoolBuffer, count: number): void {
    let users = this.#next ? 2 : 1;
    const giveBack = (): void => {
      users -= 1;
      if (users === 0) this.#reuse(buffer);
    };
    this.#next?.write(buffer.subarray(0, count), giveBack);
    write(this.#file, buffer, 0, count, this.#position, (error, written) => {
      if (error) throw error;
      this.#writtenBytes += written;
      if (this.#writtenBytes === orders.fileBytes) console.log('done');
      giveBack();
    });
    this.#position += count;
  }

  #reuse(buffer: PoolBuffer): void {
    pool.push(buffer);
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#upstream?.resume();
  }
}

const accepting = acceptNext();
if (orders.upstream === undefined) {
  const next = await accepting;
  console.log('ready');
  await once(process.stdin, 'data');
  if (next) await sendFile(next);
} else {
  // Its neighbour accepts before data can come: the source sends when all are ready.
  const next = await accepting;
  await new Hop(next).dial(orders.upstream);
  console.log('ready');
}
