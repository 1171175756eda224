/**
 * Which queued request is answered next: peers take turns, so that one busy or slow peer delays no
 * other; each has a window of bytes in flight and its own limit, and all share the task's and the
 * host's. A turn is a whole piece
 * where the window allows it: a peer can pass a piece on only when it has all of it, so one piece soon
 * is worth more than many halves. Invariant: at most one block is booked with the limiter ahead of
 * time.
 */
import { PIECE_HEADER_BYTES, type BlockRef } from '../codec/messages.ts';
import { SEND_WINDOW_BYTES } from '../limits/limits.ts';
import type { NestedLimiter } from '../limits/nested-limiter.ts';
import type { PeerState } from '../session/peer-state.ts';

export interface Upload {
  readonly peer: PeerState;
  readonly block: BlockRef;
}

export class UploadQueue {
  readonly #limiter: NestedLimiter;
  /** Peers with queued requests, in the order of their turns. */
  readonly #turns: PeerState[] = [];

  constructor(limiter: NestedLimiter) {
    this.#limiter = limiter;
  }

  add(peer: PeerState, block: BlockRef): void {
    if (peer.queue.length === 0) this.#turns.push(peer);
    peer.queue.push(block);
  }

  remove(peer: PeerState): void {
    peer.queue.clear();
    const index = this.#turns.indexOf(peer);
    if (index >= 0) this.#turns.splice(index, 1);
  }

  /** The next block that may be sent now, taken from its queue; undefined when none may. */
  next(nowMs: number): Upload | undefined {
    const index = this.#turns.findIndex((peer) => hasRoom(peer) && peer.limiter.readyAtMs <= nowMs);
    const peer = this.#turns[index];
    const block = peer?.queue.peek();
    if (!peer || !block) return undefined;
    const bytes = block.length + PIECE_HEADER_BYTES;
    if (!this.#limiter.mayGo(bytes, nowMs)) return undefined;
    this.#limiter.spend(bytes, nowMs);
    peer.limiter.reserve(bytes, nowMs);
    peer.queue.shift();
    if (peer.queue.peek()?.piece !== block.piece) this.#endTurn(index, peer);
    if (peer.inFlightBytes === 0) peer.tookAtMs = nowMs;
    peer.inFlightBytes += block.length;
    return { peer, block };
  }

  /** Forgets what a peer waits for of a piece. @returns false when it waited for none of it */
  cancel(peer: PeerState, piece: number): boolean {
    const before = peer.queue.length;
    peer.queue.keep((block) => block.piece !== piece);
    if (before > 0 && peer.queue.length === 0) this.remove(peer);
    return peer.queue.length < before;
  }

  #endTurn(index: number, peer: PeerState): void {
    this.#turns.splice(index, 1);
    if (peer.queue.length > 0) this.#turns.push(peer);
  }

  /** When a limit lets the next block go; undefined while no peer could take it. */
  get nextSendAtMs(): number | undefined {
    let readyAtMs = Infinity;
    for (const peer of this.#turns) {
      if (hasRoom(peer)) readyAtMs = Math.min(readyAtMs, peer.limiter.readyAtMs);
    }
    if (readyAtMs === Infinity) return undefined;
    const atMs = Math.max(readyAtMs, this.#limiter.nextAtMs ?? Number.NEGATIVE_INFINITY);
    return atMs === Number.NEGATIVE_INFINITY ? undefined : atMs;
  }
}

function hasRoom(peer: PeerState): boolean {
  return peer.inFlightBytes < SEND_WINDOW_BYTES;
}
