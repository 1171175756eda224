/**
 * The world around one session under test: its clock, its peers, its disk. It performs nothing by
 * itself; a spec tells what happens and reads back what the session wanted.
 */
import { Bitfield } from '../src/lib/codec/bitfield.ts';
import type { BlockRef } from '../src/lib/codec/messages.ts';
import type { ProtocolErrorCode } from '../src/lib/errors.ts';
import { createPrng } from '../src/lib/kernel/prng.ts';
import { UNLIMITED, type RateLimiter } from '../src/lib/limits/rate-limiter.ts';
import type { RackPlace } from '../src/lib/scheduling/wanted-pieces.ts';
import type { SessionEffect } from '../src/lib/session/effects.ts';
import type { PeerId, SessionEvent } from '../src/lib/session/events.ts';
import { TaskGeometry } from '../src/lib/session/task-geometry.ts';
import { TaskSession } from '../src/lib/session/task-session.ts';

export interface WorldOptions {
  readonly pieceCount?: number;
  readonly blocksPerPiece?: number;
  readonly blockBytes?: number;
  /** Pieces on disk from the start. */
  readonly stored?: readonly number[] | 'all';
  readonly uploadLimiter?: RateLimiter;
  readonly seed?: number;
  readonly wire?: 1 | 2;
  /** A server before a mesh. */
  readonly scatters?: boolean;
  /** Limits of the task itself, bytes a second. */
  readonly taskUpload?: number;
  readonly taskDownload?: number;
}

export interface MeshOptions {
  /** @default server */
  readonly origin?: string;
  readonly rack?: RackPlace;
}

export interface Dial {
  readonly address: string;
  readonly atMs: number;
}

type EffectOf<Type extends SessionEffect['type']> = Extract<SessionEffect, { type: Type }>;

/** Wakes within one stretch of time; more means that the session spins. */
const MAX_WAKES = 100_000;

export class SessionWorld {
  readonly geometry: TaskGeometry;
  readonly session: TaskSession;
  /** Everything that the session wanted, oldest first. */
  readonly effects: SessionEffect[] = [];
  readonly dials: Dial[] = [];
  nowMs = 1_000;
  #nextPeer = 1;
  #isDialling = false;
  readonly #stored = new Set<number>();

  constructor(options: WorldOptions = {}) {
    const { pieceCount = 8, blocksPerPiece = 2, blockBytes = 4, stored = [] } = options;
    const pieceBytes = blocksPerPiece * blockBytes;
    const totalBytes = pieceCount * pieceBytes;
    this.geometry = new TaskGeometry({ totalBytes, pieceBytes, blockBytes });
    this.session = new TaskSession({
      geometry: this.geometry,
      stored: this.setOf(stored),
      limits: {
        hostUpload: options.uploadLimiter ?? UNLIMITED,
        taskUpload: options.taskUpload ?? Infinity,
        taskDownload: options.taskDownload ?? Infinity,
      },
      prng: createPrng(options.seed ?? 1),
      wire: options.wire ?? 1,
      scatters: options.scatters ?? false,
    });
  }

  /** @returns what this one event led to */
  tell(event: SessionEvent): readonly SessionEffect[] {
    if ('address' in event) this.#isDialling = false;
    if (event.type === 'pieceStored') this.#stored.add(event.piece);
    const effects = this.session.handle(event, this.nowMs);
    this.effects.push(...effects);
    for (const effect of effects) {
      if (effect.type !== 'dial') continue;
      this.dials.push({ address: effect.address, atMs: this.nowMs });
      this.#isDialling = true;
    }
    return effects;
  }

  /** Moves the clock, waking the session exactly when it asks for it. */
  advance(byMs: number): void {
    const endMs = this.nowMs + byMs;
    for (let wakes = 0; wakes < MAX_WAKES; wakes++) {
      const atMs = this.session.nextWakeAtMs();
      if (atMs === undefined || atMs > endMs) {
        this.nowMs = endMs;
        return;
      }
      this.nowMs = Math.max(this.nowMs, atMs);
      this.tell({ type: 'wake' });
    }
    throw new Error('the session asks to be woken again and again');
  }

  start(...addresses: string[]): void {
    this.tell({ type: 'sourcesChanged', sources: addresses, degree: 1 });
  }

  /** A mesh: all of these and the origin are dialled. */
  startMesh(sources: readonly string[], { origin = 'server', rack }: MeshOptions = {}): void {
    this.tell({ type: 'sourcesChanged', sources, degree: sources.length, origin, rack });
  }

  /** One of the addresses that were dialled answers, with these pieces. */
  connectSource(address: string, pieces: readonly number[] | 'all' = []): PeerId {
    const peer = this.#nextPeer++;
    this.tell({ type: 'peerConnected', peer, address });
    this.sendBitfield(peer, pieces);
    return peer;
  }

