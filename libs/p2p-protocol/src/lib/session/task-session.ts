/**
 * One task on one host: decides who is asked for which piece, who is answered when, whom to dial and
 * whom to drop. Synchronous, without clock, timer or I/O: `handle(event, nowMs)` returns what to do,
 * `nextWakeAtMs()` when to be called again. The server runs the same class with every piece there, and
 * a chain is the mesh whose every node has one source. This file knows the peers and their deadlines;
 * what comes in is decided in downloads.ts, what goes out in upload-queue.ts, who hears of what in
 * announcements.ts, whom to dial in sources.ts.
 *
 * Invariants: a piece is announced only after pieceStored; a block is let in only if it was asked of
 * that very peer.
 */
import { Bitfield } from '../codec/bitfield.ts';
import { GOODBYE_REASON, type BlockRef, type WireVersion } from '../codec/messages.ts';
import type { ProtocolErrorCode, SessionFailureCode } from '../errors.ts';
import { MAX_FAILURES_IN_ROW, MAX_PEERS_PER_TASK } from '../limits/limits.ts';
import { NestedLimiter } from '../limits/nested-limiter.ts';
import { UNLIMITED } from '../limits/rate-limiter.ts';
import { UploadQueue } from '../scheduling/upload-queue.ts';
import { Announcements } from './announcements.ts';
import { DeadEnd } from './dead-end.ts';
import { Downloads } from './downloads.ts';
import type { SessionEffect } from './effects.ts';
import type { DialFailure, PeerId, SessionEvent } from './events.ts';
import { PeerChecks } from './peer-checks.ts';
import { createPeerState, type PeerState } from './peer-state.ts';
import { PeerTable } from './peer-table.ts';
import { RequestRules } from './request-rules.ts';
import type { TaskSessionOptions } from './session-options.ts';
import { Sources, type SourcePlan } from './sources.ts';
import type { TaskGeometry } from './task-geometry.ts';

export class TaskSession {
  readonly #geometry: TaskGeometry;
  readonly #wire: WireVersion;
  readonly #uploadLimiter: NestedLimiter;
  readonly #downloadLimiter: NestedLimiter;
  readonly #peerUpload: number | undefined;
  readonly #stored: Bitfield;
  readonly #sources: Sources;
  readonly #downloads: Downloads;
  readonly #requestRules: RequestRules;
  readonly #uploads: UploadQueue;
  readonly #announcements: Announcements;
  readonly #peers: PeerTable;
  readonly #checks: PeerChecks;
  readonly #deadEnd: DeadEnd;
  #storedBytes: number;
  #ended = false;
  #effects: SessionEffect[] = [];

