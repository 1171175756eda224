/**
 * One authenticated peer: bytes to frames and frames to bytes. What is sent within one turn of the
 * event loop leaves in one writev; data goes from the piece buffer to the kernel and back without a
 * copy of ours where the block is large enough.
 *
 * Only a dialled socket lets us choose where the kernel puts what it reads (`onread`), so the side
 * that receives data is the side that dials.
 */
import type { Socket } from 'node:net';
import {
  FrameDecoder,
  type BlockRef,
  type ControlMessage,
  type FrameLimits,
  type ProtocolErrorCode,
} from '@gofd/p2p-protocol';
import { DIRECT_READ_MIN_BYTES, KEEPALIVE_AFTER_MS } from './limits.ts';

export interface ConnectionListener {
  message(message: ControlMessage): void;
  /** @returns where the block's data goes; undefined when the connection has been closed over it */
  blockStarts(block: BlockRef): Uint8Array | undefined;
  blockEnds(block: BlockRef): void;
  violation(code: ProtocolErrorCode): void;
  /** The kernel took this many bytes of block data. */
  dataSent(byteCount: number): void;
  closed(): void;
}

/** Memory that is lent to the socket until the kernel has taken the bytes. */
export interface Lent {
  release(): void;
}

/** What one flush hands to the socket. */
interface Batch {
  readonly chunks: Uint8Array[];
  readonly lent: Lent[];
  dataBytes: number;
}

const NO_BYTES = new Uint8Array(0);

export class PeerConnection {
  readonly #socket: Socket;
  #decoder: FrameDecoder | undefined;
  #listener: ConnectionListener | undefined;
  /** What came in the same read as the end of the handshake. */
  #early: Uint8Array = NO_BYTES;
  #batch: Batch = { chunks: [], lent: [], dataBytes: 0 };
  /** Buffers that the kernel may still write into: see `abandon`. */
  #abandoned: Lent[] = [];
  #isFlushScheduled = false;
  #isClosed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEPALIVE_AFTER_MS);
    socket.on('error', () => undefined); // 'close' follows and says it all
    socket.on('close', () => this.#closed());
  }

  /** Address of the far end, for logs. */
  get remoteAddress(): string {
    return `${this.#socket.remoteAddress ?? '?'}:${this.#socket.remotePort ?? '?'}`;
  }

  /** Starts reading and passing frames on, first those that came right behind the handshake. */
  open(limits: FrameLimits, listener: ConnectionListener): void {
    this.#listener = listener;
    this.#decoder = new FrameDecoder(limits, listener);
    if (this.#isClosed) return listener.closed();
    this.#socket.resume();
    this.#decoder.push(this.#early);
    this.#early = NO_BYTES;
  }

  /** Bytes came in; they are used up when this returns. */
  received(bytes: Uint8Array): void {
    this.#releaseAbandoned();
    if (this.#decoder) this.#decoder.push(bytes);
    else if (bytes.length > 0) this.#early = Uint8Array.from(bytes);
  }

  /** The kernel filled the start of `directTarget`. */
  receivedDirectly(byteCount: number): void {
    this.#releaseAbandoned();
    this.#decoder?.dataFilled(byteCount);
  }

  /** Where the next read may land without a copy; undefined while frames are small. */
  get directTarget(): Uint8Array | undefined {
    const target = this.#decoder?.dataTarget;
    return target && target.length >= DIRECT_READ_MIN_BYTES ? target : undefined;
  }

  send(frame: Uint8Array): void {
    if (this.#isClosed) return;
    this.#batch.chunks.push(frame);
    this.#scheduleFlush();
  }

  /** Queues a PIECE frame; `lent` is released once its data is no longer needed. */
  sendBlock(header: Uint8Array, data: Uint8Array, lent: Lent): void {
    if (this.#isClosed) return lent.release();
    const batch = this.#batch;
    batch.chunks.push(header, data);
    batch.lent.push(lent);
    batch.dataBytes += data.length;
    this.#scheduleFlush();
  }

  /**
   * Takes over the reference to a piece that is not wanted any more. If a block of it is coming in, the
   * rest is skipped, and the buffer kept until the next read has come: where that one lands was settled
   * at the last, so until then the kernel may still write into it.
   */
  abandon(buffer: Lent & { readonly bytes: Uint8Array }): void {
    if (this.#decoder?.dropData(buffer.bytes)) this.#abandoned.push(buffer);
    else buffer.release();
  }

  pauseReading(): void {
    this.#socket.pause();
  }

  resumeReading(): void {
    if (!this.#isClosed) this.#socket.resume();
  }

  close(): void {
    this.#decoder?.stop();
    this.#socket.destroy();
  }

  #scheduleFlush(): void {
    if (this.#isFlushScheduled) return;
    this.#isFlushScheduled = true;
    process.nextTick(() => this.#flush());
  }

  #flush(): void {
    this.#isFlushScheduled = false;
    const batch = this.#takeBatch();
    const last = batch.chunks.pop();
    if (!last) return;
    this.#socket.cork();
    for (const chunk of batch.chunks) this.#socket.write(chunk);
    this.#socket.write(last, (error) => this.#written(batch, !error));
    this.#socket.uncork();
  }

  #takeBatch(): Batch {
    const batch = this.#batch;
    this.#batch = { chunks: [], lent: [], dataBytes: 0 };
    return batch;
  }

  /** @param isTaken false when the socket broke before the kernel took all of it */
  #written({ lent, dataBytes }: Batch, isTaken: boolean): void {
    for (const memory of lent) memory.release();
    if (dataBytes > 0 && isTaken && !this.#isClosed) this.#listener?.dataSent(dataBytes);
  }

  #releaseAbandoned(): void {
    if (this.#abandoned.length === 0) return;
    for (const buffer of this.#abandoned) buffer.release();
    this.#abandoned = [];
  }

  #closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#releaseAbandoned();
    this.#decoder?.stop();
    for (const memory of this.#takeBatch().lent) memory.release();
    this.#listener?.closed();
  }
}
