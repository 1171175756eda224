/**
 * The data port of one process and all its sessions: the one thing that server and agent share. It
 * routes dialling peers to the session of their task and gives every session the same pool, limiter
 * and clock.
 */
import {
  createPrng,
  GcraLimiter,
  TaskSession,
  type Bitfield,
  type PeerHeader,
  type TaskGeometry,
} from '@gofd/p2p-protocol';
import { BufferPool, type PieceStore } from '@gofd/piece-store';
import { systemClock, type Clock } from './clock.ts';
import { dial, DialError, type DialTarget } from './dialer.ts';
import type { PeerConnection } from './peer-connection.ts';
import { PeerListener, type RefusalCode } from './peer-listener.ts';
import { SessionDriver, type SessionObserver } from './session-driver.ts';

export interface DataPlaneOptions {
  /** Budget of all piece buffers, bytes. */
  readonly cacheBytes: number;
  /** Upload limit of the process, bytes a second. */
  readonly uploadBytesPerSecond: number;
  readonly authenticate: (header: PeerHeader) => Promise<boolean>;
  /** The encoded header with which we introduce ourselves for a task; undefined if it cannot be. */
  readonly headerFor: (taskId: string) => Uint8Array | undefined;
  /** Splits a data address; undefined when it is malformed. */
  readonly parseAddress: (address: string) => DialTarget | undefined;
  readonly refused: (remoteAddress: string, code: RefusalCode) => void;
  readonly clock?: Clock;
}

export interface OpenSessionOptions {
  readonly taskId: string;
  readonly geometry: TaskGeometry;
  readonly stored: Bitfield;
  readonly store: PieceStore;
  readonly observer: SessionObserver;
}

export class DataPlane {
  readonly #options: DataPlaneOptions;
  readonly #clock: Clock;
  readonly #pool: BufferPool;
  readonly #limiter: GcraLimiter;
  readonly #listener: PeerListener;
  readonly #sessions = new Map<string, SessionDriver>();

  constructor(options: DataPlaneOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#pool = new BufferPool(options.cacheBytes);
    this.#limiter = new GcraLimiter(options.uploadBytesPerSecond);
    this.#listener = new PeerListener({
      authenticate: options.authenticate,
      isTaskKnown: (taskId) => this.#sessions.has(taskId),
      accept: (taskId, connection) => {
        const session = this.#sessions.get(taskId);
        if (session) session.accept(connection);
        else connection.close();
      },
      refused: options.refused,
    });
  }

  /** @returns the data port */
  listen(host: string, port: number): Promise<number> {
    return this.#listener.listen(host, port);
  }

  /** Changes the upload limit of the process from now on, bytes a second. */
  setUploadLimit(bytesPerSecond: number): void {
    this.#limiter.setRate(bytesPerSecond);
  }

  /** Starts serving a task; an older session of the same id is closed first. */
  open(options: OpenSessionOptions): SessionDriver {
    this.close(options.taskId);
    const session = new TaskSession({
      geometry: options.geometry,
      stored: options.stored,
      uploadLimiter: this.#limiter,
      prng: createPrng(Math.floor(Math.random() * 2 ** 32)),
    });
    const driver = new SessionDriver({
      session,
      geometry: options.geometry,
      store: options.store,
      pool: this.#pool,
      clock: this.#clock,
      dial: (address, signal) => this.#dial(options.taskId, address, signal),
      observer: options.observer,
    });
    this.#sessions.set(options.taskId, driver);
    return driver;
  }

  /** Ends one task's session, if there is one. */
  close(taskId: string): void {
    this.#sessions.get(taskId)?.close();
    this.#sessions.delete(taskId);
  }

  /** Ends every session and the listener. */
  async shutDown(): Promise<void> {
    for (const taskId of [...this.#sessions.keys()]) this.close(taskId);
    await this.#listener.close();
  }

  #dial(taskId: string, address: string, signal: AbortSignal): Promise<PeerConnection> {
    const target = this.#options.parseAddress(address);
    if (!target) return Promise.reject(new DialError('unreachable', `${address} is no address`));
    const header = this.#options.headerFor(taskId);
    if (!header) return Promise.reject(new DialError('refused', 'the header would be too long'));
    return dial(target, header, signal);
  }
}
