/**
 * When bytes reach the disk. The calls to the kernel are watched at node:fs itself, below everything of
 * ours, and flushing can be made to fail there as a dying disk would.
 */
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  allPieces,
  completeTask,
  recoveredStore,
  TASK_ID,
  writePieces,
} from '../../../test/file-stores.ts';
import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { sampleTask } from '../../testing/sample-task.ts';
import { FLUSH_EVERY_BYTES } from './file-piece-store.ts';
import { taskDirectory } from './work-directory.ts';

/** What was done, in order, and which flushes fail: those of a path that ends so. */
const disk = vi.hoisted(() => ({
  calls: [] as string[],
  failingSuffix: undefined as string | undefined,
}));

vi.mock('node:fs', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs')>();
  type Flush = typeof original.fsync;
  const watched =
    (what: string, flush: Flush) =>
    (descriptor: number, done: (error: NodeJS.ErrnoException | null) => void): void => {
      const path = original.readlinkSync(`/proc/self/fd/${descriptor}`);
      disk.calls.push(`${what} ${path}`);
      if (disk.failingSuffix === undefined || !path.endsWith(disk.failingSuffix)) {
        return flush(descriptor, done);
      }
      done(Object.assign(new Error('EIO: i/o error'), { code: 'EIO' }));
    };
  const fsync = watched('fsync', original.fsync);
  const fdatasync = watched('fdatasync', original.fdatasync);
  return { ...original, fsync, fdatasync, default: { ...original, fsync, fdatasync } };
});

/** Names are reached through the descriptors of their folders. */
const reallyAt = vi.hoisted(() => (path: string): string => {
  const name = path.slice(path.lastIndexOf('/'));
  const { readlinkSync } = process.getBuiltinModule('node:fs');
  return readlinkSync(path.slice(0, -name.length)) + name;
});

vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs/promises')>();
  const rename = (from: string, to: string): Promise<void> => {
    disk.calls.push(`rename ${reallyAt(from)} ${reallyAt(to)}`);
    return original.rename(from, to);
  };
  return { ...original, rename, default: { ...original, rename } };
});

const TASK = sampleTask({ pieceBytes: 64, fileLengths: [100, 0, 64] });
let downdir: string;

beforeEach(async () => {
  downdir = await temporaryFolder();
  disk.calls = [];
  disk.failingSuffix = undefined;
});

function partOf(file: number): string {
  return join(taskDirectory(downdir, TASK_ID), `${file}.part`);
}

describe('FilePieceStore, when it places', () => {
  it('B11: flushes each file, then renames it, and at the end flushes the directory', async () => {
    await completeTask(downdir, TASK);
    expect(disk.calls).toEqual([
      ...[0, 1, 2].flatMap((file) => [
        `fsync ${partOf(file)}`,
        `rename ${partOf(file)} ${join(downdir, `file-${file}`)}`,
      ]),
      `fsync ${downdir}`,
    ]);
  });

  it('B11: flushes files that were in place already, for nobody knows whether they were', async () => {
    await completeTask(downdir, TASK);
    disk.calls = [];
    await completeTask(downdir, TASK);
    expect(disk.calls).toEqual([
      ...[0, 1, 2].map((file) => `fsync ${join(downdir, `file-${file}`)}`),
      `fsync ${downdir}`,
    ]);
  });

  it('fails when a file cannot be flushed, gives it no final name, and never tries again', async () => {
    const { store, missing } = await recoveredStore(downdir, TASK);
    await writePieces(store, TASK, missing);
    disk.failingSuffix = '2.part';
    await expect(store.place()).rejects.toMatchObject({
      code: 'IO_ERROR',
      message: expect.stringMatching(/file-2: EIO/) as string,
    });
    expect(await fs.readdir(downdir)).not.toContain('file-2');
    disk.failingSuffix = undefined;
    await expect(store.place()).rejects.toMatchObject({ code: 'IO_ERROR' });
    expect(await fs.readdir(downdir)).not.toContain('file-2');
  });

  it('fails when the directory cannot be flushed', async () => {
    const { store, missing } = await recoveredStore(downdir, TASK);
    await writePieces(store, TASK, missing);
    disk.failingSuffix = downdir;
    await expect(store.place()).rejects.toMatchObject({
      code: 'IO_ERROR',
      message: expect.stringContaining(downdir) as string,
    });
  });
});

describe('FilePieceStore, while it receives', () => {
  const LARGE = sampleTask({ pieceBytes: 2 ** 24, fileLengths: [FLUSH_EVERY_BYTES + 2 ** 24] });

  it('starts a flush when enough was written, not at every piece', async () => {
    const { store } = await recoveredStore(downdir, LARGE);
    await writePieces(store, LARGE, allPieces(LARGE));
    await store.close();
    expect(disk.calls).toEqual([`fdatasync ${partOf(0)}`]);
  });

  it('places nothing when such a flush failed, whatever the last one says', async () => {
    const { store } = await recoveredStore(downdir, LARGE);
    disk.failingSuffix = '0.part';
    await writePieces(store, LARGE, allPieces(LARGE));
    disk.failingSuffix = undefined;
    await expect(store.place()).rejects.toMatchObject({
      code: 'IO_ERROR',
      message: expect.stringContaining('EIO') as string,
    });
    expect(await fs.readdir(downdir)).toEqual(['.gofd']);
  });
});
