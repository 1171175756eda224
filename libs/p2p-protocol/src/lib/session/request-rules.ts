/** Which requests a peer may make; the first rule that it breaks is what its connection is closed for. */
import type { Bitfield } from '../codec/bitfield.ts';
import type { BlockRef, WireVersion } from '../codec/messages.ts';
import type { ProtocolErrorCode } from '../errors.ts';
import { MAX_QUEUED_REQUESTS, MAX_REQUEST_BYTES, V2_BLOCK_BYTES } from '../limits/limits.ts';
import type { PeerState } from './peer-state.ts';
import type { TaskGeometry } from './task-geometry.ts';

export class RequestRules {
  readonly #geometry: TaskGeometry;
  readonly #stored: Bitfield;
  readonly #longestBlock: number;

  constructor(geometry: TaskGeometry, stored: Bitfield, wire: WireVersion) {
    this.#geometry = geometry;
    this.#stored = stored;
    // In v2 a task's own block is never too long: a large simulation makes one block of each piece.
    this.#longestBlock =
      wire === 1 ? MAX_REQUEST_BYTES : Math.max(V2_BLOCK_BYTES, geometry.blockBytes);
  }

  /** What is wrong with a request of this peer; undefined when it may be queued. */
  violation(peer: PeerState, { piece, begin, length }: BlockRef): ProtocolErrorCode | undefined {
    if (!peer.pieces) return 'P2P_BITFIELD_EXPECTED';
    if (!this.#geometry.hasPiece(piece)) return 'P2P_PIECE_OUT_OF_RANGE';
    if (length < 1 || length > this.#longestBlock) return 'P2P_BLOCK_OUT_OF_RANGE';
    if (begin + length > this.#geometry.pieceLength(piece)) return 'P2P_BLOCK_OUT_OF_RANGE';
    if (!this.#stored.has(piece)) return 'P2P_PIECE_NOT_OWNED';
    return peer.queue.length >= MAX_QUEUED_REQUESTS ? 'P2P_TOO_MANY_REQUESTS' : undefined;
  }
}
