import { execFileSync } from 'node:child_process';
import fs from 'node:fs/promises';
import net from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  fingerprint,
  mountedFolder,
  openDescriptorsBelow,
  temporaryFolder,
} from '../../../test/temporary-folder.ts';
import { describePieceReading } from '../../testing/piece-store.contract.ts';
import { sampleTask, type SampleTask } from '../../testing/sample-task.ts';
import { MAX_OPEN_FILES } from './descriptors.ts';
import { SourcePieceStore } from './source-piece-store.ts';

const SHA1 = { algorithm: 'sha1' } as const;

/** Sources are older than any change a test makes, however coarse the clock of the disk is. */
const AN_HOUR_AGO_S = Date.now() / 1000 - 3600;

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

async function writeSources({ layout, contents }: SampleTask): Promise<string[]> {
  const paths = layout.files.map(({ name }) => join(folder, name));
  for (const [file, path] of paths.entries()) {
    await fs.writeFile(path, contents[file] ?? '');
    await fs.utimes(path, AN_HOUR_AGO_S, AN_HOUR_AGO_S);
  }
  return paths;
}

async function openSources(
  paths: readonly string[],
  pieceBytes: number,
): Promise<SourcePieceStore> {
  const store = await SourcePieceStore.open(paths, pieceBytes);
  onTestFinished(() => store.close());
  return store;
}

async function sourcesOf(task: SampleTask): Promise<SourcePieceStore> {
  return openSources(await writeSources(task), task.layout.pieceBytes);
}

describePieceReading('SourcePieceStore', sourcesOf);

