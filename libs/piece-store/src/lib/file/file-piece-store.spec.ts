import fs from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  allPieces,
  completeTask,
  recoveredStore,
  TASK_ID,
  writePieces,
} from '../../../test/file-stores.ts';
import { openDescriptorsBelow, temporaryFolder } from '../../../test/temporary-folder.ts';
import { describePieceReading, describePieceWriting } from '../../testing/piece-store.contract.ts';
import { sampleTask, type SampleTask } from '../../testing/sample-task.ts';
import { MAX_OPEN_FILES } from './descriptors.ts';
import { taskDirectory } from './work-directory.ts';

describePieceWriting('FilePieceStore', async (task) => {
  const { store } = await recoveredStore(await temporaryFolder(), task);
  return store;
});

describePieceReading('FilePieceStore with parts', async (task) => {
  const { store, missing } = await recoveredStore(await temporaryFolder(), task);
  await writePieces(store, task, missing);
  return store;
});

describePieceReading('FilePieceStore with placed files', async (task) => {
  const { store, missing } = await recoveredStore(await temporaryFolder(), task);
  await writePieces(store, task, missing);
  await store.place();
  return store;
});

describePieceReading('FilePieceStore with files of an earlier run', async (task) => {
  const downdir = await temporaryFolder();
  await completeTask(downdir, task);
  return (await recoveredStore(downdir, task)).store;
});

async function placedBytes(downdir: string, { layout }: SampleTask): Promise<Buffer[]> {
  return Promise.all(layout.files.map(({ name }) => fs.readFile(join(downdir, name))));
}

