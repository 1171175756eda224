/** Stores that lie, wait or count, for what a healthy one never shows. */
import { MemoryPieceStore } from '@gofd/piece-store/testing';
import { eventLoopTurn } from './waiting.ts';

/** Gives every piece with its last bit flipped. */
export class CorruptStore extends MemoryPieceStore {
  override async read(piece: number, target: Buffer): Promise<void> {
    await super.read(piece, target);
    target.writeUInt8(target.readUInt8(target.length - 1) ^ 1, target.length - 1);
  }
}

/** Takes many turns of the event loop for each write: a disk slower than the network. */
export class SlowStore extends MemoryPieceStore {
  static readonly TURNS = 50;

  override async write(piece: number, bytes: Buffer): Promise<boolean> {
    for (let turn = 0; turn < SlowStore.TURNS; turn++) await eventLoopTurn();
    return super.write(piece, bytes);
  }
}

/** Counts how often pieces are read. */
export class CountingStore extends MemoryPieceStore {
  reads = 0;

  override read(piece: number, target: Buffer): Promise<void> {
    this.reads += 1;
    return super.read(piece, target);
  }
}
