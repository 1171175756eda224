/** What a new run of an agent makes of the files that the one before it left, however it ended. */
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  allPieces,
  completeTask,
  openStore,
  recoveredStore,
  recoverMissing,
  TASK_ID,
  writePieces,
} from '../../../test/file-stores.ts';
import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { sampleTask } from '../../testing/sample-task.ts';
import { taskDirectory } from './work-directory.ts';

/** Ten pieces: 0-2 file-0, 2-3 file-1, 3-6 file-2 (aligned end), file-3 empty, 7-9 file-4. */
const TASK = sampleTask({ pieceBytes: 100, fileLengths: [250, 100, 350, 0, 222] });

let downdir: string;

beforeEach(async () => {
  downdir = await temporaryFolder();
});

function partOf(file: number): string {
  return join(taskDirectory(downdir, TASK_ID), `${file}.part`);
}

async function flipBit(path: string, offset: number): Promise<void> {
  const bytes = await fs.readFile(path);
  bytes.writeUInt8(bytes.readUInt8(offset) ^ 1, offset);
  await fs.writeFile(path, bytes);
}

async function leaveBehind(pieces: readonly number[]): Promise<void> {
  const { store } = await recoveredStore(downdir, TASK);
  await writePieces(store, TASK, pieces);
  await store.close();
}

async function expectPlacedWhole(): Promise<void> {
  for (const [file, { name }] of TASK.layout.files.entries()) {
    expect(await fs.readFile(join(downdir, name))).toEqual(TASK.contents[file]);
  }
}

