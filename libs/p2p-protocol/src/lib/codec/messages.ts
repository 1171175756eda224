/**
 * The messages of wire v1 and v2 (docs/protocol.md). A frame is `uint32 length ‖ id(1) ‖ payload`,
 * big endian; length counts id and payload; 0 is a keep-alive. Ids from 16 on are v2 only.
 *
 * | id | message   | payload                                         |
 * |----|-----------|-------------------------------------------------|
 * | 0  | HAVE      | uint32 piece                                    |
 * | 1  | BITFIELD  | ⌈pieces/8⌉ bytes, high bit of byte 0 = piece 0  |
 * | 2  | REQUEST   | uint32 piece, uint32 begin, uint32 length       |
 * | 3  | PIECE     | uint32 piece, uint32 begin, data                |
 * | 16 | REJECT    | uint32 piece: its blocks will not come          |
 * | 17 | CANCEL    | uint32 piece: its blocks are not wanted         |
 * | 18 | HAVE_MANY | uint32 piece, 1 to MAX_HAVE_MANY times          |
 * | 19 | GOODBYE   | uint8 reason                                    |
 */
export const MESSAGE_ID = {
  have: 0,
  bitfield: 1,
  request: 2,
  piece: 3,
  reject: 16,
  cancel: 17,
  haveMany: 18,
  goodbye: 19,
} as const;

/** Which set of messages a connection may use. */
export type WireVersion = 1 | 2;

/** Below it an unknown id is an error; from it on it is skipped, so that messages can be added. */
export const FIRST_SKIPPABLE_ID = 16;

export const LENGTH_PREFIX_BYTES = 4;
/** Length prefix, id, piece and begin: everything of a PIECE frame before its data. */
export const PIECE_HEADER_BYTES = 13;
/** What a PIECE frame's length counts beside the data. */
export const PIECE_LENGTH_OVERHEAD = 9;
/** HAVE, REJECT and CANCEL: id and one piece. */
export const ONE_PIECE_LENGTH = 5;
export const REQUEST_LENGTH = 13;
export const GOODBYE_LENGTH = 2;
export const PIECE_INDEX_BYTES = 4;

/** A stretch of one piece: bytes [begin, begin + length). */
export interface BlockRef {
  readonly piece: number;
  readonly begin: number;
  readonly length: number;
}

/** Why a peer ends a connection that is in order. */
export const GOODBYE_REASON = { finished: 0, stopping: 1 } as const;

export interface PieceMessage {
  readonly type: 'have' | 'reject' | 'cancel';
  readonly piece: number;
}
export interface BitfieldMessage {
  readonly type: 'bitfield';
  readonly bytes: Uint8Array;
}
export interface RequestMessage extends BlockRef {
  readonly type: 'request';
}
export interface HaveManyMessage {
  readonly type: 'haveMany';
  readonly pieces: readonly number[];
}
export interface GoodbyeMessage {
  readonly type: 'goodbye';
  readonly reason: number;
}

/** Messages without payload data; PIECE data never passes through message objects. */
export type ControlMessage =
  PieceMessage | BitfieldMessage | RequestMessage | HaveManyMessage | GoodbyeMessage;