describe('SourcePieceStore', () => {
  it('takes name and length of each file, in the order given', async () => {
    const task = sampleTask({ pieceBytes: 64, fileLengths: [5, 0, 200], names: ['z', 'a', 'm'] });
    const { layout } = await sourcesOf(task);
    expect(layout.files.map(({ name, length }) => [name, length])).toEqual([
      ['z', 5],
      ['a', 0],
      ['m', 200],
    ]);
    expect([layout.totalBytes, layout.pieceCount, layout.pieceBytes]).toEqual([205, 4, 64]);
  });

  it.each([
    ['one piece', [64]],
    ['one byte', [1]],
    ['nothing', [0]],
    ['two empty files', [0, 0]],
    ['many pieces', [64 * 50 + 1]],
    ['files across pieces', [100, 0, 3, 64, 640, 1]],
  ])('hashes as an independent computation does: %s', async (_what, fileLengths) => {
    const task = sampleTask({ pieceBytes: 64, fileLengths });
    const store = await sourcesOf(task);
    expect(await store.hash(SHA1)).toEqual(task.digests);
  });

  it.each(['sha1', 'sha256', 'blake3'] as const)('hashes by %s', async (algorithm) => {
    const task = sampleTask({ pieceBytes: 64, fileLengths: [100, 0, 640, 1], algorithm });
    const store = await sourcesOf(task);
    expect(await store.hash({ algorithm })).toEqual(task.digests);
  });

  it('hashes one piece in a turn of the event loop, so that timers and sockets get theirs', async () => {
    const task = sampleTask({ pieceBytes: 64, fileLengths: [64 * 200] });
    const store = await sourcesOf(task);
    let piecesInTurn = 0;
    const mostInTurn: number[] = [];
    const turn = (): void => {
      mostInTurn.push(piecesInTurn);
      piecesInTurn = 0;
      next = setImmediate(turn);
    };
    let next = setImmediate(turn);
    onTestFinished(() => clearImmediate(next));
    await store.hash({ ...SHA1, onProgress: () => (piecesInTurn += 1) });
    expect(Math.max(...mostInTurn)).toBe(1);
  });

  it('has the hashes of the captured task of the reference', async () => {
    const two = Buffer.from(Array.from({ length: 1118576 }, (_, index) => (index * 7) % 251));
    await fs.writeFile(join(folder, 'two.bin'), two);
    await fs.writeFile(join(folder, 'one.txt'), 'hello gofd\n');
    const paths = ['two.bin', 'one.txt'].map((name) => join(folder, name));
    const digests = await (await openSources(paths, 2 ** 20)).hash(SHA1);
    expect(digests.toString('base64')).toBe(
      'tkvpiARx4wLOPC9hmRniKwrFv8uSWc/aqC/TPZnsueYouCqCX0Ts+A==',
    );
  });

  it('tells how far it has come', async () => {
    const store = await sourcesOf(sampleTask({ pieceBytes: 100, fileLengths: [250] }));
    const seen: [number, number][] = [];
    await store.hash({ ...SHA1, onProgress: (hashed, total) => seen.push([hashed, total]) });
    expect(seen).toEqual([
      [100, 250],
      [200, 250],
      [250, 250],
    ]);
  });

  it('stops hashing when it is told to, and can be read afterwards', async () => {
    const task = sampleTask({ pieceBytes: 100, fileLengths: [1000] });
    const store = await sourcesOf(task);
    const abort = new AbortController();
    let lastHashed = 0;
    const hashing = store.hash({
      ...SHA1,
      signal: abort.signal,
      onProgress: (hashed) => {
        lastHashed = hashed;
        if (hashed === 300) abort.abort();
      },
    });
    await expect(hashing).rejects.toMatchObject({ name: 'AbortError' });
    expect(lastHashed).toBe(300);
    const target = Buffer.alloc(100);
    await store.read(0, target);
    expect(target).toEqual(task.piece(0));
  });

  it('reads sources that nobody may write to', async ({ skip }) => {
    const mount = await mountedFolder('size=1m');
    skip(!mount.folder, mount.refusal);
    folder = mount.folder ?? '';
    const task = sampleTask({ pieceBytes: 64, fileLengths: [100] });
    const paths = await writeSources(task);
    execFileSync('mount', ['-o', 'remount,ro', folder]);
    const store = await SourcePieceStore.open(paths, 64);
    expect(await store.hash(SHA1)).toEqual(task.digests);
    await store.close();
  });

  it('follows a symbolic link to a regular file: who may create tasks may name any', async () => {
    const task = sampleTask({ pieceBytes: 64, fileLengths: [100] });
    const [path = ''] = await writeSources(task);
    await fs.symlink(path, join(folder, 'link'));
    const store = await openSources([join(folder, 'link')], 64);
    expect(store.layout.files[0]?.name).toBe('link');
    expect(await store.hash(SHA1)).toEqual(task.digests);
  });

  it('handles 300 sources within its limit of descriptors', async () => {
    const fileLengths = Array.from({ length: 300 }, (_, file) => 1 + (file % 40));
    const task = sampleTask({ pieceBytes: 1000, fileLengths });
    const store = await sourcesOf(task);
    expect(await openDescriptorsBelow(folder)).toBe(0);
    expect(await store.hash(SHA1)).toEqual(task.digests);
    expect(await openDescriptorsBelow(folder)).toBeLessThanOrEqual(MAX_OPEN_FILES);
    await store.close();
    expect(await openDescriptorsBelow(folder)).toBe(0);
  });
});

describe('SourcePieceStore, asked for what is no source', () => {
  it('B38: refuses a FIFO at once, though nobody writes to it', async () => {
    const path = join(folder, 'fifo');
    execFileSync('mkfifo', [path]);
    await expect(SourcePieceStore.open([path], 64)).rejects.toMatchObject({
      code: 'SOURCE_NOT_REGULAR',
      message: expect.stringContaining(path) as string,
    });
  });

  it.each(['/dev/zero', '/dev/null', '/proc/self', '/'])('B38: refuses %s', async (path) => {
    await expect(SourcePieceStore.open([path], 64)).rejects.toMatchObject({
      code: 'SOURCE_NOT_REGULAR',
    });
  });

  it('B38: refuses a socket', async () => {
    const path = join(folder, 'socket');
    const server = net.createServer();
    onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
    await new Promise<void>((resolve) => server.listen(path, resolve));
    await expect(SourcePieceStore.open([path], 64)).rejects.toMatchObject({
      code: 'SOURCE_NOT_REGULAR',
    });
  });

  it.each([
    ['a missing file', 'missing', 'SOURCE_NOT_FOUND'],
    ['a file below a file', 'file/below', 'SOURCE_NOT_FOUND'],
    ['a dangling link', 'dangling', 'SOURCE_NOT_FOUND'],
    ['a link to itself', 'loop', 'SOURCE_UNREADABLE'],
    ['a name that is too long', 'n'.repeat(256), 'SOURCE_UNREADABLE'],
  ])('refuses %s and names it', async (_what, name, code) => {
    await fs.writeFile(join(folder, 'file'), '');
    await fs.symlink('nothing', join(folder, 'dangling'));
    await fs.symlink('loop', join(folder, 'loop'));
    const opening = SourcePieceStore.open([join(folder, 'file'), join(folder, name)], 64);
    await expect(opening).rejects.toMatchObject({ code });
    await expect(opening).rejects.toThrow(join(folder, name));
    expect(await openDescriptorsBelow(folder)).toBe(0);
  });
});

