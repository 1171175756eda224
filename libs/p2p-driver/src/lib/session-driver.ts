/**
 * Runs one TaskSession in the real world: feeds it what sockets and disk tell, performs its effects,
 * arms one timer. It decides nothing about pieces or peers; it only owns the bytes. A piece lives in
 * one pooled buffer: received into it, verified and written from it, sent to the next peers from it.
 */
import {
  encodeMessage,
  encodePieceHeader,
  toSessionEvent,
  type BlockRef,
  type ControlMessage,
  type PeerId,
  type ProtocolErrorCode,
  type SessionEffect,
  type SessionEvent,
  type SourcePlan,
  type TaskGeometry,
  type TaskSession,
  type WireVersion,
} from '@gofd/p2p-protocol';
import {
  PieceCache,
  StoreError,
  type BufferPool,
  type PieceBuffer,
  type PieceStore,
} from '@gofd/piece-store';
import type { Clock } from './clock.ts';
import { DialError } from './dialer.ts';
import { HeldReaders } from './held-readers.ts';
import type { PeerConnection } from './peer-connection.ts';
import type { SessionMeter } from './session-meter.ts';
import { TransferMeasures } from './transfer-measures.ts';

/** What the owner of a task wants to know. */
export interface SessionObserver {
  progressed(storedBytes: number): void;
  /** Every piece is verified and written (not yet placed). */
  finished(): void;
  /** No agent could give what is missing, so the server is asked for it. */
  fellBack?(piece: number): void;
  failed(code: string, message: string): void;
  /** A connection was closed by us; `address` is the far end's. */
  peerClosed(address: string, code: ProtocolErrorCode): void;
}

export interface SessionDriverOptions {
  readonly session: TaskSession;
  /** @default 1 */
  readonly wire?: WireVersion;
  readonly geometry: TaskGeometry;
  readonly store: PieceStore;
  readonly pool: BufferPool;
  readonly clock: Clock;
  readonly dial: (address: string, signal: AbortSignal) => Promise<PeerConnection>;
  readonly observer: SessionObserver;
  readonly meter: SessionMeter;
}

interface Waiting {
  readonly peer: PeerId;
  readonly block: BlockRef;
}

export class SessionDriver {
  /** Why it is as fast as it is. */
  readonly measures = new TransferMeasures();
  readonly #options: SessionDriverOptions;
  readonly #session: TaskSession;
  readonly #cache: PieceCache;
  readonly #connections = new Map<PeerId, PeerConnection>();
  /** Pieces that are being received or stored, by sender: two may send the same one. */
  readonly #incoming = new Map<string, PieceBuffer>();
  /** Blocks whose piece is being read back from disk. */
  readonly #loading = new Map<number, Waiting[]>();
  readonly #heldReaders: HeldReaders;
  readonly #abort = new AbortController();
  #nextPeerId = 1;
  #receiveTarget: Uint8Array | undefined;
  #storeError: StoreError | undefined;
  /** Pieces that are being verified and written. */
  #piecesInStore = 0;
  #cancelTimer: (() => void) | undefined;
  #timerAtMs = Infinity;
  #isTimerCheckScheduled = false;
  #isClosed = false;

  constructor(options: SessionDriverOptions) {
    this.#options = options;
    this.#session = options.session;
    this.#cache = new PieceCache(options.pool);
    this.#heldReaders = new HeldReaders(this.measures, () => options.clock.nowMs());
  }

  /** Block data that peers have taken, bytes. */
  get sentBytes(): number {
    return this.#options.meter.sentBytes;
  }

  /** Block data that came in, bytes, whether or not it verified. */
  get receivedBytes(): number {
    return this.#options.meter.receivedBytes;
  }

  /** Bytes of the pieces that are verified on disk. */
  get storedBytes(): number {
    return this.#session.storedBytes;
  }

  get peerCount(): number {
    return this.#connections.size;
  }

  /** Bytes that were asked of two sources at once. */
  get duplicateBytes(): number {
    return this.#session.duplicateBytes;
  }

  /** Bytes that came across the border of the rack, the server's included. */
  get outsideBytes(): number {
    return this.#session.outsideBytes;
  }

  /** Changes the task's own limits from now on, bytes a second; Infinity lifts one. */
  setTaskRates(uploadBytesPerSecond: number, downloadBytesPerSecond: number): void {
    this.#session.setTaskRates(uploadBytesPerSecond, downloadBytesPerSecond);
    this.#dispatch({ type: 'wake' });
  }

  /** Sets whom to pull from and starts pulling. */
  setSources(plan: SourcePlan): void {
    this.#dispatch({ type: 'sourcesChanged', ...plan });
  }

