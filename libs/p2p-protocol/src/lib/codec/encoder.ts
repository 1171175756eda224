/** Control messages and PIECE headers as bytes. Data is never copied: header and data go as parts. */
import {
  HAVE_LENGTH,
  LENGTH_PREFIX_BYTES,
  MESSAGE_ID,
  PIECE_HEADER_BYTES,
  PIECE_LENGTH_OVERHEAD,
  REQUEST_LENGTH,
  type BlockRef,
  type ControlMessage,
} from './messages.ts';

/** One control message as a frame. */
export function encodeMessage(message: ControlMessage): Uint8Array {
  switch (message.type) {
    case 'have':
      return words(HAVE_LENGTH, MESSAGE_ID.have, [message.piece]);
    case 'request':
      return words(REQUEST_LENGTH, MESSAGE_ID.request, [
        message.piece,
        message.begin,
        message.length,
      ]);
    case 'bitfield': {
      const frame = new Uint8Array(LENGTH_PREFIX_BYTES + 1 + message.bytes.length);
      new DataView(frame.buffer).setUint32(0, 1 + message.bytes.length);
      frame[LENGTH_PREFIX_BYTES] = MESSAGE_ID.bitfield;
      frame.set(message.bytes, LENGTH_PREFIX_BYTES + 1);
      return frame;
    }
  }
}

/** The 13 bytes that precede the data of a PIECE frame. */
export function encodePieceHeader(block: BlockRef): Uint8Array {
  const frame = words(PIECE_LENGTH_OVERHEAD + block.length, MESSAGE_ID.piece, [
    block.piece,
    block.begin,
  ]);
  return frame.subarray(0, PIECE_HEADER_BYTES);
}

function words(length: number, id: number, values: readonly number[]): Uint8Array {
  const frame = new Uint8Array(LENGTH_PREFIX_BYTES + 1 + 4 * values.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, length);
  frame[LENGTH_PREFIX_BYTES] = id;
  values.forEach((value, index) => view.setUint32(LENGTH_PREFIX_BYTES + 1 + 4 * index, value));
  return frame;
}