describe('FilePieceStore, opened again', () => {
  it('lacks every piece when nothing was left', async () => {
    expect((await recoveredStore(downdir, TASK)).missing).toEqual(allPieces(TASK));
  });

  it.each([
    [[0, 1]],
    [[0, 1, 2, 3, 4, 5, 6]],
    [[7, 8, 9]],
    [[0, 2, 4, 6, 8]],
    [[3]],
    [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ])('B09: has exactly the pieces %j that were written, of all files', async (pieces) => {
    await leaveBehind(pieces);
    const { missing } = await recoveredStore(downdir, TASK);
    expect(missing).toEqual(allPieces(TASK).filter((piece) => !pieces.includes(piece)));
  });

  it('B09: counts a complete first file although the last one is not there', async () => {
    await completeTask(downdir, TASK);
    await fs.rm(join(downdir, 'file-4'));
    // Piece 7 holds the first bytes of file-4 beside none of file-2: 0-6 are whole.
    expect((await recoveredStore(downdir, TASK)).missing).toEqual([7, 8, 9]);
  });

  it('recognises a task whose files are all in place, and needs nothing for it', async () => {
    await completeTask(downdir, TASK);
    const before = await fs.stat(join(downdir, 'file-2'));
    const { store, missing } = await recoveredStore(downdir, TASK);
    expect(missing).toEqual([]);
    await store.place();
    const after = await fs.stat(join(downdir, 'file-2'));
    expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
    await expectPlacedWhole();
  });

  it('recognises files in place although the directory of parts is gone', async () => {
    await completeTask(downdir, TASK);
    await fs.rm(join(downdir, '.gofd'), { recursive: true });
    expect((await recoveredStore(downdir, TASK)).missing).toEqual([]);
  });

  it('asks only for the piece of a part that was altered', async () => {
    await leaveBehind(allPieces(TASK));
    await flipBit(partOf(2), 60); // byte 410 of the task
    expect((await recoveredStore(downdir, TASK)).missing).toEqual([4]);
  });

  it('asks only for what a shortened part lost, and cuts one that grew', async () => {
    await leaveBehind(allPieces(TASK));
    await fs.truncate(partOf(0), 150);
    await fs.appendFile(partOf(4), 'too much');
    const { store, missing } = await recoveredStore(downdir, TASK);
    expect(missing).toEqual([1, 2]);
    await writePieces(store, TASK, missing);
    await store.place();
    await expectPlacedWhole();
  });

  it('leaves another file of the same size alone until place, and fetches its pieces', async () => {
    const other = Buffer.alloc(350, 'x');
    await fs.writeFile(join(downdir, 'file-2'), other);
    await leaveBehind([0, 1, 2, 3]);
    const { store, missing } = await recoveredStore(downdir, TASK);
    expect(missing).toEqual([4, 5, 6, 7, 8, 9]);
    await writePieces(store, TASK, missing);
    expect(await fs.readFile(join(downdir, 'file-2'))).toEqual(other);
    await store.place();
    await expectPlacedWhole();
  });

  it('fetches anew a placed file in which one bit changed, without writing to it', async () => {
    await completeTask(downdir, TASK);
    await flipBit(join(downdir, 'file-2'), 60);
    const altered = await fs.readFile(join(downdir, 'file-2'));
    const { store, missing } = await recoveredStore(downdir, TASK);
    expect(missing).toEqual([3, 4, 5, 6]); // every piece of the file: its part starts empty
    await writePieces(store, TASK, missing);
    expect(await fs.readFile(join(downdir, 'file-2'))).toEqual(altered);
    await store.place();
    await expectPlacedWhole();
  });

  it('never writes to a whole file in place that shares a piece with one to be fetched', async () => {
    await completeTask(downdir, TASK);
    await flipBit(join(downdir, 'file-2'), 300);
    const neighbour = await fs.stat(join(downdir, 'file-1'));
    await completeTask(downdir, TASK);
    const after = await fs.stat(join(downdir, 'file-1'));
    expect([after.ino, after.mtimeMs]).toEqual([neighbour.ino, neighbour.mtimeMs]);
    await expectPlacedWhole();
  });

  it.each([0, 1, 2, 3, 4, 5])(
    'recovers complete from a crash after %i files were placed',
    async (placedCount) => {
      await leaveBehind(allPieces(TASK));
      for (const [file, { name }] of TASK.layout.files.entries()) {
        if (file < placedCount) await fs.rename(partOf(file), join(downdir, name));
      }
      const { store, missing } = await recoveredStore(downdir, TASK);
      expect(missing).toEqual([]);
      await store.place();
      await expectPlacedWhole();
    },
  );

  it('goes on after a crash in the middle of placing over older files of the same size', async () => {
    for (const [file, { name, length }] of TASK.layout.files.entries()) {
      await fs.writeFile(join(downdir, name), Buffer.alloc(length, file));
    }
    await leaveBehind(allPieces(TASK));
    await fs.rename(partOf(1), join(downdir, 'file-1'));
    expect(await completeTask(downdir, TASK)).toEqual([]);
    await expectPlacedWhole();
  });

  it('takes the part, not the older file in place, when both have the size', async () => {
    await fs.writeFile(join(downdir, 'file-0'), Buffer.alloc(250, 'x'));
    await leaveBehind([0, 1]);
    const { missing } = await recoveredStore(downdir, TASK);
    expect(missing).not.toContain(0);
    expect(missing).not.toContain(1);
  });

  it('counts nothing of another task that left parts under the same id', async () => {
    await leaveBehind(allPieces(TASK));
    const other = sampleTask({ pieceBytes: 100, fileLengths: [250, 100, 350, 0, 222], seed: 2 });
    expect((await recoveredStore(downdir, other)).missing).toEqual(allPieces(other));
    expect(await completeTask(downdir, other)).toEqual(allPieces(other));
    expect(await fs.readFile(join(downdir, 'file-2'))).toEqual(other.contents[2]);
  });

  it('stops looking when it is told to', async () => {
    await leaveBehind(allPieces(TASK));
    const store = await openStore(downdir, TASK);
    const abort = new AbortController();
    abort.abort();
    await expect(store.recover(() => undefined, abort.signal)).rejects.toThrow('aborted');
    expect(await recoverMissing(store, TASK)).toEqual([]);
  });
});