  /** Takes a peer that dialled us and proved itself. */
  accept(connection: PeerConnection): void {
    if (this.#isClosed) return connection.close();
    this.#adopt(connection, undefined);
  }

  /** Drops every peer and buffer; nothing happens afterwards. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#options.meter.end();
    this.#abort.abort();
    this.#cancelTimer?.();
    for (const connection of this.#connections.values()) connection.close();
    this.#connections.clear();
    for (const buffer of this.#incoming.values()) buffer.release();
    this.#incoming.clear();
    this.#loading.clear();
    this.#cache.close();
  }

  #dispatch(event: SessionEvent): void {
    if (this.#isClosed) return;
    const effects = this.#session.handle(event, this.#options.clock.nowMs());
    for (const effect of effects) this.#perform(effect);
    this.#scheduleTimerCheck();
  }

  #perform(effect: SessionEffect): void {
    switch (effect.type) {
      case 'dial':
        void this.#dial(effect.address);
        return;
      case 'send':
        this.#options.meter.asked(effect.peer, effect.message);
        this.#connections.get(effect.peer)?.send(encodeMessage(effect.message));
        return;
      case 'sendBlock':
        return this.#sendBlock(effect.peer, effect);
      case 'receiveBlock':
        this.#receiveTarget = this.#targetFor(effect.peer, effect);
        return;
      case 'storePiece':
        void this.#storePiece(effect.peer, effect.piece);
        return;
      case 'discardPiece':
        return this.#discard(effect.peer, effect.piece);
      case 'close':
        return this.#closePeer(effect.peer, effect.code);
      case 'progressed':
        return this.#options.observer.progressed(effect.storedBytes);
      case 'fellBack':
        return this.#options.observer.fellBack?.(effect.piece);
      case 'finished':
        return this.#options.observer.finished();
      case 'failed':
        return this.#options.observer.failed(this.#storeError?.code ?? effect.code, effect.message);
    }
  }

  // Peers.

  async #dial(address: string): Promise<void> {
    try {
      const connection = await this.#options.dial(address, this.#abort.signal);
      if (this.#isClosed) connection.close();
      else this.#adopt(connection, address);
    } catch (error) {
      const failure = error instanceof DialError ? error.failure : 'unreachable';
      this.#dispatch({ type: 'dialFailed', address, failure });
    }
  }

  #adopt(connection: PeerConnection, address: string | undefined): void {
    const peer = this.#nextPeerId++;
    this.#connections.set(peer, connection);
    this.#dispatch(
      address === undefined
        ? { type: 'peerConnected', peer }
        : { type: 'peerConnected', peer, address },
    );
    const { pieceCount, blockBytes } = this.#options.geometry;
    const limits = { wire: this.#options.wire ?? 1, pieceCount, maxBlockBytes: blockBytes };
    connection.open(limits, {
      message: (message) => this.#messageReceived(peer, message),
      blockStarts: (block) => this.#blockStarts(peer, block),
      blockEnds: ({ piece, begin, length }) => {
        this.#options.meter.received(address, length);
        this.measures.received(address ?? connection.remoteAddress, length);
        this.#dispatch({ type: 'blockReceived', peer, piece, begin, length });
      },
      violation: (code) => {
        this.#closePeer(peer, code);
        this.#dispatch({ type: 'peerClosed', peer });
      },
      dataSent: (length) => {
        this.#options.meter.sent(length);
        this.#dispatch({ type: 'blockSent', peer, length });
      },
      closed: () => {
        if (!this.#connections.delete(peer)) return;
        if (address !== undefined) this.measures.sourceLost();
        this.#dispatch({ type: 'peerClosed', peer });
      },
    });
  }

  #messageReceived(peer: PeerId, message: ControlMessage): void {
    const event = toSessionEvent(peer, message);
    if (event) this.#dispatch(event);
  }

  #closePeer(peer: PeerId, code: ProtocolErrorCode): void {
    const connection = this.#connections.get(peer);
    if (!connection) return;
    this.#connections.delete(peer);
    this.#options.meter.peerClosed(code);
    this.measures.gaveUp(connection.remoteAddress, code);
    this.#options.observer.peerClosed(connection.remoteAddress, code);
    connection.close();
  }

  // Bytes in.

  #blockStarts(peer: PeerId, { piece, begin, length }: BlockRef): Uint8Array | undefined {
    this.#receiveTarget = undefined;
    this.#dispatch({ type: 'blockArriving', peer, piece, begin, length });
    return this.#receiveTarget;
  }

  #targetFor(peer: PeerId, { piece, begin, length }: BlockRef): Uint8Array {
    const key = incomingKey(peer, piece);
    let buffer = this.#incoming.get(key);
    if (!buffer) {
      const { pool, geometry } = this.#options;
      buffer = pool.acquireNow(geometry.pieceLength(piece));
      this.#incoming.set(key, buffer);
      const connection = this.#connections.get(peer);
      if (connection && pool.isOverdrawn && this.#piecesInStore > 0) {
        this.#heldReaders.hold(connection);
      }
    }
    return buffer.bytes.subarray(begin, begin + length);
  }

  /** While the peer is connected the kernel may still write into the buffer: see PeerConnection. */
  #discard(peer: PeerId, piece: number): void {
    this.#options.meter.dropped(peer, piece);
    const buffer = this.#takeIncoming(peer, piece);
    if (!buffer) return;
    const connection = this.#connections.get(peer);
    if (connection) connection.abandon(buffer);
    else buffer.release();
  }

