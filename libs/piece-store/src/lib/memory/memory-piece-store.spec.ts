import { describe, expect, it } from 'vitest';
import { describePieceReading, describePieceWriting } from '../../testing/piece-store.contract.ts';
import { sampleTask } from '../../testing/sample-task.ts';
import { MemoryPieceStore } from './memory-piece-store.ts';

describePieceWriting('MemoryPieceStore', ({ layout, hashes }) =>
  Promise.resolve(new MemoryPieceStore(layout, hashes)),
);

describePieceReading('MemoryPieceStore', async (task) => {
  const store = new MemoryPieceStore(task.layout, task.hashes);
  for (let piece = 0; piece < task.layout.pieceCount; piece++) {
    await store.write(piece, task.piece(piece));
  }
  return store;
});

describe('MemoryPieceStore', () => {
  it('says so when a piece was never stored', async () => {
    const { layout, hashes } = sampleTask({ pieceBytes: 8, fileLengths: [8] });
    const store = new MemoryPieceStore(layout, hashes);
    await expect(store.read(0, Buffer.alloc(8))).rejects.toMatchObject({ code: 'IO_ERROR' });
  });
});
