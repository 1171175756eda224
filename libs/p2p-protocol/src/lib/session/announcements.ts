/**
 * Who is told of which piece, and when. v1 says HAVE at once to every peer that lacks the piece, as the
 * reference does. v2 tells those who pull from us with the next block that each gets, and at the latest
 * after a gathering time, which grows while the process is behind; the origin hears only of pieces that
 * it showed. A server that scatters shows each piece to one agent and
 * announces nothing else.
 */
import { Bitfield } from '../codec/bitfield.ts';
import type { BlockRef, WireVersion } from '../codec/messages.ts';
import { HAVE_DELAY_MS, MAX_HAVE_DELAY_MS, MAX_HAVE_MANY } from '../limits/limits.ts';
import { Scatter, type Show } from '../scheduling/scatter.ts';
import type { SessionEffect } from './effects.ts';
import type { PeerId } from './events.ts';
import type { PeerState } from './peer-state.ts';
import type { PeerTable } from './peer-table.ts';
import type { TaskGeometry } from './task-geometry.ts';

export interface AnnouncementsOptions {
  readonly geometry: TaskGeometry;
  readonly wire: WireVersion;
  /** Shows each piece to one agent only: a server before a mesh. */
  readonly scatters: boolean;
  readonly stored: Bitfield;
  readonly peers: Pick<PeerTable, 'values'>;
  readonly emit: (effect: SessionEffect) => void;
}

/** Gathering takes so many times as long as timers are late, on average over about so many of them. */
const LATENESS_FACTOR = 2;
const LATENESS_SAMPLES = 4;

export class Announcements {
  readonly #options: AnnouncementsOptions;
  readonly #scatter: Scatter | undefined;
  /** Pieces in the order in which they were stored; each peer has been told of a part of it. */
  readonly #log: number[] = [];
  /** Pieces at the end of the log of which not everybody has been told. */
  #untoldCount = 0;
  #flushedAtMs = Number.NEGATIVE_INFINITY;
  #gatherMs = HAVE_DELAY_MS;

  constructor(options: AnnouncementsOptions) {
    this.#options = options;
    this.#scatter = options.scatters ? new Scatter(options.geometry) : undefined;
  }

  /** The first message on every connection. */
  greet(peer: PeerState): void {
    const { stored } = this.#options;
    const shown = this.#scatter ? Bitfield.empty(stored.length) : stored;
    peer.toldCount = this.#log.length;
    this.#send(peer.id, { type: 'bitfield', bytes: shown.toBytes() });
  }

  /** The peer has said what it has. */
  peerReady(peer: PeerState, nowMs: number): void {
    if (peer.pieces) this.#show(this.#scatter?.joined(peer.id, peer.pieces, nowMs));
  }

  /** The peer has a further piece, already in its set. */
  peerGained(peer: PeerState, piece: number, nowMs: number): void {
    this.#show(this.#scatter?.confirmed(peer.id, piece, nowMs));
    const isShownToUs = peer.source?.isOrigin && this.#options.stored.has(piece);
    if (isShownToUs) this.#send(peer.id, { type: 'have', piece });
  }

  /** A block is about to leave for the peer, and takes with it what there is to say. */
  blockLeaves(peer: PeerState, { piece, length }: BlockRef): void {
    this.#scatter?.sent(peer.id, piece, length);
    if (this.#untoldCount > 0 && !peer.source) this.#announce(peer);
  }

  peerGone(peer: PeerState, nowMs: number): void {
    this.#show(this.#scatter?.left(peer.id, nowMs));
  }

  /** A piece is verified and written, and only now may others hear of it. */
  pieceStored(piece: number, nowMs: number): void {
    for (const peer of this.#options.peers.values()) {
      if (this.#hearsAtOnce(peer, piece)) this.#send(peer.id, { type: 'have', piece });
    }
    if (this.#options.wire === 1) return;
    this.#log.push(piece);
    this.#untoldCount += 1;
    this.flushIfDue(nowMs);
  }

  /** When something has to be said or shown; Infinity when nothing has. */
  nextDueAtMs(): number {
    const flushAtMs = this.#untoldCount > 0 ? this.#flushedAtMs + this.#gatherMs : Infinity;
    return Math.min(flushAtMs, this.#scatter?.nextLateAtMs() ?? Infinity);
  }

  flushIfDue(nowMs: number): void {
    this.#show(this.#scatter?.relieve(nowMs));
    if (this.#untoldCount === 0 || this.#flushedAtMs + this.#gatherMs > nowMs) return;
    this.#untoldCount = 0;
    this.#flushedAtMs = nowMs;
    for (const peer of this.#options.peers.values()) {
      if (!peer.source) this.#announce(peer);
    }
  }

  /** A timer rang: how late it did tells how far the process is behind. */
  woken(nowMs: number): void {
    if (this.#untoldCount > 0) this.#learnLateness(nowMs);
    this.flushIfDue(nowMs);
  }

  #learnLateness(nowMs: number): void {
    const lateMs = Math.max(0, nowMs - this.#flushedAtMs - this.#gatherMs);
    const wantedMs = Math.min(MAX_HAVE_DELAY_MS, Math.max(HAVE_DELAY_MS, LATENESS_FACTOR * lateMs));
    this.#gatherMs += (wantedMs - this.#gatherMs) / LATENESS_SAMPLES;
  }

  /** v1: everybody who lacks it. v2: the origin, if it is one that it showed us. */
  #hearsAtOnce(peer: PeerState, piece: number): boolean {
    if (this.#options.wire === 1) return !peer.pieces?.has(piece);
    return peer.source?.isOrigin === true && peer.pieces?.has(piece) === true;
  }

  /** Tells a peer of what was stored since it was last told. */
  #announce(peer: PeerState): void {
    const news = this.#log.slice(peer.toldCount);
    peer.toldCount = this.#log.length;
    const had = peer.pieces;
    const lacked = had && had.count > 0 ? news.filter((piece) => !had.has(piece)) : news;
    for (let start = 0; start < lacked.length; start += MAX_HAVE_MANY) {
      const part = lacked.slice(start, start + MAX_HAVE_MANY);
      this.#send(peer.id, { type: 'haveMany', pieces: part });
    }
  }

  #show(shows: readonly Show[] | undefined): void {
    for (const { peer, piece } of shows ?? []) this.#send(peer, { type: 'have', piece });
  }

  #send(peer: PeerId, message: Extract<SessionEffect, { type: 'send' }>['message']): void {
    this.#options.emit({ type: 'send', peer, message });
  }
}
