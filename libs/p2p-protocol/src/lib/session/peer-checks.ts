/**
 * When a peer has failed us: it said nothing, owes a piece for too long, has nothing to give, or takes
 * nothing. Deadlines mostly move away as things go well, so each peer has one check that is never later
 * than its deadline; a check that comes too early is moved, which costs less than keeping every
 * deadline exact.
 */
import type { ProtocolErrorCode } from '../errors.ts';
import { DeadlineHeap } from '../kernel/deadline-heap.ts';
import {
  BITFIELD_TIMEOUT_MS,
  REQUEST_TIMEOUT_MS,
  STARVED_TIMEOUT_MS,
  UPLOAD_STALL_TIMEOUT_MS,
} from '../limits/limits.ts';
import type { Downloads } from './downloads.ts';
import type { PeerId, SessionEvent } from './events.ts';
import type { PeerState } from './peer-state.ts';
import type { PeerTable } from './peer-table.ts';

export interface Deadline {
  readonly atMs: number;
  readonly code: ProtocolErrorCode;
}

const NO_DEADLINE: Deadline = { atMs: Infinity, code: 'P2P_TASK_ENDED' };

export class PeerChecks {
  readonly #peers: Pick<PeerTable, 'get' | 'values' | 'sourceCount'>;
  readonly #downloads: Downloads;
  readonly #checks = new DeadlineHeap();
  /** One of several sources is judged by its own rate; the only one gets a fixed time. */
  isMesh = false;

  constructor(peers: Pick<PeerTable, 'get' | 'values' | 'sourceCount'>, downloads: Downloads) {
    this.#peers = peers;
    this.#downloads = downloads;
  }

  /** Something happened to a peer that may have given it an earlier deadline. */
  touch(id: PeerId): void {
    const peer = this.#peers.get(id);
    if (!peer) return;
    const { atMs } = this.#deadlineOf(peer);
    if (atMs < (this.#checks.atMs(id) ?? Infinity)) this.#checks.schedule(id, atMs);
  }

  /** A chain's only source is starved by anything; in a mesh new ones are judged by the others' rates. */
  touchSources(happened: SessionEvent['type']): void {
    if ((this.isMesh && happened !== 'pieceStored') || this.#peers.sourceCount === 0) return;
    for (const { id, source } of this.#peers.values()) {
      if (source && !(this.isMesh && source.hasDelivered)) this.touch(id);
    }
  }

  forget(id: PeerId): void {
    this.#checks.cancel(id);
  }

  /** When to look at some peer, at the latest; Infinity when none has a deadline. */
  earliestMs(): number {
    return this.#checks.peek()?.atMs ?? Infinity;
  }

  /** Takes out one peer whose deadline has passed; undefined when there is none. */
  takeDue(nowMs: number): { peer: PeerState; code: ProtocolErrorCode } | undefined {
    for (let check = this.#checks.peek(); check; check = this.#checks.peek()) {
      if (check.atMs > nowMs) return undefined;
      const peer = this.#peers.get(check.id);
      const { atMs, code } = peer ? this.#deadlineOf(peer) : NO_DEADLINE;
      if (atMs > nowMs && atMs < Infinity) {
        this.#checks.schedule(check.id, atMs); // it came too early
      } else {
        this.#checks.cancel(check.id);
        if (peer && atMs <= nowMs) return { peer, code };
      }
    }
    return undefined;
  }

  /** As things are now; the first rule that applies. */
  #deadlineOf(peer: PeerState): Deadline {
    if (!peer.pieces) {
      return { atMs: peer.connectedAtMs + BITFIELD_TIMEOUT_MS, code: 'P2P_BITFIELD_TIMEOUT' };
    }
    const waitingSinceMs = this.#downloads.waitingSinceMs(peer);
    if (waitingSinceMs !== undefined) {
      const patienceMs = this.isMesh ? this.#downloads.patienceMs(peer) : REQUEST_TIMEOUT_MS;
      return { atMs: waitingSinceMs + patienceMs, code: 'P2P_REQUEST_TIMEOUT' };
    }
    const isStarving = this.#downloads.wantsPieces && !this.#downloads.isStoring;
    if (peer.source && !this.isMesh && isStarving) {
      return { atMs: peer.usefulAtMs + STARVED_TIMEOUT_MS, code: 'P2P_STARVED' };
    }
    if (peer.inFlightBytes > 0) {
      return { atMs: peer.tookAtMs + UPLOAD_STALL_TIMEOUT_MS, code: 'P2P_UPLOAD_STALLED' };
    }
    return NO_DEADLINE;
  }
}