describe('SourcePieceStore, whose sources change', () => {
  const TASK = sampleTask({ pieceBytes: 100, fileLengths: [250, 250] });
  const changes: [string, (path: string) => Promise<unknown>][] = [
    ['grown', (path) => fs.appendFile(path, 'more')],
    ['truncated', (path) => fs.truncate(path, 200)],
    ['emptied', (path) => fs.truncate(path, 0)],
    ['edited in place', (path) => fs.writeFile(path, Buffer.alloc(250), { flag: 'r+' })],
    ['deleted', (path) => fs.rm(path)],
    ['replaced by a copy', replaceByCopy],
    ['replaced by a directory', (path) => fs.rm(path).then(() => fs.mkdir(path))],
  ];

  async function piecesReadable(store: SourcePieceStore): Promise<PromiseSettledResult<void>[]> {
    const pieces = [0, 1, 2, 3, 4];
    return Promise.allSettled(pieces.map((piece) => store.read(piece, Buffer.alloc(100))));
  }

  it.each(changes)('B02: fails when a source is %s before it is hashed', async (_what, change) => {
    const paths = await writeSources(TASK);
    const store = await openSources(paths, 100);
    await change(paths[1] ?? '');
    const after = await fingerprint(folder);
    await expect(store.hash(SHA1)).rejects.toMatchObject({
      code: 'SOURCE_CHANGED',
      message: expect.stringContaining(paths[1] ?? '') as string,
    });
    expect(await fingerprint(folder)).toEqual(after);
  });

  it.each(changes)('B02: fails when a source is %s while it is served', async (_what, change) => {
    const paths = await writeSources(TASK);
    const store = await openSources(paths, 100);
    await store.hash(SHA1);
    await change(paths[1] ?? '');
    const after = await fingerprint(folder);
    const results = await piecesReadable(store);
    // Pieces 0 and 1 lie in the first file alone.
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
      'rejected',
    ]);
    for (const result of results.slice(2)) {
      expect(result).toMatchObject({ reason: { code: 'SOURCE_CHANGED' } });
    }
    expect(await fingerprint(folder)).toEqual(after);
  });

  it('B02: changes nothing about its sources: not content, size, inode or time', async () => {
    const paths = await writeSources(TASK);
    const before = await fingerprint(folder);
    const store = await openSources(paths, 100);
    await store.hash(SHA1);
    await piecesReadable(store);
    await expect(store.write()).rejects.toThrow('read only');
    await store.close();
    expect(await fingerprint(folder)).toEqual(before);
  });

  it('goes on when a source only got another name beside its own', async () => {
    const paths = await writeSources(TASK);
    const store = await openSources(paths, 100);
    await fs.link(paths[0] ?? '', join(folder, 'second-name'));
    expect(await store.hash(SHA1)).toEqual(TASK.digests);
  });
});

/** Same bytes, same size, same time: another inode. */
async function replaceByCopy(path: string): Promise<void> {
  const { mtime } = await fs.stat(path);
  await fs.copyFile(path, `${path}.new`);
  await fs.utimes(`${path}.new`, mtime, mtime);
  await fs.rename(`${path}.new`, path);
}
