/** What a session knows of one connected peer. */
import type { Bitfield } from '../codec/bitfield.ts';
import type { BlockRef } from '../codec/messages.ts';
import { Fifo } from '../kernel/fifo.ts';
import { GcraLimiter } from '../limits/rate-limiter.ts';
import { RateEstimate } from '../scheduling/rate-estimate.ts';
import type { PeerId } from './events.ts';

/** What matters of a peer that we dialled, and only of such: it is asked for pieces. */
export interface SourceState {
  readonly address: string;
  /** The server that shows each piece to one agent only. */
  readonly isOrigin: boolean;
  /** Beyond the border of our rack. */
  isOutside: boolean;
  readonly rate: RateEstimate;
  /** When it last completed a piece, or was asked for one after it had nothing to do. */
  busySinceMs: number;
  /** Deadlines missed and pieces rejected since the last complete piece. */
  failuresInRow: number;
  /** It has given a piece, so what it claims to have counts. */
  hasDelivered: boolean;
}

export interface PeerState {
  readonly id: PeerId;
  readonly source: SourceState | undefined;
  readonly connectedAtMs: number;
  /** What the peer has; undefined until its bitfield came. */
  pieces: Bitfield | undefined;
  /** Of the pieces stored here, in their order, how many the peer has been told of. */
  toldCount: number;
  /** When the peer last became able to give us a piece that we lack, or gave us a block. */
  usefulAtMs: number;
  /** Requests of the peer that wait for their turn, oldest first. */
  readonly queue: Fifo<BlockRef>;
  /** What this peer alone is limited to. */
  readonly limiter: GcraLimiter;
  /** Bytes of sent blocks that the kernel has not taken yet. */
  inFlightBytes: number;
  /** When the peer last took a block, or was first sent one after it had none in flight. */
  tookAtMs: number;
}

export function createPeerState(
  id: PeerId,
  source: { readonly address: string; readonly isOrigin: boolean } | undefined,
  nowMs: number,
  uploadBytesPerSecond = Infinity,
): PeerState {
  return {
    id,
    source: source && {
      ...source,
      isOutside: false,
      rate: new RateEstimate(),
      busySinceMs: nowMs,
      failuresInRow: 0,
      hasDelivered: false,
    },
    connectedAtMs: nowMs,
    pieces: undefined,
    toldCount: 0,
    usefulAtMs: nowMs,
    queue: new Fifo(),
    limiter: new GcraLimiter(uploadBytesPerSecond),
    inFlightBytes: 0,
    tookAtMs: nowMs,
  };
}
