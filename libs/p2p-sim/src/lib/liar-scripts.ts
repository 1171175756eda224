/** Lies that a peer can tell, each on its own. What must come of them is in the test that plays them. */
import { Bitfield, type BlockRef, type ControlMessage } from '@gofd/p2p-protocol';
import type { LiarScript, LyingConnection } from './lying-peer.ts';
import type { WireFrame } from './sim-process.ts';

const REQUEST_ID = 2;
const PIECE_ID = 3;

export function sayAll({ say, geometry }: LyingConnection): void {
  say({ type: 'bitfield', bytes: Bitfield.full(geometry.pieceCount).toBytes() });
}

export function sayNothing({ say, geometry }: LyingConnection): void {
  say({ type: 'bitfield', bytes: Bitfield.empty(geometry.pieceCount).toBytes() });
}

/** Has every piece, it says, to everybody but the server; asked for a block it does this. */
export function whenAsked(
  answer: (connection: LyingConnection, block: BlockRef) => void,
): LiarScript {
  return (connection) => {
    if (connection.isToServer) sayNothing(connection);
    else sayAll(connection);
    return onMessage((message) => {
      if (message.type === 'request') answer(connection, blockOf(message));
    });
  };
}

/** Says that it has nothing, and then does this once on each connection. */
export function onceReady(act: (connection: LyingConnection) => void): LiarScript {
  return (connection) => {
    sayNothing(connection);
    act(connection);
    return undefined;
  };
}

export function onMessage(react: (message: ControlMessage) => void): (frame: WireFrame) => void {
  return (frame) => {
    if (frame.kind === 'control') react(frame.message);
  };
}

function blockOf({ piece, begin, length }: BlockRef): BlockRef {
  return { piece, begin, length };
}

export function piecesOf({ geometry }: LyingConnection): number[] {
  return [...Array(geometry.pieceCount).keys()];
}

/** A frame by hand: length, id, and words of four bytes. */
export function rawFrame(id: number, words: readonly number[], dataBytes = 0): Uint8Array {
  const bytes = new Uint8Array(5 + 4 * words.length + dataBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length - 4);
  bytes[4] = id;
  words.forEach((word, index) => view.setUint32(5 + 4 * index, word));
  return bytes;
}

export const rawRequest = (piece: number, begin: number, length: number): Uint8Array =>
  rawFrame(REQUEST_ID, [piece, begin, length]);

export const rawPiece = (piece: number, begin: number, dataBytes: number): Uint8Array =>
  rawFrame(PIECE_ID, [piece, begin], dataBytes);
