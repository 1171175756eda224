/** No piece is announced or served that is not verified on that host's own disk. */
import { Bitfield, type SessionEffect } from '@gofd/p2p-protocol';
import type { SimPieceStore } from '../sim-piece-store.ts';
import type { Checker, Step } from './checker.ts';

export class AnnouncesOnlyStored implements Checker {
  readonly concern = 'wrongBytes';
  readonly #pieceCount: number;

  constructor(pieceCount: number) {
    this.#pieceCount = pieceCount;
  }

  check({ process, effects }: Step): string | undefined {
    for (const effect of effects) {
      for (const piece of this.#shownPieces(effect, process.store)) {
        if (!process.store.has(piece)) return `shows piece ${piece}, which it has not verified`;
      }
    }
    return undefined;
  }

  #shownPieces(effect: SessionEffect, store: SimPieceStore): readonly number[] {
    if (effect.type === 'sendBlock') return [effect.piece];
    if (effect.type !== 'send') return [];
    const { message } = effect;
    if (message.type === 'have') return [message.piece];
    if (message.type === 'haveMany') return message.pieces;
    if (message.type !== 'bitfield') return [];
    const lacking = store.find().complement();
    const shown = Bitfield.fromBytes(message.bytes, this.#pieceCount);
    const wrong = shown?.firstCommon(lacking);
    return wrong === undefined ? [] : [wrong];
  }
}
