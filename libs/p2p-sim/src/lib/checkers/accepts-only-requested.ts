/**
 * A block is let in only if it was asked of that very peer, not let in before and not cancelled, and a
 * piece goes to the disk only when all of its bytes are there.
 */
import type { BlockRef, ControlMessage, SessionEffect, TaskGeometry } from '@gofd/p2p-protocol';
import type { Checker, Step } from './checker.ts';

/** What one process has asked for and got. */
class Ledger {
  /** Requests without an answer, as begin:length, by peer:piece. */
  readonly open = new Map<string, Set<string>>();
  /** By peer:piece. */
  readonly receivedBytes = new Map<string, number>();
}

export class AcceptsOnlyRequested implements Checker {
  readonly concern = 'brokenRule';
  readonly #geometry: TaskGeometry;
  readonly #ledgers = new Map<string, Ledger>();

  constructor(geometry: TaskGeometry) {
    this.#geometry = geometry;
  }

  check({ process, effects }: Step): string | undefined {
    const ledger = this.#ledgers.get(process.name) ?? new Ledger();
    this.#ledgers.set(process.name, ledger);
    for (const effect of effects) {
      const problem = this.#apply(effect, ledger);
      if (problem) return problem;
    }
    return undefined;
  }

  #apply(effect: SessionEffect, ledger: Ledger): string | undefined {
    switch (effect.type) {
      case 'send':
        asked(effect.peer, effect.message, ledger);
        return undefined;
      case 'receiveBlock': {
        const { piece, begin, length } = effect;
        const key = pieceKeyOf(effect);
        if (!ledger.open.get(key)?.delete(blockKeyOf(effect))) {
          return `lets in ${length} bytes of piece ${piece} at ${begin}, which it did not ask for`;
        }
        ledger.receivedBytes.set(key, (ledger.receivedBytes.get(key) ?? 0) + length);
        return undefined;
      }
      case 'storePiece':
        return this.#stored(effect, ledger);
      case 'discardPiece':
        ledger.receivedBytes.delete(pieceKeyOf(effect));
        return undefined;
      default:
        return undefined;
    }
  }

  #stored(from: { peer: number; piece: number }, ledger: Ledger): string | undefined {
    const { piece } = from;
    const bytes = ledger.receivedBytes.get(pieceKeyOf(from)) ?? 0;
    ledger.receivedBytes.delete(pieceKeyOf(from));
    const wantedBytes = this.#geometry.pieceLength(piece);
    if (bytes === wantedBytes) return undefined;
    return `stores piece ${piece} with ${bytes} of its ${wantedBytes} bytes`;
  }
}

function asked(peer: number, message: ControlMessage, { open }: Ledger): void {
  if (message.type === 'cancel') open.delete(pieceKeyOf({ peer, piece: message.piece }));
  if (message.type !== 'request') return;
  const key = pieceKeyOf({ peer, piece: message.piece });
  const blocks = open.get(key);
  if (blocks) blocks.add(blockKeyOf(message));
  else open.set(key, new Set([blockKeyOf(message)]));
}

function blockKeyOf({ begin, length }: BlockRef): string {
  return `${begin}:${length}`;
}

function pieceKeyOf({ peer, piece }: { peer: number; piece: number }): string {
  return `${peer}:${piece}`;
}
