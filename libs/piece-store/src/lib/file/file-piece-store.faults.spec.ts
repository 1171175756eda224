/** Names, places and disks that FilePieceStore refuses: each with its code and nothing touched. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs/promises';
import net from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  completeTask,
  openStore,
  recoveredStore,
  TASK_ID,
  writePieces,
} from '../../../test/file-stores.ts';
import { fingerprint, mountedFolder, temporaryFolder } from '../../../test/temporary-folder.ts';
import { sampleTask } from '../../testing/sample-task.ts';
import { MAX_OPEN_FILES } from './descriptors.ts';
import { listTaskDirectories, removeTaskDirectory, taskDirectory } from './work-directory.ts';

const TASK = sampleTask({ pieceBytes: 64, fileLengths: [100] });

/** A download directory beside files that nobody may touch; `untouched` checks that at the end. */
async function downdirWithCanary(): Promise<{
  downdir: string;
  canary: string;
  untouched: () => Promise<void>;
}> {
  const root = await temporaryFolder();
  const [downdir, canary] = [join(root, 'down'), join(root, 'canary')];
  await fs.mkdir(downdir);
  await fs.mkdir(join(canary, TASK_ID), { recursive: true });
  for (const name of ['x', 'passwd', join(TASK_ID, '0.part')]) {
    await fs.writeFile(join(canary, name), `do not touch ${name}`);
  }
  const before = await fingerprint(canary);
  const untouched = async (): Promise<void> => {
    expect(await fingerprint(canary)).toEqual(before);
    expect((await fs.readdir(root)).sort()).toEqual(['canary', 'down']);
  };
  return { downdir, canary, untouched };
}

describe('FilePieceStore, given bad names', () => {
  it.each([
    '../canary/x',
    '../new',
    '..',
    '.',
    '',
    '/etc/passwd',
    'a/b',
    'a\\b',
    'x\0',
    'x\n',
    '.gofd',
    'x'.repeat(256),
    '\ud800',
  ])('B60: refuses the name %j and touches nothing', async (name) => {
    const { downdir, untouched } = await downdirWithCanary();
    const task = sampleTask({ pieceBytes: 64, fileLengths: [10, 10], names: ['good', name] });
    await expect(openStore(downdir, task)).rejects.toMatchObject({ code: 'UNSAFE_PATH' });
    expect(await fs.readdir(downdir)).toEqual([]);
    await untouched();
  });

  it('B06: refuses two files with one name, which would land on each other', async () => {
    const downdir = await temporaryFolder();
    const task = sampleTask({ pieceBytes: 64, fileLengths: [10, 20], names: ['same', 'same'] });
    await expect(openStore(downdir, task)).rejects.toMatchObject({
      code: 'UNSAFE_PATH',
      message: expect.stringContaining('"same"') as string,
    });
    expect(await fs.readdir(downdir)).toEqual([]);
  });

  it('B54: takes the longest name there is', async () => {
    const downdir = await temporaryFolder();
    const name = 'n'.repeat(255);
    await completeTask(downdir, sampleTask({ pieceBytes: 64, fileLengths: [10], names: [name] }));
    expect(await fs.readdir(downdir)).toContain(name);
  });
});

describe('FilePieceStore, where something else stands at a final name', () => {
  const obstacles: [string, (path: string, canary: string) => Promise<unknown>][] = [
    ['a symbolic link to a file', (path, canary) => fs.symlink(join(canary, 'x'), path)],
    ['a relative symbolic link out', (path) => fs.symlink('../canary/x', path)],
    ['a symbolic link to a directory', (path, canary) => fs.symlink(canary, path)],
    ['a dangling symbolic link', (path, canary) => fs.symlink(join(canary, 'nothing'), path)],
    ['a symbolic link to itself', (path) => fs.symlink('file-0', path)],
    ['a directory', (path) => fs.mkdir(path)],
    ['a FIFO', (path) => Promise.resolve(execFileSync('mkfifo', [path]))],
    ['a socket', listenOn],
  ];

  it.each(obstacles)('B60: refuses %s at once', async (_what, obstruct) => {
    const { downdir, canary, untouched } = await downdirWithCanary();
    await obstruct(join(downdir, 'file-0'), canary);
    await expect(openStore(downdir, TASK)).rejects.toMatchObject({ code: 'DEST_NOT_REGULAR' });
    await untouched();
  });

  it.each(obstacles)('B60: refuses %s that came while it received', async (_what, obstruct) => {
    const { downdir, canary, untouched } = await downdirWithCanary();
    const { store, missing } = await recoveredStore(downdir, TASK);
    await writePieces(store, TASK, missing);
    await obstruct(join(downdir, 'file-0'), canary);
    await expect(store.place()).rejects.toMatchObject({ code: 'DEST_NOT_REGULAR' });
    await untouched();
  });

  it('B60: replaces a hard link and leaves the file behind its other name as it was', async () => {
    const { downdir, canary, untouched } = await downdirWithCanary();
    await fs.link(join(canary, 'x'), join(downdir, 'file-0'));
    await completeTask(downdir, TASK);
    expect(await fs.readFile(join(downdir, 'file-0'))).toEqual(TASK.bytes);
    await untouched();
  });
});

