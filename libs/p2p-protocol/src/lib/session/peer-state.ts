/** What a session knows of one connected peer. */
import type { Bitfield } from '../codec/bitfield.ts';
import type { BlockRef } from '../codec/messages.ts';
import { Fifo } from '../kernel/fifo.ts';
import type { PeerId } from './events.ts';

export interface PeerState {
  readonly id: PeerId;
  /** Set for peers that we dialled: only those are asked for pieces. */
  readonly address: string | undefined;
  readonly connectedAtMs: number;
  /** What the peer has; undefined until its bitfield came. */
  pieces: Bitfield | undefined;
  /** When the peer last became able to give us a piece that we lack, or gave us a block. */
  usefulAtMs: number;
  /** Requests of the peer that wait for their turn, oldest first. */
  readonly queue: Fifo<BlockRef>;
  /** Bytes of sent blocks that the kernel has not taken yet. */
  inFlightBytes: number;
  /** When the peer last took a block, or was first sent one after it had none in flight. */
  tookAtMs: number;
}

export function createPeerState(id: PeerId, address: string | undefined, nowMs: number): PeerState {
  return {
    id,
    address,
    connectedAtMs: nowMs,
    pieces: undefined,
    usefulAtMs: nowMs,
    queue: new Fifo(),
    inFlightBytes: 0,
    tookAtMs: nowMs,
  };
}
