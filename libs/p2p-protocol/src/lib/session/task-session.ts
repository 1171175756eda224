/**
 * One task on one host: decides who is asked for which piece, who is answered when, whom to dial and
 * whom to drop. Synchronous, without clock, timer or I/O: `handle(event, nowMs)` returns what to do,
 * `nextWakeAtMs()` when to be called again. The server runs the same class with every piece there.
 *
 * Invariants: a piece is announced only after pieceStored; a block is let in only if it was asked of
 * that very peer; each missing piece is in exactly one of wanted, requested or being stored.
 */
import { Bitfield } from '../codec/bitfield.ts';
import type { BlockRef } from '../codec/messages.ts';
import type { ProtocolErrorCode, SessionFailureCode } from '../errors.ts';
import type { Prng } from '../kernel/prng.ts';
import {
  BITFIELD_TIMEOUT_MS,
  MAX_PEERS_PER_TASK,
  MAX_PIECES_IN_REQUEST,
  MAX_QUEUED_REQUESTS,
  MAX_REQUEST_BYTES,
  NO_SOURCE_TIMEOUT_MS,
  REQUEST_TIMEOUT_MS,
  STARVED_TIMEOUT_MS,
  UPLOAD_STALL_TIMEOUT_MS,
} from '../limits/limits.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import { ChainWalker } from '../scheduling/chain-walker.ts';
import { RequestBook } from '../scheduling/request-book.ts';
import { UploadQueue } from '../scheduling/upload-queue.ts';
import type { SessionEffect } from './effects.ts';
import type { DialFailure, PeerId, SessionEvent } from './events.ts';
import { createPeerState, type PeerState } from './peer-state.ts';
import type { TaskGeometry } from './task-geometry.ts';

export interface TaskSessionOptions {
  readonly geometry: TaskGeometry;
  /** Pieces that are verified on disk already; all of them on the server. */
  readonly stored: Bitfield;
  /** Shared by all sessions of the process. */
  readonly uploadLimiter: RateLimiter;
  readonly prng: Prng;
}

/** Where the pieces come from: nobody yet, one being dialled, or one connected upstream. */
type Upstream =
  | { readonly state: 'none'; readonly sinceMs: number }
  | { readonly state: 'dialling'; readonly address: string; readonly sinceMs: number }
  | { readonly state: 'connected'; readonly peer: PeerState };

export class TaskSession {
  readonly #geometry: TaskGeometry;
  readonly #stored: Bitfield;
  /** Neither stored, nor asked for, nor being stored. */
  readonly #wanted: Bitfield;
  /** Complete pieces on their way to the disk, with the address that sent them. */
  readonly #storing = new Map<number, string>();
  readonly #requests: RequestBook;
  readonly #uploads: UploadQueue;
  readonly #walker: ChainWalker;
  readonly #peers = new Map<PeerId, PeerState>();
  #upstream: Upstream = { state: 'none', sinceMs: 0 };
  #storedBytes: number;
  #ended = false;
  #effects: SessionEffect[] = [];

  constructor(options: TaskSessionOptions) {
    this.#geometry = options.geometry;
    this.#stored = options.stored.copy();
    this.#wanted = options.stored.complement();
    this.#requests = new RequestBook(options.geometry);
    this.#uploads = new UploadQueue(options.uploadLimiter);
    this.#walker = new ChainWalker(options.prng);
    this.#storedBytes = options.geometry.bytesOf(options.stored);
  }

  /** Pieces verified on disk. */
  get storedPieces(): number {
    return this.#stored.count;
  }

  get storedBytes(): number {
    return this.#storedBytes;
  }

  get isComplete(): boolean {
    return this.#stored.isFull();
  }

  get peerCount(): number {
    return this.#peers.size;
  }

  /** Takes one event in and returns what it leads to, in order. Never throws for what a peer did. */
  handle(event: SessionEvent, nowMs: number): readonly SessionEffect[] {
    this.#effects = [];
    if (!this.#ended) {
      this.#apply(event, nowMs);
      this.#pumpUploads(nowMs);
    }
    return this.#effects;
  }