describe('FilePieceStore', () => {
  it.each([
    ['one piece', [64]],
    ['one byte', [1]],
    ['only empty files', [0, 0]],
    ['a file of many pieces', [64 * 20 + 5]],
    ['many files in one piece', [1, 2, 3, 4, 5, 6, 7, 8]],
    ['files that start and end within pieces', [30, 100, 3, 64, 64, 17]],
    ['empty files first, last and between', [0, 10, 0, 0, 100, 0]],
  ])('places every file whole: %s', async (_what, fileLengths) => {
    const downdir = await temporaryFolder();
    const task = sampleTask({ pieceBytes: 64, fileLengths });
    await completeTask(downdir, task);
    expect(await placedBytes(downdir, task)).toEqual(task.contents);
  });

  it('lets others read a placed file, and only the owner the directory of parts', async () => {
    const downdir = await temporaryFolder();
    const previousMask = process.umask(0o022);
    try {
      await completeTask(downdir, sampleTask({ pieceBytes: 64, fileLengths: [10] }));
    } finally {
      process.umask(previousMask);
    }
    expect((await fs.stat(join(downdir, 'file-0'))).mode & 0o7777).toBe(0o644);
    expect((await fs.stat(taskDirectory(downdir, TASK_ID))).mode & 0o7777).toBe(0o700);
  });

  it('B10: shows no byte under a final name before place, only whole files after it', async () => {
    const downdir = await temporaryFolder();
    const task = sampleTask({ pieceBytes: 64, fileLengths: [100, 0, 64] });
    const { store } = await recoveredStore(downdir, task);
    for (const piece of allPieces(task)) {
      await store.write(piece, task.piece(piece));
      expect(await fs.readdir(downdir)).toEqual(['.gofd']);
    }
    await store.place();
    expect(await placedBytes(downdir, task)).toEqual(task.contents);
  });

  it('B10: leaves an existing file of that name as it is until place', async () => {
    const downdir = await temporaryFolder();
    const path = join(downdir, 'file-0');
    const task = sampleTask({ pieceBytes: 64, fileLengths: [200] });
    await fs.writeFile(path, 'the good old version');
    const before = await fs.stat(path);
    const { store, missing } = await recoveredStore(downdir, task);
    await writePieces(store, task, missing);
    expect(await fs.readFile(path, 'utf8')).toBe('the good old version');
    expect((await fs.stat(path)).mtimeMs).toBe(before.mtimeMs);
    await store.place();
    expect(await fs.readFile(path)).toEqual(task.contents[0]);
  });

  it('B10: replaces a file as a whole, so that who reads the old one goes on reading it', async () => {
    const downdir = await temporaryFolder();
    await fs.writeFile(join(downdir, 'file-0'), 'old');
    await fs.link(join(downdir, 'file-0'), join(downdir, 'second-name'));
    const reader = await fs.open(join(downdir, 'file-0'));
    await completeTask(downdir, sampleTask({ pieceBytes: 64, fileLengths: [200] }));
    expect(await reader.readFile('utf8')).toBe('old');
    await reader.close();
    expect(await fs.readFile(join(downdir, 'second-name'), 'utf8')).toBe('old');
  });

  it('changes nothing on disk when the hash of a piece is wrong', async () => {
    const downdir = await temporaryFolder();
    const task = sampleTask({ pieceBytes: 64, fileLengths: [64, 64] });
    const { store } = await recoveredStore(downdir, task);
    await store.write(0, task.piece(0));
    const part = join(taskDirectory(downdir, TASK_ID), '1.part');
    const before = await fs.stat(part);
    expect(await store.write(1, Buffer.alloc(64, 0xee))).toBe(false);
    expect(await fs.readFile(part)).toEqual(Buffer.alloc(64));
    expect((await fs.stat(part)).mtimeMs).toBe(before.mtimeMs);
  });

  it('handles 300 files within its limit of descriptors, and keeps none after closing', async () => {
    const downdir = await temporaryFolder();
    const fileLengths = Array.from({ length: 300 }, (_, file) => file % 40);
    const task = sampleTask({ pieceBytes: 1000, fileLengths });
    const { store, missing } = await recoveredStore(downdir, task);
    const ownFolder = 1;
    expect(await openDescriptorsBelow(downdir)).toBe(MAX_OPEN_FILES + ownFolder);
    await Promise.all(missing.map((piece) => store.write(piece, task.piece(piece))));
    expect(await openDescriptorsBelow(downdir)).toBeLessThanOrEqual(MAX_OPEN_FILES + ownFolder);
    await store.place();
    expect(await openDescriptorsBelow(downdir)).toBeLessThanOrEqual(MAX_OPEN_FILES + ownFolder);
    expect(await placedBytes(downdir, task)).toEqual(task.contents);
    await store.close();
    expect(await openDescriptorsBelow(downdir)).toBe(0);
  });

  it('finishes a write that is under way when it is closed, in its own file', async () => {
    const downdir = await temporaryFolder();
    const task = sampleTask({ pieceBytes: 2 ** 20, fileLengths: [4 * 2 ** 20] });
    const { store } = await recoveredStore(downdir, task);
    const writes = allPieces(task).map((piece) => store.write(piece, task.piece(piece)));
    await store.close();
    expect(await Promise.all(writes)).toEqual([true, true, true, true]);
    const part = join(taskDirectory(downdir, TASK_ID), '0.part');
    expect((await fs.readFile(part)).equals(task.bytes)).toBe(true);
  });

  it('keeps tasks apart: each has its own parts', async () => {
    const downdir = await temporaryFolder();
    const one = sampleTask({ pieceBytes: 64, fileLengths: [100], names: ['one'], seed: 1 });
    const other = sampleTask({ pieceBytes: 64, fileLengths: [100], names: ['other'], seed: 2 });
    const first = await recoveredStore(downdir, one, 'task-1');
    const second = await recoveredStore(downdir, other, 'task-2');
    await writePieces(first.store, one, first.missing);
    await writePieces(second.store, other, second.missing);
    await Promise.all([first.store.place(), second.store.place()]);
    expect(await fs.readFile(join(downdir, 'one'))).toEqual(one.bytes);
    expect(await fs.readFile(join(downdir, 'other'))).toEqual(other.bytes);
  });

  it('refuses to read or write once it is closed', async () => {
    const task = sampleTask({ pieceBytes: 64, fileLengths: [64] });
    const { store } = await recoveredStore(await temporaryFolder(), task);
    await store.close();
    await expect(store.read(0, Buffer.alloc(64))).rejects.toMatchObject({ code: 'IO_ERROR' });
    await expect(store.write(0, task.piece(0))).rejects.toMatchObject({ code: 'IO_ERROR' });
  });
});
