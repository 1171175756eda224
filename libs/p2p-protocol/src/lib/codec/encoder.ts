/** Control messages and PIECE headers as bytes. Data is never copied: header and data go as parts. */
import {
  GOODBYE_LENGTH,
  LENGTH_PREFIX_BYTES,
  MESSAGE_ID,
  ONE_PIECE_LENGTH,
  PIECE_HEADER_BYTES,
  PIECE_INDEX_BYTES,
  PIECE_LENGTH_OVERHEAD,
  REQUEST_LENGTH,
  type BlockRef,
  type ControlMessage,
} from './messages.ts';

const ID_OFFSET = LENGTH_PREFIX_BYTES;
const BODY_OFFSET = LENGTH_PREFIX_BYTES + 1;

/** One control message as a frame. */
export function encodeMessage(message: ControlMessage): Uint8Array {
  switch (message.type) {
    case 'have':
    case 'reject':
    case 'cancel': {
      const frame = startFrame(ONE_PIECE_LENGTH, MESSAGE_ID[message.type]);
      putUint32(frame, BODY_OFFSET, message.piece);
      return frame;
    }
    case 'haveMany': {
      const { pieces } = message;
      const frame = startFrame(1 + PIECE_INDEX_BYTES * pieces.length, MESSAGE_ID.haveMany);
      pieces.forEach((piece, index) =>
        putUint32(frame, BODY_OFFSET + PIECE_INDEX_BYTES * index, piece),
      );
      return frame;
    }
    case 'goodbye': {
      const frame = startFrame(GOODBYE_LENGTH, MESSAGE_ID.goodbye);
      frame[BODY_OFFSET] = message.reason;
      return frame;
    }
    case 'request': {
      const frame = startFrame(REQUEST_LENGTH, MESSAGE_ID.request);
      putUint32(frame, BODY_OFFSET, message.piece);
      putUint32(frame, BODY_OFFSET + 4, message.begin);
      putUint32(frame, BODY_OFFSET + 8, message.length);
      return frame;
    }
    case 'bitfield': {
      const frame = startFrame(1 + message.bytes.length, MESSAGE_ID.bitfield);
      frame.set(message.bytes, BODY_OFFSET);
      return frame;
    }
  }
}

/** Bytes of a control message as a frame. */
export function frameBytes(message: ControlMessage): number {
  switch (message.type) {
    case 'have':
    case 'reject':
    case 'cancel':
      return LENGTH_PREFIX_BYTES + ONE_PIECE_LENGTH;
    case 'haveMany':
      return LENGTH_PREFIX_BYTES + 1 + PIECE_INDEX_BYTES * message.pieces.length;
    case 'goodbye':
      return LENGTH_PREFIX_BYTES + GOODBYE_LENGTH;
    case 'request':
      return LENGTH_PREFIX_BYTES + REQUEST_LENGTH;
    case 'bitfield':
      return LENGTH_PREFIX_BYTES + 1 + message.bytes.length;
  }
}

/** The 13 bytes that precede the data of a PIECE frame. */
export function encodePieceHeader(block: BlockRef): Uint8Array {
  const header = new Uint8Array(PIECE_HEADER_BYTES);
  putUint32(header, 0, PIECE_LENGTH_OVERHEAD + block.length);
  header[ID_OFFSET] = MESSAGE_ID.piece;
  putUint32(header, BODY_OFFSET, block.piece);
  putUint32(header, BODY_OFFSET + 4, block.begin);
  return header;
}

function startFrame(length: number, id: number): Uint8Array {
  const frame = new Uint8Array(LENGTH_PREFIX_BYTES + length);
  putUint32(frame, 0, length);
  frame[ID_OFFSET] = id;
  return frame;
}

/** By hand: a DataView for thirteen bytes costs more than all the rest of a frame. */
function putUint32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 24;
  bytes[offset + 1] = value >>> 16;
  bytes[offset + 2] = value >>> 8;
  bytes[offset + 3] = value;
}
