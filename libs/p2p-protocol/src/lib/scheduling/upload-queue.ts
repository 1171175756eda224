/**
 * Which queued request is answered next: peers take turns, so that one busy or slow peer delays no
 * other; each has a window of bytes in flight, and all share the limiter. Invariant: at most one
 * block is booked with the limiter ahead of time.
 */
import { PIECE_HEADER_BYTES, type BlockRef } from '../codec/messages.ts';
import { SEND_WINDOW_BYTES } from '../limits/limits.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import type { PeerState } from '../session/peer-state.ts';

export interface Upload {
  readonly peer: PeerState;
  readonly block: BlockRef;
}

export class UploadQueue {
  readonly #limiter: RateLimiter;
  /** Peers with queued requests, in the order of their turns. */
  readonly #turns: PeerState[] = [];
  #bookedAtMs: number | undefined;

  constructor(limiter: RateLimiter) {
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
    const index = this.#turns.findIndex(hasRoom);
    const peer = this.#turns[index];
    const block = peer?.queue.peek();
    if (!peer || !block) return undefined;
    this.#bookedAtMs ??= this.#limiter.reserve(block.length + PIECE_HEADER_BYTES, nowMs);
    if (this.#bookedAtMs > nowMs) return undefined;
    this.#bookedAtMs = undefined;
    peer.queue.shift();
    this.#turns.splice(index, 1);
    if (peer.queue.length > 0) this.#turns.push(peer);
    if (peer.inFlightBytes === 0) peer.tookAtMs = nowMs;
    peer.inFlightBytes += block.length;
    return { peer, block };
  }

  /** When the limiter lets the booked block go; undefined while no peer could take it. */
  get nextSendAtMs(): number | undefined {
    return this.#turns.some(hasRoom) ? this.#bookedAtMs : undefined;
  }
}

function hasRoom(peer: PeerState): boolean {
  return peer.inFlightBytes < SEND_WINDOW_BYTES;
}
