/**
 * Which pieces are being fetched, from whom, and which of their blocks are still out. It keeps books
 * and decides nothing. One piece is asked of one peer only, so that a bad piece names its sender.
 */
import type { BlockRef } from '../codec/messages.ts';
import type { PeerId } from '../session/events.ts';
import type { TaskGeometry } from '../session/task-geometry.ts';

const OUTSTANDING = 1;
const ARRIVING = 2;
const RECEIVED = 3;

interface PieceRequest {
  readonly piece: number;
  readonly peer: PeerId;
  readonly blocks: Uint8Array;
  missingBlocks: number;
  /** When the piece was asked for or last gained a block, or became its peer's oldest. */
  progressAtMs: number;
}

export class RequestBook {
  readonly #geometry: TaskGeometry;
  readonly #requests = new Map<number, PieceRequest>();
  /** Pieces of each peer, oldest first. */
  readonly #byPeer = new Map<PeerId, PieceRequest[]>();

  constructor(geometry: TaskGeometry) {
    this.#geometry = geometry;
  }

  /** Number of pieces asked of a peer and not complete. */
  countOf(peer: PeerId): number {
    return this.#byPeer.get(peer)?.length ?? 0;
  }

  /** Books a piece and lists its blocks, in order. */
  open(piece: number, peer: PeerId, nowMs: number): BlockRef[] {
    const blockCount = this.#geometry.blockCount(piece);
    const request: PieceRequest = {
      piece,
      peer,
      blocks: new Uint8Array(blockCount).fill(OUTSTANDING),
      missingBlocks: blockCount,
      progressAtMs: nowMs,
    };
    this.#requests.set(piece, request);
    const ofPeer = this.#byPeer.get(peer) ?? [];
    ofPeer.push(request);
    this.#byPeer.set(peer, ofPeer);
    const { blockBytes } = this.#geometry;
    return Array.from({ length: blockCount }, (_, block) => ({
      piece,
      begin: block * blockBytes,
      length: this.#geometry.blockLength(piece, block),
    }));
  }

  /** @returns true when exactly this block is outstanding with this peer; its data may come in */
  admit(peer: PeerId, { piece, begin, length }: BlockRef): boolean {
    const request = this.#requests.get(piece);
    const block = begin / this.#geometry.blockBytes;
    if (request?.peer !== peer || request.blocks[block] !== OUTSTANDING) return false;
    if (length !== this.#geometry.blockLength(piece, block)) return false;
    request.blocks[block] = ARRIVING;
    return true;
  }

  /** Records an admitted block. @returns true when the piece is complete; it leaves the book */
  receive(peer: PeerId, { piece, begin }: BlockRef, nowMs: number): boolean {
    const request = this.#requests.get(piece);
    const block = begin / this.#geometry.blockBytes;
    if (request?.peer !== peer || request.blocks[block] !== ARRIVING) return false;
    request.blocks[block] = RECEIVED;
    request.missingBlocks -= 1;
    request.progressAtMs = nowMs;
    if (request.missingBlocks > 0) return false;
    this.#remove(request, nowMs);
    return true;
  }

  /** Drops everything asked of a peer. @returns the pieces, oldest first */
  releasePeer(peer: PeerId): number[] {
    const released = this.#byPeer.get(peer) ?? [];
    this.#byPeer.delete(peer);
    for (const { piece } of released) this.#requests.delete(piece);
    return released.map(({ piece }) => piece);
  }

  /** When the oldest piece of a peer last made progress; undefined when nothing is asked of it. */
  waitingSinceMs(peer: PeerId): number | undefined {
    return this.#byPeer.get(peer)?.[0]?.progressAtMs;
  }

  #remove(request: PieceRequest, nowMs: number): void {
    this.#requests.delete(request.piece);
    const ofPeer = this.#byPeer.get(request.peer);
    if (!ofPeer) return;
    ofPeer.splice(ofPeer.indexOf(request), 1);
    const oldest = ofPeer[0];
    if (oldest) oldest.progressAtMs = nowMs;
  }
}
