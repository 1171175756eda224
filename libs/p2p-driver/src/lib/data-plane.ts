/**
 * The data port of one process and all its sessions: the one thing that server and agent share. It
 * routes dialling peers to the session of their task and stream and gives every session the same pool,
 * limiter and clock. Each session has its own security: what opens one task opens no other.
 */
import { TASK_KEY_BYTES } from '@gofd/auth-crypto';
import {
  createPrng,
  GcraLimiter,
  MAX_PEERS_OF_ORIGIN,
  MAX_PEERS_PER_TASK,
  TaskSession,
  type SessionLimits,
  type Bitfield,
  type PeerHeader,
  type TaskGeometry,
  type TaskStream,
} from '@gofd/p2p-protocol';
import { BufferPool, type PieceStore } from '@gofd/piece-store';
import { systemClock, type Clock } from './clock.ts';
import { dial, DialError, type DialTarget } from './dialer.ts';
import type { DiallingHandshake, RefusalCode, TaskSecurity } from './handshake.port.ts';
import type { PeerConnection } from './peer-connection.ts';
import { PeerListener } from './peer-listener.ts';
import { SessionMeter } from './session-meter.ts';
import { SessionDriver, type SessionObserver } from './session-driver.ts';
import { Traffic } from './traffic.ts';
import { V1Dialling } from './v1-handshake.ts';
import { V2Dialling } from './v2-handshake.ts';

export interface DataPlaneOptions {
  /** Budget of all piece buffers, bytes. */
  readonly cacheBytes: number;
  /** Upload limit of the process, bytes a second. */
  readonly uploadBytesPerSecond: number;
  /** Download limit of the process, bytes a second. @default none */
  readonly downloadBytesPerSecond?: number;
  /** Upload limit to any one peer, bytes a second. @default none */
  readonly peerUploadBytesPerSecond?: number;
  /** Checks the v1 header of a dialling peer. */
  readonly authenticate: (header: PeerHeader) => Promise<boolean>;
  /** The v1 header with which we introduce ourselves for a task; undefined if it cannot be. */
  readonly headerFor: (taskId: string) => Uint8Array | undefined;
  /** Splits a data address; undefined when it is malformed. */
  readonly parseAddress: (address: string) => DialTarget | undefined;
  readonly refused: (remoteAddress: string, code: RefusalCode) => void;
  /** Our name in a v2 handshake. @default none */
  readonly agentId?: string;
  readonly clock?: Clock;
}

export type TaskRates = Pick<SessionLimits, 'taskUpload' | 'taskDownload' | 'peerUpload'>;

export interface OpenSessionOptions {
  readonly taskId: string;
  /** What of the task is moved; each stream has a session of its own. @default 'content' */
  readonly stream?: TaskStream;
  /** What peers have to prove, and we to them. @default version 1, the fleet's password */
  readonly security?: TaskSecurity;
  readonly geometry: TaskGeometry;
  readonly stored: Bitfield;
  readonly store: PieceStore;
  readonly observer: SessionObserver;
  /** The server before a mesh: shows each piece to one agent only. @default false */
  readonly scatters?: boolean;
  /** The task's own limits, bytes a second; the process's hold beside them. @default none */
  readonly taskRates?: TaskRates;
  /** The server's data address as it is dialled, to tell its bytes from those of agents. */
  readonly serverAddress?: string;
}

/** Where the proven peers of one stream go. */
interface StreamEntrance {
  readonly security: TaskSecurity;
  accept(connection: PeerConnection): void;
  close(): void;
}

const STREAMS: readonly TaskStream[] = ['content', 'manifest'];

export class DataPlane {
  /** What has been moved and refused since the start. */
  readonly traffic = new Traffic();
  readonly #options: DataPlaneOptions;
  readonly #clock: Clock;
  readonly #pool: BufferPool;
  readonly #uploadLimiter: GcraLimiter;
  readonly #downloadLimiter: GcraLimiter;
  readonly #listener: PeerListener;
  readonly #entrances = new Map<string, StreamEntrance>();