  /** When `wake` is due at the latest, ms; undefined when only events can change anything. */
  nextWakeAtMs(): number | undefined {
    if (this.#ended) return undefined;
    let earliest = Infinity;
    for (const peer of this.#peers.values()) {
      earliest = Math.min(earliest, this.#deadlineOf(peer)?.atMs ?? Infinity);
    }
    earliest = Math.min(earliest, this.#uploads.nextSendAtMs ?? Infinity, this.#nextDialAtMs());
    return earliest === Infinity ? undefined : earliest;
  }

  #apply(event: SessionEvent, nowMs: number): void {
    switch (event.type) {
      case 'upstreamsChanged':
        this.#walker.setAddresses(event.addresses);
        if (this.#upstream.state === 'none') this.#upstream = { state: 'none', sinceMs: nowMs };
        return this.#seekUpstream(nowMs);
      case 'peerConnected':
        return this.#peerConnected(event.peer, event.address, nowMs);
      case 'dialFailed':
        return this.#dialFailed(event.address, event.failure, nowMs);
      case 'wake':
        return this.#wake(nowMs);
      case 'pieceStored':
        return this.#pieceStored(event.piece, nowMs);
      case 'pieceRejected':
        return this.#pieceRejected(event.piece, nowMs);
      case 'storeFailed':
        return this.#fail('STORE_FAILED', event.message);
      default: {
        const peer = this.#peers.get(event.peer);
        if (peer) this.#applyOfPeer(event, peer, nowMs);
      }
    }
  }

  #applyOfPeer(
    event: Extract<SessionEvent, { peer: PeerId }>,
    peer: PeerState,
    nowMs: number,
  ): void {
    switch (event.type) {
      case 'peerConnected':
        return;
      case 'peerClosed':
        return this.#forget(peer, nowMs);
      case 'bitfieldReceived':
        return this.#bitfieldReceived(peer, event.bytes, nowMs);
      case 'haveReceived':
        return this.#haveReceived(peer, event.piece, nowMs);
      case 'requestReceived':
        return this.#requestReceived(peer, event, nowMs);
      case 'blockArriving':
        return this.#blockArriving(peer, event, nowMs);
      case 'blockReceived':
        return this.#blockReceived(peer, event, nowMs);
      case 'blockSent':
        peer.inFlightBytes -= event.length;
        peer.tookAtMs = nowMs;
        return;
    }
  }

  // Peers come and go.

  #peerConnected(id: PeerId, address: string | undefined, nowMs: number): void {
    const peer = createPeerState(id, address, nowMs);
    this.#peers.set(id, peer);
    const refusal =
      address === undefined ? this.#visitorRefusal() : this.#admitUpstream(peer, address);
    if (refusal) return this.#close(peer, refusal, nowMs);
    this.#send(peer, { type: 'bitfield', bytes: this.#stored.toBytes() });
  }

  /** Those who dialled us must not crowd out the upstream, so only they count against the bound. */
  #visitorRefusal(): ProtocolErrorCode | undefined {
    const visitors = this.#peers.size - (this.#upstream.state === 'connected' ? 1 : 0);
    return visitors > MAX_PEERS_PER_TASK ? 'P2P_TOO_MANY_PEERS' : undefined;
  }