  #takeIncoming(peer: PeerId, piece: number): PieceBuffer | undefined {
    const key = incomingKey(peer, piece);
    const buffer = this.#incoming.get(key);
    this.#incoming.delete(key);
    return buffer;
  }

  async #storePiece(peer: PeerId, piece: number): Promise<void> {
    const buffer = this.#takeIncoming(peer, piece);
    if (!buffer) return;
    this.#piecesInStore += 1;
    try {
      const isGood = await this.#options.store.write(piece, buffer.bytes);
      this.#options.meter.checked(peer, piece, isGood);
      if (isGood && !this.#isClosed) this.#cache.put(piece, buffer);
      this.#dispatch({ type: isGood ? 'pieceStored' : 'pieceRejected', piece });
    } catch (error) {
      this.#storeFailed(error);
    } finally {
      buffer.release();
      this.#piecesInStore -= 1;
      this.#heldReaders.resumeAll();
    }
  }

  #storeFailed(error: unknown): void {
    this.#storeError =
      error instanceof StoreError ? error : new StoreError('IO_ERROR', String(error), error);
    this.#dispatch({ type: 'storeFailed', message: this.#storeError.message });
  }

  // Bytes out.

  #sendBlock(peer: PeerId, block: BlockRef): void {
    const buffer = this.#cache.get(block.piece);
    this.#options.meter.lookedUp(buffer !== undefined || this.#loading.has(block.piece));
    if (buffer) return this.#queueBlock(peer, block, buffer);
    const waiting = this.#loading.get(block.piece);
    if (waiting) {
      waiting.push({ peer, block });
    } else {
      this.#loading.set(block.piece, [{ peer, block }]);
      void this.#loadPiece(block.piece);
    }
  }

  /** Takes over the caller's reference to the buffer. */
  #queueBlock(peer: PeerId, block: BlockRef, buffer: PieceBuffer): void {
    const connection = this.#connections.get(peer);
    if (!connection) return buffer.release();
    const data = buffer.bytes.subarray(block.begin, block.begin + block.length);
    connection.sendBlock(encodePieceHeader(block), data, buffer);
  }

  async #loadPiece(piece: number): Promise<void> {
    const buffer = await this.#options.pool.acquire(this.#options.geometry.pieceLength(piece));
    try {
      if (this.#isClosed) return;
      await this.#options.store.read(piece, buffer.bytes);
      if (this.#isClosed) return;
      this.#cache.put(piece, buffer);
      for (const { peer, block } of this.#loading.get(piece) ?? []) {
        buffer.retain();
        this.#queueBlock(peer, block, buffer);
      }
      this.#loading.delete(piece);
    } catch (error) {
      this.#storeFailed(error);
    } finally {
      buffer.release();
    }
  }

  // Time.

  /** Looks at the timer once per turn of the event loop, not once per event. */
  #scheduleTimerCheck(): void {
    if (this.#isTimerCheckScheduled) return;
    this.#isTimerCheckScheduled = true;
    process.nextTick(() => {
      this.#isTimerCheckScheduled = false;
      this.#armTimer();
    });
  }

  /** A timer that is due too early is left alone: an extra wake does no harm and is cheaper. */
  #armTimer(): void {
    if (this.#isClosed) return;
    const atMs = this.#session.nextWakeAtMs();
    if (atMs === undefined || atMs >= this.#timerAtMs) return;
    this.#cancelTimer?.();
    this.#timerAtMs = atMs;
    const { clock } = this.#options;
    this.#cancelTimer = clock.after(Math.max(0, atMs - clock.nowMs()), () => {
      this.#timerAtMs = Infinity;
      this.#dispatch({ type: 'wake' });
    });
  }
}

function incomingKey(peer: PeerId, piece: number): string {
  return `${peer}/${piece}`;
}
