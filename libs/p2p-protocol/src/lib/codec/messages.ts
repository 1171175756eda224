/**
 * The four messages of wire v1 (docs/protocol.md, wire v1). A frame is
 * `uint32 length ‖ id(1) ‖ payload`, big endian; length counts id and payload; 0 is a keep-alive.
 *
 * | id | message  | payload                                         |
 * |----|----------|-------------------------------------------------|
 * | 0  | HAVE     | uint32 piece                                    |
 * | 1  | BITFIELD | ⌈pieces/8⌉ bytes, high bit of byte 0 = piece 0  |
 * | 2  | REQUEST  | uint32 piece, uint32 begin, uint32 length       |
 * | 3  | PIECE    | uint32 piece, uint32 begin, data                |
 */
export const MESSAGE_ID = { have: 0, bitfield: 1, request: 2, piece: 3 } as const;

export const LENGTH_PREFIX_BYTES = 4;
/** Length prefix, id, piece and begin: everything of a PIECE frame before its data. */
export const PIECE_HEADER_BYTES = 13;
/** What a PIECE frame's length counts beside the data. */
export const PIECE_LENGTH_OVERHEAD = 9;
export const HAVE_LENGTH = 5;
export const REQUEST_LENGTH = 13;

/** A stretch of one piece: bytes [begin, begin + length). */
export interface BlockRef {
  readonly piece: number;
  readonly begin: number;
  readonly length: number;
}

export interface HaveMessage {
  readonly type: 'have';
  readonly piece: number;
}
export interface BitfieldMessage {
  readonly type: 'bitfield';
  readonly bytes: Uint8Array;
}
export interface RequestMessage extends BlockRef {
  readonly type: 'request';
}

/** Messages without payload data; PIECE data never passes through message objects. */
export type ControlMessage = HaveMessage | BitfieldMessage | RequestMessage;