  constructor(options: DataPlaneOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#pool = new BufferPool(options.cacheBytes);
    this.#uploadLimiter = new GcraLimiter(options.uploadBytesPerSecond);
    this.#downloadLimiter = new GcraLimiter(options.downloadBytesPerSecond ?? Infinity);
    this.#listener = new PeerListener({
      authenticate: options.authenticate,
      securityOf: (taskId, stream) => this.#entrances.get(keyOf(taskId, stream))?.security,
      accept: ({ taskId, stream }, connection) => {
        const entrance = this.#entrances.get(keyOf(taskId, stream));
        if (entrance) entrance.accept(connection);
        else connection.close();
      },
      refused: (remoteAddress, code) => {
        this.traffic.peerClosed(code);
        options.refused(remoteAddress, code);
      },
    });
  }

  /** @returns the data port */
  listen(host: string, port: number): Promise<number> {
    return this.#listener.listen(host, port);
  }

  /** Memory for pieces, bytes: taken now, and allowed. */
  get memory(): { readonly allocatedBytes: number; readonly budgetBytes: number } {
    return this.#pool;
  }

  /** Streams of tasks that are served or pulled. */
  get streamCount(): number {
    return this.#entrances.size;
  }

  /** Changes the upload limit of the process from now on, bytes a second. */
  setUploadLimit(bytesPerSecond: number): void {
    this.#uploadLimiter.setRate(bytesPerSecond);
  }

  /**
   * Lets peers of a task's content in before it is open: they wait until it is, and need not dial again.
   * @throws RangeError when the key of version 2 is not of TASK_KEY_BYTES
   */
  expect(taskId: string, security: TaskSecurity): void {
    assertUsable(security);
    this.#closeStream(taskId, 'content');
    this.#entrances.set(keyOf(taskId, 'content'), new WaitingRoom(security));
  }

  /**
   * Starts serving a stream of a task; an older session of the same is closed first.
   * @throws RangeError when the key of version 2 is not of TASK_KEY_BYTES
   */
  open(options: OpenSessionOptions): SessionDriver {
    const { taskId, stream = 'content', security = { version: 1 } } = options;
    assertUsable(security);
    const key = keyOf(taskId, stream);
    const before = this.#entrances.get(key);
    const waiting = before instanceof WaitingRoom ? before.leave() : [];
    this.#closeStream(taskId, stream);
    const wire = security.version;
    const session = new TaskSession({
      wire,
      geometry: options.geometry,
      stored: options.stored,
      limits: {
        hostUpload: this.#uploadLimiter,
        hostDownload: this.#downloadLimiter,
        peerUpload: this.#options.peerUploadBytesPerSecond ?? Infinity,
        ...options.taskRates,
      },
      scatters: options.scatters ?? false,
      maxPeers: options.scatters ? MAX_PEERS_OF_ORIGIN : MAX_PEERS_PER_TASK,
      prng: createPrng(Math.floor(Math.random() * 2 ** 32)),
    });
    const driver = new SessionDriver({
      session,
      wire,
      geometry: options.geometry,
      store: options.store,
      pool: this.#pool,
      clock: this.#clock,
      dial: (address, signal) =>
        this.#dial(address, signal, () => this.#handshakeFor(taskId, stream, security)),
      observer: options.observer,
      meter: new SessionMeter({
        traffic: this.traffic,
        nowMs: () => this.#clock.nowMs(),
        session,
        serverAddress: options.serverAddress,
      }),
    });
    this.#entrances.set(key, {
      security,
      accept: (connection) => driver.accept(connection),
      close: () => driver.close(),
    });
    for (const connection of waiting) driver.accept(connection);
    return driver;
  }

  /** Ends the sessions of one task, all its streams, if there are any. */
  close(taskId: string): void {
    for (const stream of STREAMS) this.#closeStream(taskId, stream);
  }

  /** Ends every session and the listener. */
  async shutDown(): Promise<void> {
    for (const entrance of this.#entrances.values()) entrance.close();
    this.#entrances.clear();
    await this.#listener.close();
  }

  #closeStream(taskId: string, stream: TaskStream): void {
    const key = keyOf(taskId, stream);
    this.#entrances.get(key)?.close();
    this.#entrances.delete(key);
  }

  #dial(
    address: string,
    signal: AbortSignal,
    startHandshake: () => DiallingHandshake | undefined,
  ): Promise<PeerConnection> {
    const target = this.#options.parseAddress(address);
    if (!target) return Promise.reject(new DialError('unreachable', `${address} is no address`));
    const handshake = startHandshake();
    if (!handshake) return Promise.reject(new DialError('refused', 'our names would be too long'));
    return dial(target, handshake, signal);
  }

  /** A fresh handshake for one connection; undefined when our names do not fit into it. */
  #handshakeFor(
    taskId: string,
    stream: TaskStream,
    security: TaskSecurity,
  ): DiallingHandshake | undefined {
    if (security.version === 2) {
      const agentId = this.#options.agentId ?? '';
      return V2Dialling.start({ key: security.key, taskId, stream, agentId });
    }
    const header = this.#options.headerFor(taskId);
    return header && new V1Dialling(header);
  }
}

/**
 * Proven peers of a stream that is not open yet. Nothing is read from them, so one that has left cannot
 * be told from one that waits: where there is no room, the one that has waited longest makes it.
 */
class WaitingRoom implements StreamEntrance {
  readonly security: TaskSecurity;
  #waiting: PeerConnection[] = [];

  constructor(security: TaskSecurity) {
    this.security = security;
  }

  accept(connection: PeerConnection): void {
    this.#waiting.push(connection);
    if (this.#waiting.length > MAX_PEERS_PER_TASK) this.#waiting.shift()?.close();
  }

  leave(): readonly PeerConnection[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }

  close(): void {
    for (const connection of this.leave()) connection.close();
  }
}

/** Streams are few and have fixed names, so no two pairs have the same key. */
function keyOf(taskId: string, stream: TaskStream): string {
  return `${stream} ${taskId}`;
}

/** Told here, where it can be helped, and not at the first peer. */
function assertUsable(security: TaskSecurity): void {
  if (security.version === 1 || security.key.length === TASK_KEY_BYTES) return;
  throw new RangeError(`the key has ${security.key.length} bytes, not ${TASK_KEY_BYTES}`);
}