describe('FilePieceStore, where something else stands at its own directory', () => {
  it('B60: refuses a symbolic link at .gofd and follows it neither to list nor to remove', async () => {
    const { downdir, canary, untouched } = await downdirWithCanary();
    await fs.symlink(canary, join(downdir, '.gofd'));
    await expect(openStore(downdir, TASK)).rejects.toMatchObject({ code: 'DEST_NOT_REGULAR' });
    await expect(listTaskDirectories(downdir)).rejects.toMatchObject({ code: 'DEST_NOT_REGULAR' });
    await expect(removeTaskDirectory(downdir, TASK_ID)).rejects.toMatchObject({
      code: 'DEST_NOT_REGULAR',
    });
    await untouched();
  });

  it("B60: refuses a symbolic link at the task's directory and removes only the link", async () => {
    const { downdir, canary, untouched } = await downdirWithCanary();
    await fs.mkdir(join(downdir, '.gofd'));
    await fs.symlink(join(canary, TASK_ID), taskDirectory(downdir, TASK_ID));
    await expect(openStore(downdir, TASK)).rejects.toMatchObject({ code: 'DEST_NOT_REGULAR' });
    expect(await listTaskDirectories(downdir)).toEqual([]);
    await removeTaskDirectory(downdir, TASK_ID);
    expect(await fs.readdir(join(downdir, '.gofd'))).toEqual([]);
    await untouched();
  });

  it('B60: refuses a symbolic link at a part', async () => {
    const { downdir, canary, untouched } = await downdirWithCanary();
    await fs.mkdir(taskDirectory(downdir, TASK_ID), { recursive: true });
    await fs.symlink(join(canary, 'x'), join(taskDirectory(downdir, TASK_ID), '0.part'));
    await expect(openStore(downdir, TASK)).rejects.toMatchObject({ code: 'DEST_NOT_REGULAR' });
    await untouched();
  });

  it('B60: refuses a symbolic link that took the place of a part after it looked', async () => {
    const { downdir, canary, untouched } = await downdirWithCanary();
    const store = await openStore(downdir, TASK);
    await fs.symlink(join(canary, 'x'), join(taskDirectory(downdir, TASK_ID), '0.part'));
    await expect(store.recover(() => undefined)).rejects.toMatchObject({
      code: 'DEST_NOT_REGULAR',
    });
    await untouched();
  });

  it('B60: refuses a symbolic link that took the place of a part it has to open again', async () => {
    const { downdir, canary, untouched } = await downdirWithCanary();
    const fileLengths = Array.from({ length: MAX_OPEN_FILES + 1 }, () => 10);
    const task = sampleTask({ pieceBytes: 64, fileLengths });
    const { store } = await recoveredStore(downdir, task);
    const part = join(taskDirectory(downdir, TASK_ID), '0.part'); // closed for the last one
    await fs.rm(part);
    await fs.symlink(join(canary, 'x'), part);
    await expect(store.write(0, task.piece(0))).rejects.toMatchObject({ code: 'DEST_NOT_REGULAR' });
    await untouched();
  });

  it('refuses a plain file at .gofd', async () => {
    const downdir = await temporaryFolder();
    await fs.writeFile(join(downdir, '.gofd'), '');
    await expect(openStore(downdir, TASK)).rejects.toMatchObject({ code: 'DEST_NOT_REGULAR' });
  });
});

describe('the directories of tasks', () => {
  it('are listed, and removed with all they hold', async () => {
    const downdir = await temporaryFolder();
    expect(await listTaskDirectories(downdir)).toEqual([]);
    const { store } = await recoveredStore(downdir, TASK);
    await store.close();
    await fs.writeFile(join(downdir, '.gofd', 'stray'), '');
    expect(await listTaskDirectories(downdir)).toEqual([TASK_ID]);
    await removeTaskDirectory(downdir, TASK_ID);
    await removeTaskDirectory(downdir, TASK_ID);
    expect(await listTaskDirectories(downdir)).toEqual([]);
  });
});

