/** What a session is told. Everything that happened, as plain data; bytes never come this way. */
import type { BlockRef } from '../codec/messages.ts';
import type { SourcePlan } from './sources.ts';

/** Handed out by the driver, unique for the life of the session. */
export type PeerId = number;

export type DialFailure = 'unreachable' | 'refused';

export type SessionEvent =
  /** Whom to pull from. */
  | ({ readonly type: 'sourcesChanged' } & SourcePlan)
  /** Handshake done. `address` is the one that was dialled; absent when the peer dialled us. */
  | { readonly type: 'peerConnected'; readonly peer: PeerId; readonly address?: string }
  /** `refused`: reached, but the handshake was not accepted. */
  | { readonly type: 'dialFailed'; readonly address: string; readonly failure: DialFailure }
  | { readonly type: 'peerClosed'; readonly peer: PeerId }
  | { readonly type: 'bitfieldReceived'; readonly peer: PeerId; readonly bytes: Uint8Array }
  | { readonly type: 'haveReceived'; readonly peer: PeerId; readonly piece: number }
  | { readonly type: 'haveManyReceived'; readonly peer: PeerId; readonly pieces: readonly number[] }
  /** The peer will not send the blocks of this piece that are still out. */
  | { readonly type: 'rejectReceived'; readonly peer: PeerId; readonly piece: number }
  /** The peer does not want the blocks of this piece any more. */
  | { readonly type: 'cancelReceived'; readonly peer: PeerId; readonly piece: number }
  | ({ readonly type: 'requestReceived'; readonly peer: PeerId } & BlockRef)
  /** A block's header is here and its data follows: answered with receiveBlock or close. */
  | ({ readonly type: 'blockArriving'; readonly peer: PeerId } & BlockRef)
  /** All data of a block is in the piece's buffer. */
  | ({ readonly type: 'blockReceived'; readonly peer: PeerId } & BlockRef)
  /** The kernel has taken a block that sendBlock asked for. */
  | { readonly type: 'blockSent'; readonly peer: PeerId; readonly length: number }
  /** Verified and written. */
  | { readonly type: 'pieceStored'; readonly piece: number }
  /** The hash did not match; the buffer is gone. */
  | { readonly type: 'pieceRejected'; readonly piece: number }
  /** The disk refused; the task cannot go on here. */
  | { readonly type: 'storeFailed'; readonly message: string }
  /** Nothing happened but time: the session asked for it by nextWakeAtMs. */
  | { readonly type: 'wake' };
