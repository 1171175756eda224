/** Disks that read and write little at a time, or fail: made so at node:fs, below everything of ours. */
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { completeTask, recoveredStore, writePieces } from '../../../test/file-stores.ts';
import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { sampleTask } from '../../testing/sample-task.ts';
import { SourcePieceStore } from './source-piece-store.ts';

const SHA1 = { algorithm: 'sha1' } as const;

type Done = (error: NodeJS.ErrnoException | null, byteCount: number, buffer: Buffer) => void;
type Transfer = (
  descriptor: number,
  buffer: Buffer,
  at: number,
  length: number,
  position: number,
  done: Done,
) => void;

const disk = vi.hoisted(() => ({ mostBytes: Infinity, failsFromByte: Infinity, readBytes: 0 }));

vi.mock('node:fs', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs')>();
  const limited = (transfer: Transfer): Transfer => {
    const wrapped: Transfer = (descriptor, buffer, at, length, position, done) => {
      if (position + length <= disk.failsFromByte) {
        const most = Math.min(length, disk.mostBytes);
        return transfer(descriptor, buffer, at, most, position, done);
      }
      done(Object.assign(new Error('EIO: i/o error'), { code: 'EIO' }), 0, buffer);
    };
    // promisify looks for the names of the results on the function itself.
    return Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(transfer));
  };
  const counted: Transfer = (descriptor, buffer, at, length, position, done) =>
    (original.read as Transfer)(descriptor, buffer, at, length, position, (error, ...result) => {
      disk.readBytes += result[0];
      done(error, ...result);
    });
  Object.defineProperties(counted, Object.getOwnPropertyDescriptors(original.read));
  const read = limited(counted);
  const write = limited(original.write);
  return { ...original, read, write, default: { ...original, read, write } };
});

const TASK = sampleTask({ pieceBytes: 64, fileLengths: [100, 0, 150] });
let folder: string;

beforeEach(async () => {
  disk.mostBytes = Infinity;
  disk.failsFromByte = Infinity;
  folder = await temporaryFolder();
});

async function openSources(): Promise<SourcePieceStore> {
  const paths = TASK.layout.files.map(({ name }) => join(folder, name));
  for (const [file, path] of paths.entries()) await fs.writeFile(path, TASK.contents[file] ?? '');
  const store = await SourcePieceStore.open(paths, 64);
  onTestFinished(() => store.close());
  return store;
}

it('a source is hashed by reading each of its bytes once', async () => {
  const store = await openSources();
  disk.readBytes = 0;
  await store.hash(SHA1);
  expect(disk.readBytes).toBe(TASK.layout.totalBytes);
});

describe('with a disk that takes and gives 7 bytes at a time', () => {
  it('sources are hashed right', async () => {
    disk.mostBytes = 7;
    expect(await (await openSources()).hash(SHA1)).toEqual(TASK.digests);
  });

  it('tasks are written and recovered right', async () => {
    disk.mostBytes = 7;
    const { store, missing } = await recoveredStore(folder, TASK);
    await writePieces(store, TASK, missing);
    await store.close();
    expect(await completeTask(folder, TASK)).toEqual([]);
    expect(await fs.readFile(join(folder, 'file-2'))).toEqual(TASK.contents[2]);
  });
});

describe('with a disk that fails', () => {
  it('B08: hashing a source fails with its path and the errno', async () => {
    const store = await openSources();
    disk.failsFromByte = 120;
    await expect(store.hash(SHA1)).rejects.toMatchObject({
      code: 'SOURCE_UNREADABLE',
      message: expect.stringMatching(/file-2 cannot be read: EIO/) as string,
    });
  });

  it('reading a piece of a task back fails with the errno', async () => {
    const { store, missing } = await recoveredStore(folder, TASK);
    await writePieces(store, TASK, missing);
    disk.failsFromByte = 0;
    await expect(store.read(1, Buffer.alloc(64))).rejects.toMatchObject({
      code: 'IO_ERROR',
      message: expect.stringMatching(/piece 1 .*EIO/) as string,
    });
  });

  it('writing a piece of a task fails with the file and the errno', async () => {
    const { store } = await recoveredStore(folder, TASK);
    disk.failsFromByte = 0;
    await expect(store.write(0, TASK.piece(0))).rejects.toMatchObject({
      code: 'IO_ERROR',
      message: expect.stringMatching(/file-0: EIO/) as string,
    });
  });
});