  #admitUpstream(peer: PeerState, address: string): ProtocolErrorCode | undefined {
    const isAwaited = this.#upstream.state === 'dialling' && this.#upstream.address === address;
    if (!isAwaited || this.isComplete) return 'P2P_UPSTREAM_REPLACED';
    this.#upstream = { state: 'connected', peer };
    return this.#walker.isBanned(address) ? 'P2P_BAD_PIECE' : undefined;
  }

  #close(peer: PeerState, code: ProtocolErrorCode, nowMs: number): void {
    this.#effects.push({ type: 'close', peer: peer.id, code });
    this.#forget(peer, nowMs);
  }

  /** Takes back what was asked of a peer that is gone and looks for another source. */
  #forget(peer: PeerState, nowMs: number): void {
    this.#peers.delete(peer.id);
    this.#uploads.remove(peer);
    for (const piece of this.#requests.releasePeer(peer.id)) {
      this.#wanted.add(piece);
      this.#effects.push({ type: 'discardPiece', piece });
    }
    if (this.#upstream.state !== 'connected' || this.#upstream.peer !== peer) return;
    this.#upstream = { state: 'none', sinceMs: nowMs };
    if (peer.address !== undefined) this.#walker.lost(peer.address, nowMs);
    this.#seekUpstream(nowMs);
  }

  #dialFailed(address: string, failure: DialFailure, nowMs: number): void {
    this.#walker.dialFailed(address, failure, nowMs);
    if (this.#upstream.state !== 'dialling' || this.#upstream.address !== address) return;
    this.#upstream = { state: 'none', sinceMs: this.#upstream.sinceMs };
    this.#seekUpstream(nowMs);
  }

  #seekUpstream(nowMs: number): void {
    if (this.#upstream.state !== 'none' || this.isComplete || this.#ended) return;
    if (this.#walker.isExhausted) {
      return this.#fail(
        'INTEGRITY',
        'every source, the server included, sent pieces whose hash is wrong',
      );
    }
    const address = this.#walker.nextAddress(nowMs);
    if (address === undefined) return;
    this.#upstream = { state: 'dialling', address, sinceMs: this.#upstream.sinceMs };
    this.#effects.push({ type: 'dial', address });
  }

  // What peers have, and what they want.

  #bitfieldReceived(peer: PeerState, bytes: Uint8Array, nowMs: number): void {
    if (peer.pieces) return this.#close(peer, 'P2P_BITFIELD_REPEATED', nowMs);
    const pieces = Bitfield.fromBytes(bytes, this.#geometry.pieceCount);
    if (!pieces) return this.#close(peer, 'P2P_BAD_BITFIELD', nowMs);
    peer.pieces = pieces;
    peer.usefulAtMs = nowMs;
    this.#requestPieces(peer, nowMs);
  }

  #haveReceived(peer: PeerState, piece: number, nowMs: number): void {
    if (!peer.pieces) return this.#close(peer, 'P2P_BITFIELD_EXPECTED', nowMs);
    if (!this.#geometry.hasPiece(piece)) return this.#close(peer, 'P2P_PIECE_OUT_OF_RANGE', nowMs);
    peer.pieces.add(piece);
    if (!this.#stored.has(piece)) peer.usefulAtMs = nowMs;
    this.#requestPieces(peer, nowMs);
  }

  #requestReceived(peer: PeerState, block: BlockRef, nowMs: number): void {
    const violation = this.#requestViolation(peer, block);
    if (violation) return this.#close(peer, violation, nowMs);
    this.#uploads.add(peer, { piece: block.piece, begin: block.begin, length: block.length });
  }

  #requestViolation(peer: PeerState, block: BlockRef): ProtocolErrorCode | undefined {
    const { piece, begin, length } = block;
    if (!peer.pieces) return 'P2P_BITFIELD_EXPECTED';
    if (!this.#geometry.hasPiece(piece)) return 'P2P_PIECE_OUT_OF_RANGE';
    if (length < 1 || length > MAX_REQUEST_BYTES) return 'P2P_BLOCK_OUT_OF_RANGE';
    if (begin + length > this.#geometry.pieceLength(piece)) return 'P2P_BLOCK_OUT_OF_RANGE';
    if (!this.#stored.has(piece)) return 'P2P_PIECE_NOT_OWNED';
    return peer.queue.length >= MAX_QUEUED_REQUESTS ? 'P2P_TOO_MANY_REQUESTS' : undefined;
  }

  // Pieces come in.

  /** Keeps the upstream busy: lowest missing piece first, so that the chain streams in order. */
  #requestPieces(peer: PeerState, nowMs: number): void {
    if (!this.#isUpstream(peer) || !peer.pieces) return;
    while (this.#requests.countOf(peer.id) < MAX_PIECES_IN_REQUEST) {
      const piece = this.#wanted.firstCommon(peer.pieces);
      if (piece === undefined) return;
      this.#wanted.delete(piece);
      for (const { begin, length } of this.#requests.open(piece, peer.id, nowMs)) {
        this.#send(peer, { type: 'request', piece, begin, length });
      }
    }
  }

  #blockArriving(peer: PeerState, block: BlockRef, nowMs: number): void {
    const { piece, begin, length } = block;
    if (this.#requests.admit(peer.id, block)) {
      this.#effects.push({ type: 'receiveBlock', peer: peer.id, piece, begin, length });
    } else {
      this.#close(peer, 'P2P_BLOCK_UNREQUESTED', nowMs);
    }
  }

  #blockReceived(peer: PeerState, block: BlockRef, nowMs: number): void {
    peer.usefulAtMs = nowMs;
    if (!this.#requests.receive(peer.id, block, nowMs)) return;
    this.#storing.set(block.piece, peer.address ?? '');
    this.#effects.push({ type: 'storePiece', piece: block.piece });
    this.#requestPieces(peer, nowMs);
  }

  #pieceStored(piece: number, nowMs: number): void {
    const source = this.#storing.get(piece);
    if (source === undefined) return;
    this.#storing.delete(piece);
    this.#walker.sentGoodPiece(source);
    this.#stored.add(piece);
    this.#storedBytes += this.#geometry.pieceLength(piece);
    for (const peer of this.#peers.values()) {
      if (!peer.pieces?.has(piece)) this.#send(peer, { type: 'have', piece });
    }
    const { storedPieces, storedBytes } = this;
    this.#effects.push({ type: 'progressed', storedPieces, storedBytes });
    if (this.isComplete) this.#complete(nowMs);
  }

  #complete(nowMs: number): void {
    if (this.#upstream.state === 'connected') {
      this.#close(this.#upstream.peer, 'P2P_TASK_ENDED', nowMs);
    }
    this.#effects.push({ type: 'finished' });
  }

  /** The whole piece came from one source, so the blame is certain. */
  #pieceRejected(piece: number, nowMs: number): void {
    const source = this.#storing.get(piece);
    if (source === undefined) return;
    this.#storing.delete(piece);
    this.#wanted.add(piece);
    this.#walker.sentBadPiece(source);
    if (this.#upstream.state === 'connected' && this.#upstream.peer.address === source) {
      this.#close(this.#upstream.peer, 'P2P_BAD_PIECE', nowMs);
    } else if (this.#upstream.state === 'connected') {
      this.#requestPieces(this.#upstream.peer, nowMs);
    } else {
      this.#seekUpstream(nowMs);
    }
  }

  // Time passes.

  #wake(nowMs: number): void {
    for (const peer of [...this.#peers.values()]) {
      const deadline = this.#deadlineOf(peer);
      if (deadline && deadline.atMs <= nowMs) this.#close(peer, deadline.code, nowMs);
    }
    if (this.#giveUpAtMs() <= nowMs) {
      const minutes = NO_SOURCE_TIMEOUT_MS / 60_000;
      this.#fail('NO_SOURCE_REACHABLE', `no source could be reached for ${minutes} minutes`);
    }
    this.#seekUpstream(nowMs);
  }

  /** The earliest time at which this peer has to be dropped, as things are now. */
  #deadlineOf(peer: PeerState): { atMs: number; code: ProtocolErrorCode } | undefined {
    if (!peer.pieces) {
      return { atMs: peer.connectedAtMs + BITFIELD_TIMEOUT_MS, code: 'P2P_BITFIELD_TIMEOUT' };
    }
    const waitingSinceMs = this.#requests.waitingSinceMs(peer.id);
    if (waitingSinceMs !== undefined) {
      return { atMs: waitingSinceMs + REQUEST_TIMEOUT_MS, code: 'P2P_REQUEST_TIMEOUT' };
    }
    if (this.#isUpstream(peer) && this.#wanted.count > 0 && this.#storing.size === 0) {
      return { atMs: peer.usefulAtMs + STARVED_TIMEOUT_MS, code: 'P2P_STARVED' };
    }
    if (peer.inFlightBytes > 0) {
      return { atMs: peer.tookAtMs + UPLOAD_STALL_TIMEOUT_MS, code: 'P2P_UPLOAD_STALLED' };
    }
    return undefined;
  }

  #nextDialAtMs(): number {
    if (this.#upstream.state === 'connected' || this.isComplete) return Infinity;
    const dialAtMs = this.#upstream.state === 'none' ? this.#walker.nextDialAtMs() : undefined;
    return Math.min(dialAtMs ?? Infinity, this.#giveUpAtMs());
  }

  #giveUpAtMs(): number {
    if (this.#upstream.state === 'connected' || this.isComplete) return Infinity;
    if (this.#walker.nextDialAtMs() === undefined) return Infinity; // not started yet
    return this.#upstream.sinceMs + NO_SOURCE_TIMEOUT_MS;
  }

  #isUpstream(peer: PeerState): boolean {
    return this.#upstream.state === 'connected' && this.#upstream.peer === peer;
  }

  #pumpUploads(nowMs: number): void {
    for (let upload = this.#uploads.next(nowMs); upload; upload = this.#uploads.next(nowMs)) {
      const { piece, begin, length } = upload.block;
      this.#effects.push({ type: 'sendBlock', peer: upload.peer.id, piece, begin, length });
    }
  }

  #send(peer: PeerState, message: Extract<SessionEffect, { type: 'send' }>['message']): void {
    this.#effects.push({ type: 'send', peer: peer.id, message });
  }

  #fail(code: SessionFailureCode, message: string): void {
    this.#ended = true;
    for (const peer of this.#peers.values()) {
      this.#effects.push({ type: 'close', peer: peer.id, code: 'P2P_TASK_ENDED' });
    }
    this.#peers.clear();
    this.#effects.push({ type: 'failed', code, message });
  }
}