  /** Answers the last dial: connected, and the upstream's bitfield is here. */
  connectUpstream(pieces: readonly number[] | 'all' = 'all'): PeerId {
    const address = this.lastDial;
    if (address === undefined) throw new Error('nobody was dialled');
    const peer = this.#nextPeer++;
    this.tell({ type: 'peerConnected', peer, address });
    this.sendBitfield(peer, pieces);
    return peer;
  }

  /** A peer that dialled us; with its bitfield unless `pieces` is undefined. */
  connectDownstream(pieces: readonly number[] | 'all' | undefined = []): PeerId {
    const peer = this.connectSilent();
    this.sendBitfield(peer, pieces);
    return peer;
  }

  /** A peer that dialled us and says nothing. */
  connectSilent(): PeerId {
    const peer = this.#nextPeer++;
    this.tell({ type: 'peerConnected', peer });
    return peer;
  }

  sendBitfield(peer: PeerId, pieces: readonly number[] | 'all'): void {
    this.tell({ type: 'bitfieldReceived', peer, bytes: this.setOf(pieces).toBytes() });
  }

  /** Fails one dial after the other until this address is dialled. */
  failDialsUntil(address: string): void {
    for (let attempts = 0; attempts < MAX_WAKES; attempts++) {
      if (this.#isDialling && this.lastDial === address) return;
      if (this.#isDialling) this.failDial();
      else this.advance((this.session.nextWakeAtMs() ?? this.nowMs) - this.nowMs);
    }
    throw new Error(`${address} is never dialled`);
  }

  refuseDial(address = this.lastDial ?? ''): void {
    this.tell({ type: 'dialFailed', address, failure: 'refused' });
  }

  failDial(address = this.lastDial ?? ''): void {
    this.tell({ type: 'dialFailed', address, failure: 'unreachable' });
  }

  /** One block comes in, header and data. */
  deliverBlock(peer: PeerId, block: BlockRef): void {
    this.tell({ type: 'blockArriving', peer, ...block });
    this.tell({ type: 'blockReceived', peer, ...block });
  }

  /** All blocks of a piece come in. */
  deliver(peer: PeerId, piece: number): void {
    for (let block = 0; block < this.geometry.blockCount(piece); block++) {
      this.deliverBlock(peer, this.block(piece, block));
    }
  }

  deliverAndStore(peer: PeerId, piece: number): void {
    this.deliver(peer, piece);
    this.tell({ type: 'pieceStored', piece });
  }

  deliverAndReject(peer: PeerId, piece: number): void {
    this.deliver(peer, piece);
    this.tell({ type: 'pieceRejected', piece });
  }

  /** Whether the session was told that this piece is stored. */
  stored(piece: number): boolean {
    return this.#stored.has(piece);
  }

  request(peer: PeerId, block: BlockRef): readonly SessionEffect[] {
    return this.tell({ type: 'requestReceived', peer, ...block });
  }

  block(piece: number, block = 0): BlockRef {
    const length = this.geometry.blockLength(piece, block);
    return { piece, begin: block * this.geometry.blockBytes, length };
  }

  get lastDial(): string | undefined {
    return this.dials.at(-1)?.address;
  }

  all<Type extends SessionEffect['type']>(type: Type): EffectOf<Type>[] {
    return this.effects.filter((effect): effect is EffectOf<Type> => effect.type === type);
  }

  /** Pieces asked of a peer, in the order of their first request. */
  piecesAskedOf(peer: PeerId): number[] {
    const asked = this.all('send').flatMap(({ peer: to, message }) =>
      to === peer && message.type === 'request' ? [message.piece] : [],
    );
    return [...new Set(asked)];
  }

  /** Pieces announced to a peer by HAVE and HAVE_MANY, in order. */
  piecesAnnouncedTo(peer: PeerId): number[] {
    return this.all('send').flatMap(({ peer: to, message }) =>
      to === peer && message.type === 'have'
        ? [message.piece]
        : to === peer && message.type === 'haveMany'
          ? message.pieces
          : [],
    );
  }

  /** Pieces of CANCEL and REJECT messages to a peer. */
  piecesOf(type: 'cancel' | 'reject', peer: PeerId): number[] {
    return this.all('send').flatMap(({ peer: to, message }) =>
      to === peer && message.type === type ? [message.piece] : [],
    );
  }

  blocksSentTo(peer: PeerId): BlockRef[] {
    return this.all('sendBlock')
      .filter((effect) => effect.peer === peer)
      .map(({ piece, begin, length }) => ({ piece, begin, length }));
  }

  /** Why a peer was closed; undefined while it is not. */
  closeCode(peer: PeerId): ProtocolErrorCode | undefined {
    return this.all('close').find((effect) => effect.peer === peer)?.code;
  }

  setOf(pieces: readonly number[] | 'all'): Bitfield {
    if (pieces === 'all') return Bitfield.full(this.geometry.pieceCount);
    const set = Bitfield.empty(this.geometry.pieceCount);
    for (const piece of pieces) set.add(piece);
    return set;
  }
}
