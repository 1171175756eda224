/** What a session wants done, in order. The driver obeys; it decides nothing. */
import type { BlockRef, ControlMessage } from '../codec/messages.ts';
import type { ProtocolErrorCode, SessionFailureCode } from '../errors.ts';
import type { PeerId } from './events.ts';

export type SessionEffect =
  | { readonly type: 'dial'; readonly address: string }
  | { readonly type: 'send'; readonly peer: PeerId; readonly message: ControlMessage }
  /** Queue this block's data for the peer; answered by blockSent when the kernel took it. */
  | ({ readonly type: 'sendBlock'; readonly peer: PeerId } & BlockRef)
  /** Put the data that follows into the piece's buffer. */
  | ({ readonly type: 'receiveBlock'; readonly peer: PeerId } & BlockRef)
  /** Every block is there: verify, write, then tell pieceStored or pieceRejected. */
  | { readonly type: 'storePiece'; readonly piece: number; readonly peer: PeerId }
  /** Drop what this peer sent of the piece; a block of it that is coming in is skipped. */
  | { readonly type: 'discardPiece'; readonly piece: number; readonly peer: PeerId }
  | { readonly type: 'close'; readonly peer: PeerId; readonly code: ProtocolErrorCode }
  | { readonly type: 'progressed'; readonly storedPieces: number; readonly storedBytes: number }
  /** No agent could give any of the missing pieces: the server is asked for this one. */
  | { readonly type: 'fellBack'; readonly piece: number }
  /** Every piece is stored. */
  | { readonly type: 'finished' }
  | { readonly type: 'failed'; readonly code: SessionFailureCode; readonly message: string };
