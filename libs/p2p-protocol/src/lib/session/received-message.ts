import type { ControlMessage } from '../codec/messages.ts';
import type { PeerId, SessionEvent } from './events.ts';

/** What a session is told of a message; undefined for one that changes nothing. */
export function toSessionEvent(peer: PeerId, message: ControlMessage): SessionEvent | undefined {
  switch (message.type) {
    case 'have':
      return { type: 'haveReceived', peer, piece: message.piece };
    case 'haveMany':
      return { type: 'haveManyReceived', peer, pieces: message.pieces };
    case 'bitfield':
      return { type: 'bitfieldReceived', peer, bytes: message.bytes };
    case 'request': {
      const { piece, begin, length } = message;
      return { type: 'requestReceived', peer, piece, begin, length };
    }
    case 'reject':
      return { type: 'rejectReceived', peer, piece: message.piece };
    case 'cancel':
      return { type: 'cancelReceived', peer, piece: message.piece };
    case 'goodbye':
      return undefined; // the connection closes next, and that says it all
  }
}