  constructor(options: TaskSessionOptions) {
    this.#geometry = options.geometry;
    this.#wire = options.wire ?? 1;
    this.#peers = new PeerTable(options.maxPeers ?? MAX_PEERS_PER_TASK);
    this.#stored = options.stored.copy();
    this.#storedBytes = options.geometry.bytesOf(options.stored);
    const { hostUpload, hostDownload = UNLIMITED, taskUpload, taskDownload } = options.limits;
    this.#uploadLimiter = new NestedLimiter(hostUpload, taskUpload);
    this.#downloadLimiter = new NestedLimiter(hostDownload, taskDownload);
    this.#peerUpload = options.limits.peerUpload;
    const emit = (effect: SessionEffect): void => void this.#effects.push(effect);
    this.#sources = new Sources(options.prng);
    this.#downloads = new Downloads({
      geometry: options.geometry,
      wanted: options.stored.complement(),
      prng: options.prng,
      limiter: this.#downloadLimiter,
      emit,
    });
    this.#checks = new PeerChecks(this.#peers, this.#downloads);
    const [stored, sources, downloads] = [this.#stored, this.#sources, this.#downloads];
    this.#deadEnd = new DeadEnd({ stored, sources, downloads, peers: this.#peers });
    this.#requestRules = new RequestRules(this.#geometry, this.#stored, this.#wire);
    this.#uploads = new UploadQueue(this.#uploadLimiter);
    this.#announcements = new Announcements({
      geometry: this.#geometry,
      wire: this.#wire,
      scatters: options.scatters ?? false,
      stored: this.#stored,
      peers: this.#peers,
      emit,
    });
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

  /** Bytes asked of two sources at once, at the end of the task. */
  get duplicateBytes(): number {
    return this.#downloads.duplicateBytes;
  }

  /** Bytes that came across the border of the rack, the server's included. */
  get outsideBytes(): number {
    return this.#downloads.outsideBytes;
  }

  /** Changes the task's own limits from now on, bytes a second; Infinity lifts one. */
  setTaskRates(uploadBytesPerSecond: number, downloadBytesPerSecond: number): void {
    this.#uploadLimiter.setTaskRate(uploadBytesPerSecond);
    this.#downloadLimiter.setTaskRate(downloadBytesPerSecond);
  }

  /** Takes one event in and returns what it leads to, in order. Never throws for what a peer did. */
  handle(event: SessionEvent, nowMs: number): readonly SessionEffect[] {
    this.#effects = [];
    if (!this.#ended) {
      this.#apply(event, nowMs);
      this.#pumpUploads(nowMs);
      this.#scheduleChecks(event);
      this.#deadEnd.review(nowMs);
    }
    return this.#effects;
  }

  /** When `wake` is due at the latest, ms; undefined when only events can change anything. */
  nextWakeAtMs(): number | undefined {
    if (this.#ended) return undefined;
    const earliest = Math.min(
      this.#checks.earliestMs(),
      this.#uploads.nextSendAtMs ?? Infinity,
      this.#announcements.nextDueAtMs(),
      this.#downloads.nextDueAtMs(),
      this.isComplete ? Infinity : this.#sources.nextDueAtMs(),
      this.#deadEnd.giveUpAtMs(),
    );
    return earliest === Infinity ? undefined : earliest;
  }

  #apply(event: SessionEvent, nowMs: number): void {
    switch (event.type) {
      case 'sourcesChanged':
        return this.#sourcesChanged(event, nowMs);
      case 'peerConnected':
        return this.#peerConnected(event.peer, event.address, nowMs);
      case 'dialFailed':
        return this.#dialFailed(event.address, event.failure, nowMs);
      case 'wake':
        return this.#wake(nowMs);
      case 'pieceStored':
        return this.#pieceStored(event.piece, nowMs);
      case 'pieceRejected':
        return this.#pieceSpoilt(event.piece, nowMs);
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
        return this.#havesReceived(peer, [event.piece], nowMs);
      case 'haveManyReceived':
        return this.#havesReceived(peer, event.pieces, nowMs);
      case 'requestReceived':
        return this.#requestReceived(peer, event, nowMs);
      case 'cancelReceived':
        return this.#cancelReceived(peer, event.piece);
      case 'rejectReceived':
        if (this.#downloads.rejected(peer, event.piece, nowMs) < MAX_FAILURES_IN_ROW) return;
        return this.#close(peer, 'P2P_STARVED', nowMs);
      case 'blockArriving':
        return this.#blockArriving(peer, event, nowMs);
      case 'blockReceived':
        return this.#downloads.received(peer, event, nowMs);
      case 'blockSent':
        peer.inFlightBytes -= event.length;
        peer.tookAtMs = nowMs;
        return;
    }
  }

  // Peers come and go.

  #sourcesChanged(plan: SourcePlan, nowMs: number): void {
    this.#checks.isMesh = plan.origin !== undefined;
    this.#sources.setPlan(plan, nowMs);
    this.#downloads.setPlan(plan, nowMs);
    this.#deadEnd.hopeRenewed(nowMs);
    this.#seekSources(nowMs);
  }

  #peerConnected(id: PeerId, address: string | undefined, nowMs: number): void {
    if (address !== undefined && !this.#sources.connected(address)) {
      this.#effects.push({ type: 'close', peer: id, code: 'P2P_UPSTREAM_REPLACED' });
      return;
    }
    const isOrigin = address !== undefined && this.#sources.isOrigin(address);
    const source = address === undefined ? undefined : { address, isOrigin };
    const peer = createPeerState(id, source, nowMs, this.#peerUpload);
    this.#peers.add(peer);
    const refusal = this.#refusalOf(peer);
    if (refusal) return this.#close(peer, refusal, nowMs);
    this.#announcements.greet(peer);
  }

  #refusalOf({ source }: PeerState): ProtocolErrorCode | undefined {
    if (!source) return this.#peers.isOvercrowded ? 'P2P_TOO_MANY_PEERS' : undefined;
    if (this.isComplete && !source.isOrigin) return 'P2P_UPSTREAM_REPLACED';
    return this.#sources.isBanned(source.address) ? 'P2P_BAD_PIECE' : undefined;
  }

  #close(peer: PeerState, code: ProtocolErrorCode, nowMs: number): void {
    this.#effects.push({ type: 'close', peer: peer.id, code });
    this.#forget(peer, nowMs);
  }

  /** Takes back what was asked of a peer that is gone and looks for another source. */
  #forget(peer: PeerState, nowMs: number): void {
    if (!this.#peers.remove(peer)) return;
    this.#checks.forget(peer.id);
    this.#uploads.remove(peer);
    this.#announcements.peerGone(peer, nowMs);
    if (!peer.source) return;
    this.#sources.lost(peer.source.address, nowMs);
    this.#downloads.sourceLost(peer, nowMs);
    this.#seekSources(nowMs);
  }

  #dialFailed(address: string, failure: DialFailure, nowMs: number): void {
    this.#sources.dialFailed(address, failure, nowMs);
    this.#seekSources(nowMs);
  }

  #seekSources(nowMs: number): void {
    if (this.isComplete || this.#ended) return;
    const verdict = this.#deadEnd.verdict(nowMs);
    if (verdict) return this.#fail(verdict.code, verdict.message);
    for (
      let address = this.#sources.takeNext(nowMs);
      address !== undefined;
      address = this.#sources.takeNext(nowMs)
    ) {
      this.#effects.push({ type: 'dial', address });
    }
  }

  // What peers have, and what they want.

  #bitfieldReceived(peer: PeerState, bytes: Uint8Array, nowMs: number): void {
    if (peer.pieces) return this.#close(peer, 'P2P_BITFIELD_REPEATED', nowMs);
    const pieces = Bitfield.fromBytes(bytes, this.#geometry.pieceCount);
    if (!pieces) return this.#close(peer, 'P2P_BAD_BITFIELD', nowMs);
    peer.pieces = pieces;
    peer.usefulAtMs = nowMs;
    this.#announcements.peerReady(peer, nowMs);
    this.#downloads.sourceReady(peer, nowMs);
  }

  #havesReceived(peer: PeerState, pieces: readonly number[], nowMs: number): void {
    if (!peer.pieces) return this.#close(peer, 'P2P_BITFIELD_EXPECTED', nowMs);
    for (const piece of pieces) {
      if (!this.#geometry.hasPiece(piece)) {
        return this.#close(peer, 'P2P_PIECE_OUT_OF_RANGE', nowMs);
      }
      if (peer.pieces.has(piece)) continue;
      peer.pieces.add(piece);
      if (peer.source) this.#deadEnd.hopeRenewed(nowMs);
      if (!this.#stored.has(piece)) peer.usefulAtMs = nowMs;
      this.#downloads.sourceGained(peer, piece);
      this.#announcements.peerGained(peer, piece, nowMs);
    }
    if (peer.source) this.#downloads.fill(nowMs);
  }

  #requestReceived(peer: PeerState, block: BlockRef, nowMs: number): void {
    const violation = this.#requestRules.violation(peer, block);
    if (violation) return this.#close(peer, violation, nowMs);
    this.#uploads.add(peer, { piece: block.piece, begin: block.begin, length: block.length });
  }

  /** The answer closes the books of the other side: no block of the piece comes after it. */
  #cancelReceived(peer: PeerState, piece: number): void {
    if (!this.#uploads.cancel(peer, piece)) return;
    this.#effects.push({ type: 'send', peer: peer.id, message: { type: 'reject', piece } });
  }

  // Pieces come in.

  #blockArriving(peer: PeerState, block: BlockRef, nowMs: number): void {
    const { piece, begin, length } = block;
    const admission = this.#downloads.arriving(peer, block);
    if (admission === 'unrequested') return this.#close(peer, 'P2P_BLOCK_UNREQUESTED', nowMs);
    if (admission === 'cancelled') return;
    this.#effects.push({ type: 'receiveBlock', peer: peer.id, piece, begin, length });
  }

  #pieceStored(piece: number, nowMs: number): void {
    const source = this.#downloads.stored(piece, nowMs);
    if (source === undefined) return;
    this.#sources.sentGoodPiece(source);
    this.#stored.add(piece);
    this.#storedBytes += this.#geometry.pieceLength(piece);
    this.#announcements.pieceStored(piece, nowMs);
    const { storedPieces, storedBytes } = this;
    this.#effects.push({ type: 'progressed', storedPieces, storedBytes });
    if (this.isComplete) this.#complete(nowMs);
  }

  /** Sources are let go; the origin alone stays, for it counts on who is connected. */
  #complete(nowMs: number): void {
    for (const peer of [...this.#peers.values()]) {
      if (!peer.source || peer.source.isOrigin) continue;
      if (this.#wire === 2) {
        const message = { type: 'goodbye', reason: GOODBYE_REASON.finished } as const;
        this.#effects.push({ type: 'send', peer: peer.id, message });
      }
      this.#close(peer, 'P2P_TASK_ENDED', nowMs);
    }
    this.#effects.push({ type: 'finished' });
  }

  /** The whole piece came from one source, so the blame is certain. */
  #pieceSpoilt(piece: number, nowMs: number): void {
    const address = this.#downloads.spoilt(piece);
    if (address === undefined) return;
    this.#sources.sentBadPiece(address);
    const sender = this.#peers.sourceAt(address);
    if (sender) this.#close(sender, 'P2P_BAD_PIECE', nowMs);
    else this.#seekSources(nowMs);
    this.#downloads.fill(nowMs);
  }

  // Time passes.

  #wake(nowMs: number): void {
    for (let due = this.#checks.takeDue(nowMs); due; due = this.#checks.takeDue(nowMs)) {
      this.#deadlinePassed(due.peer, due.code, nowMs);
    }
    this.#announcements.woken(nowMs);
    this.#downloads.wake(nowMs);
    this.#seekSources(nowMs);
  }

  /** One of several sources that is late has its pieces asked of others, and may come back. */
  #deadlinePassed(peer: PeerState, code: ProtocolErrorCode, nowMs: number): void {
    const isLateSource = code === 'P2P_REQUEST_TIMEOUT' && this.#checks.isMesh;
    const failures = isLateSource ? this.#downloads.deadlineMissed(peer, nowMs) : Infinity;
    if (failures < MAX_FAILURES_IN_ROW) this.#checks.touch(peer.id);
    else this.#close(peer, code, nowMs);
  }

  /** Looks at the peers that this event may have given an earlier deadline. */
  #scheduleChecks(event: SessionEvent): void {
    if ('peer' in event) this.#checks.touch(event.peer);
    for (const effect of this.#effects) {
      if (effect.type === 'send' || effect.type === 'sendBlock') this.#checks.touch(effect.peer);
    }
    this.#checks.touchSources(event.type);
  }

  #pumpUploads(nowMs: number): void {
    for (let upload = this.#uploads.next(nowMs); upload; upload = this.#uploads.next(nowMs)) {
      const { peer, block } = upload;
      const { piece, begin, length } = block;
      this.#announcements.blockLeaves(peer, block);
      this.#effects.push({ type: 'sendBlock', peer: peer.id, piece, begin, length });
    }
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
