import { describe, expect, it } from 'vitest';
import { describePieceReading, describePieceWriting } from '../../testing/piece-store.contract.ts';
import { sampleTask } from '../../testing/sample-task.ts';
import { digestPiece } from '../layout/digest-algorithm.ts';
import { PieceHashes } from '../layout/piece-hashes.ts';
import { MemoryPieceStore } from './memory-piece-store.ts';

describePieceWriting('MemoryPieceStore', ({ hashes }) =>
  Promise.resolve(new MemoryPieceStore(hashes)),
);

describePieceReading('MemoryPieceStore', async (task) => {
  const store = new MemoryPieceStore(task.hashes);
  for (let piece = 0; piece < task.layout.pieceCount; piece++) {
    await store.write(piece, task.piece(piece));
  }
  return store;
});

describe('MemoryPieceStore', () => {
  it('says so when a piece was never stored', async () => {
    const { hashes } = sampleTask({ pieceBytes: 8, fileLengths: [8] });
    const store = new MemoryPieceStore(hashes);
    await expect(store.read(0, Buffer.alloc(8))).rejects.toMatchObject({ code: 'IO_ERROR' });
    expect(store.get(0)).toBeUndefined();
  });

  it('has what it was given from the start', async () => {
    const { hashes, bytes } = sampleTask({ pieceBytes: 8, fileLengths: [8] });
    const store = new MemoryPieceStore(hashes, new Map([[0, bytes]]));
    const target = Buffer.alloc(8);
    await store.read(0, target);
    expect(target).toEqual(bytes);
  });

  it('takes a manifest: one piece, known by its digest alone', async () => {
    const manifest = Buffer.from('a list of hashes');
    const store = new MemoryPieceStore(new PieceHashes(digestPiece(manifest, 'blake3'), 'blake3'));
    for (const other of [Buffer.from('a list of hashez'), manifest.subarray(1), Buffer.alloc(0)]) {
      expect(await store.write(0, other)).toBe(false);
    }
    expect(await store.write(1, manifest)).toBe(false);
    expect(store.get(0)).toBeUndefined();
    expect(await store.write(0, manifest)).toBe(true);
    expect(store.get(0)).toEqual(manifest);
  });
});