describe('FilePieceStore, where the disk refuses', () => {
  it.each([
    ['is missing', 'nothing/here'],
    ['is a plain file', 'file'],
    ['lies below a plain file', 'file/below'],
  ])('B01: refuses a download directory that %s', async (_what, path) => {
    const root = await temporaryFolder();
    await fs.writeFile(join(root, 'file'), '');
    const opening = openStore(join(root, path), TASK);
    await expect(opening).rejects.toMatchObject({ code: 'DEST_UNWRITABLE' });
    await expect(opening).rejects.toThrow(join(root, path));
  });

  it('B01: refuses a download directory on a read-only disk', async ({ skip }) => {
    const { folder = '', refusal } = await mountedFolder('ro,size=1m');
    skip(!folder, refusal);
    await expect(openStore(folder, TASK)).rejects.toMatchObject({
      code: 'DEST_UNWRITABLE',
      message: expect.stringContaining('EROFS') as string,
    });
  });

  it('B28: refuses a task larger than the free space at once, with both numbers', async ({
    skip,
  }) => {
    const { folder = '', refusal } = await mountedFolder('size=1m');
    skip(!folder, refusal);
    const task = sampleTask({ pieceBytes: 2 ** 16, fileLengths: [2 ** 20, 2 ** 20] });
    await expect(openStore(folder, task)).rejects.toMatchObject({
      code: 'NO_SPACE',
      message: expect.stringMatching(/ \d+ bytes free, 2097152 are needed/) as string,
    });
  });

  it('counts what is already there as space it has', async ({ skip }) => {
    const { folder = '', refusal } = await mountedFolder('size=3m');
    skip(!folder, refusal);
    const task = sampleTask({ pieceBytes: 2 ** 16, fileLengths: [2 ** 21] });
    const { store, missing } = await recoveredStore(folder, task);
    await writePieces(store, task, missing.slice(0, 20));
    await store.close();
    expect((await recoveredStore(folder, task)).missing).toEqual(missing.slice(20));
  });

  it('B28: fails a write when the disk is full, and goes on from there when it is not', async ({
    skip,
  }) => {
    const { folder = '', refusal } = await mountedFolder('size=4m');
    skip(!folder, refusal);
    const task = sampleTask({ pieceBytes: 2 ** 16, fileLengths: [2 ** 21] });
    const { store, missing } = await recoveredStore(folder, task);
    await writePieces(store, task, missing.slice(0, 8));
    await fs.writeFile(join(folder, 'filler'), Buffer.alloc(2 ** 22)).catch(() => undefined);
    await expect(writePieces(store, task, missing.slice(8))).rejects.toMatchObject({
      code: 'NO_SPACE',
    });
    await store.close();
    await fs.rm(join(folder, 'filler'));
    expect(await completeTask(folder, task)).toEqual(missing.slice(8));
    expect((await fs.readFile(join(folder, 'file-0'))).equals(task.bytes)).toBe(true);
  });

  it('says so when a part was cut short by others while it is read back', async () => {
    const downdir = await temporaryFolder();
    const { store, missing } = await recoveredStore(downdir, TASK);
    await writePieces(store, TASK, missing);
    await fs.truncate(join(taskDirectory(downdir, TASK_ID), '0.part'), 10);
    await expect(store.read(0, Buffer.alloc(64))).rejects.toMatchObject({
      code: 'IO_ERROR',
      message: expect.stringContaining('file-0') as string,
    });
  });
});

async function listenOn(path: string): Promise<void> {
  const server = net.createServer();
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  await new Promise<void>((resolve) => server.listen(path, resolve));
}

describe('FilePieceStore, whose download folder is not at its path any more', () => {
  it.each<[string, (downdir: string) => Promise<unknown>]>([
    ['moved, and a file in its place', (downdir) => fs.writeFile(downdir, 'not a folder')],
    ['moved, and another folder in its place', (downdir) => fs.mkdir(downdir)],
    ['moved away', () => Promise.resolve()],
  ])('F22: does not say that files are placed: %s', async (_what, replace) => {
    const root = await temporaryFolder();
    const downdir = join(root, 'down');
    await fs.mkdir(downdir);
    const { store, missing } = await recoveredStore(downdir, TASK);
    await writePieces(store, TASK, missing);
    await fs.rename(downdir, join(root, 'away'));
    await replace(downdir);
    await expect(store.place()).rejects.toMatchObject({
      code: 'DEST_UNWRITABLE',
      message: expect.stringContaining(downdir) as string,
    });
  });

  it('F22: places them when a link is the path, or it is moved and back again', async () => {
    const root = await temporaryFolder();
    await fs.mkdir(join(root, 'real'));
    await fs.symlink('real', join(root, 'down'));
    const { store, missing } = await recoveredStore(join(root, 'down'), TASK);
    await writePieces(store, TASK, missing);
    await fs.rename(join(root, 'real'), join(root, 'away'));
    await fs.rename(join(root, 'away'), join(root, 'real'));
    await store.place();
    expect(await fs.readFile(join(root, 'down', 'file-0'))).toEqual(TASK.bytes);
  });
});
