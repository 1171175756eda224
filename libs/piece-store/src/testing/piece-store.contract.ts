/** What every PieceStore does, whatever is behind it. Run by each implementation's own spec. */
import type { HashAlgorithm } from '@gofd/p2p-protocol';
import { describe, expect, it } from 'vitest';
import type { PieceStore } from '../lib/piece-store.port.ts';
import { sampleTask, type SampleTask } from './sample-task.ts';

/** Pieces within files, across files, many files in one piece, empty files, a short last piece. */
const SHAPE = { pieceBytes: 64, fileLengths: [0, 200, 1, 0, 3, 2, 64, 90, 0] };
const TASK = sampleTask(SHAPE);
const PIECES = Array.from({ length: TASK.layout.pieceCount }, (_, piece) => piece);
const ALGORITHMS: readonly HashAlgorithm[] = ['sha1', 'sha256', 'blake3'];

async function readPiece(store: PieceStore, piece: number): Promise<Buffer> {
  const target = Buffer.alloc(TASK.layout.pieceLength(piece), 0xee);
  await store.read(piece, target);
  return target;
}

/** @param createFull makes a store that holds every piece of the task */
export function describePieceReading(
  what: string,
  createFull: (task: SampleTask) => Promise<PieceStore>,
): void {
  describe(`${what} as a store to read from`, () => {
    it('fills the target with exactly the bytes of each piece', async () => {
      const store = await createFull(TASK);
      for (const piece of PIECES) expect(await readPiece(store, piece)).toEqual(TASK.piece(piece));
    });

    it('reads many pieces at once, each into its own target', async () => {
      const store = await createFull(TASK);
      const order = [...PIECES, ...PIECES.toReversed()];
      const pieces = await Promise.all(order.map((piece) => readPiece(store, piece)));
      expect(pieces).toEqual(order.map((piece) => TASK.piece(piece)));
    });

    it('leaves alone what lies around the target in its buffer', async () => {
      const store = await createFull(TASK);
      const around = Buffer.alloc(64 + 20, 0xee);
      await store.read(1, around.subarray(10, 74));
      expect(around.subarray(0, 10)).toEqual(Buffer.alloc(10, 0xee));
      expect(around.subarray(74)).toEqual(Buffer.alloc(10, 0xee));
    });
  });
}

/** @param createEmpty makes a store of the task that holds no piece yet and is ready for writing */
export function describePieceWriting(
  what: string,
  createEmpty: (task: SampleTask) => Promise<PieceStore>,
): void {
  describe(`${what} as a store to write to`, () => {
    it('gives back what was written, in any order of writing', async () => {
      const store = await createEmpty(TASK);
      for (const piece of PIECES.toReversed()) {
        expect(await store.write(piece, TASK.piece(piece))).toBe(true);
      }
      for (const piece of PIECES) expect(await readPiece(store, piece)).toEqual(TASK.piece(piece));
    });

    it.each(ALGORITHMS)('verifies by the hash of the task: %s', async (algorithm) => {
      const task = sampleTask({ ...SHAPE, algorithm });
      const store = await createEmpty(task);
      for (const piece of PIECES) {
        expect(await store.write(piece, task.piece((piece + 1) % PIECES.length))).toBe(false);
        expect(await store.write(piece, task.piece(piece))).toBe(true);
        expect(await readPiece(store, piece)).toEqual(task.piece(piece));
      }
    });

    it('takes many pieces at once', async () => {
      const store = await createEmpty(TASK);
      const results = await Promise.all(
        PIECES.map((piece) => store.write(piece, TASK.piece(piece))),
      );
      expect(results).toEqual(PIECES.map(() => true));
      for (const piece of PIECES) expect(await readPiece(store, piece)).toEqual(TASK.piece(piece));
    });

    it('takes the same piece twice', async () => {
      const store = await createEmpty(TASK);
      await store.write(2, TASK.piece(2));
      expect(await store.write(2, TASK.piece(2))).toBe(true);
      expect(await readPiece(store, 2)).toEqual(TASK.piece(2));
    });

    it('refuses bytes whose hash is wrong and keeps the good ones it has', async () => {
      const store = await createEmpty(TASK);
      await store.write(1, TASK.piece(1));
      const altered = Buffer.from(TASK.piece(1));
      altered.writeUInt8(altered.readUInt8(63) ^ 1, 63);
      expect(await store.write(1, altered)).toBe(false);
      expect(await readPiece(store, 1)).toEqual(TASK.piece(1));
    });

    it.each([
      ['another piece', TASK.piece(0)],
      ['a shorter piece', TASK.piece(1).subarray(1)],
      ['a longer piece', Buffer.concat([TASK.piece(1), Buffer.alloc(1)])],
      ['nothing', Buffer.alloc(0)],
    ])('refuses %s under the index of a piece', async (_what, bytes) => {
      const store = await createEmpty(TASK);
      expect(await store.write(1, bytes)).toBe(false);
    });

    it('does not keep a reference to the bytes it was given', async () => {
      const store = await createEmpty(TASK);
      const bytes = Buffer.from(TASK.piece(0));
      await store.write(0, bytes);
      bytes.fill(0);
      expect(await readPiece(store, 0)).toEqual(TASK.piece(0));
    });
  });
}
