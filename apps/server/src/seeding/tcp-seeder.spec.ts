import { appendFileSync } from 'node:fs';
import { createTaskKey } from '@gofd/auth-crypto';
import { Bitfield, parseManifest, type Manifest } from '@gofd/p2p-protocol';
import { PieceHashes } from '@gofd/piece-store';
import { MAX_INLINE_MANIFEST_BYTES, type Failure } from '@gofd/task-model';
import { describe, expect, it } from 'vitest';
import { aManifest } from '../../test/fake-seeding.ts';
import { ManualClock } from '../../test/manual-clock.ts';
import { RawAgent } from '../../test/raw-agent.ts';
import {
  aDataNode,
  fetchPieces,
  prepared,
  someFiles,
  type SourceFile,
  type Wanted,
} from '../../test/seeding-parts.ts';
import { waitUntil } from '../../test/wait-until.ts';
import type { FileSource } from './file-source-catalog.ts';
import type { SeedOptions } from './seeder.port.ts';
import { TcpSeeder } from './tcp-seeder.ts';

const KEY = createTaskKey();
const OF_TASK = { taskId: 't1', security: { version: 2, key: KEY } } as const;
const PIECE_BYTES = 64 * 1024;
/** More than one agent is shown at once. */
const PIECE_COUNT = 30;
/** Ids of messages on the wire. */
const HAVE = 0;
const BITFIELD = 1;
const PIECE = 3;
const PIECE_INDEX_AND_BEGIN_BYTES = 8;

interface Shape {
  readonly options?: Partial<SeedOptions>;
  /** Instead of the real one. */
  readonly manifestBytes?: number;
  readonly clock?: ManualClock;
  readonly wire?: 1 | 2;
}

/** A task of PIECE_COUNT pieces, the last one short, over two files, served on a port of its own. */
async function aServedTask({ options, manifestBytes, clock, wire = 2 }: Shape = {}) {
  const files = someFiles(2.5 * PIECE_BYTES, (PIECE_COUNT - 3) * PIECE_BYTES);
  const real = await prepared(files, wire);
  const source =
    manifestBytes === undefined
      ? real
      : { ...real, content: { wire: 2 as const, manifest: aManifest(manifestBytes) } };
  const node = await aDataNode(clock);
  const failures: Failure[] = [];
  const seeding = { ...DIRECT, ...options };
  const seeder = new TcpSeeder(node.port, node.plane, { info: () => undefined });
  const handle = seeder.seed('t1', source, seeding, (failure) => failures.push(failure));
  return { files, source, node, handle, failures };
}

const DIRECT: SeedOptions = {
  key: KEY,
  scatters: false,
  scattersManifest: false,
  bytesPerSecond: Infinity,
};

function manifestOf({ content }: FileSource): { bytes: Uint8Array; digest: Uint8Array } {
  if (content.wire === 1) throw new Error('a v1 task has no manifest');
  return content.manifest;
}

function contentOf(source: FileSource): Wanted {
  const { pieceBytes, digests, algorithm } = parseManifest(manifestOf(source).bytes) as Manifest;
  const hashes = new PieceHashes(digests, algorithm);
  return { totalBytes: source.totalBytes, pieceBytes, hashes };
}

function joined(files: readonly SourceFile[]): Buffer {
  return Buffer.concat(files.map(({ bytes }) => bytes));
}

function emptyBitfield(): { type: 'bitfield'; bytes: Uint8Array } {
  return { type: 'bitfield', bytes: Bitfield.empty(PIECE_COUNT).toBytes() };
}

describe('the content of a v2 task', () => {
  it('reaches an agent that has the key, byte for byte, and is counted', async () => {
    const { files, source, node, handle } = await aServedTask();
    const fetched = await fetchPieces(
      contentOf(source),
      { sources: [node.address], degree: 1 },
      OF_TASK,
    );
    expect((await fetched.bytes()).equals(joined(files))).toBe(true);
    expect(handle.sentBytes).toBe(source.totalBytes);
  });

  it('is shown whole where it is not scattered', async () => {
    const { node } = await aServedTask();
    const agent = await RawAgent.join({ ...OF_TASK, key: KEY, port: node.port });
    const { id, payload } = await agent.takeFrame();
    const full = Bitfield.full(PIECE_COUNT).toBytes();
    expect([id, payload]).toEqual([BITFIELD, Buffer.from(full)]);
  });

  it('is shown piece by piece where it is scattered, after an empty bitfield', async () => {
    const { files, node } = await aServedTask({ options: { scatters: true } });
    const agent = await RawAgent.join({ ...OF_TASK, key: KEY, port: node.port });
    const empty = Buffer.from(emptyBitfield().bytes);
    expect(await agent.takeFrame()).toEqual({ id: BITFIELD, payload: empty });
    agent.send(emptyBitfield());
    const { id, payload } = await agent.takeFrame();
    expect([id, payload.length]).toEqual([HAVE, 4]);
    const piece = payload.readUInt32BE();
    expect(piece).toBeLessThan(PIECE_COUNT);
    agent.send({ type: 'request', piece, begin: 0, length: 100 });
    let frame = await agent.takeFrame();
    while (frame.id === HAVE) frame = await agent.takeFrame(); // further pieces that are shown
    expect(frame.id).toBe(PIECE);
    const start = piece * PIECE_BYTES;
    const data = frame.payload.subarray(PIECE_INDEX_AND_BEGIN_BYTES);
    expect(data.equals(joined(files).subarray(start, start + 100))).toBe(true);
  });

  it('is shown in other pieces to another agent', async () => {
    const clock = new ManualClock(); // nobody is late
    const { node } = await aServedTask({ options: { scatters: true }, clock });
    const firstShown = async (): Promise<number> => {
      const agent = await RawAgent.join({ ...OF_TASK, key: KEY, port: node.port });
      await agent.takeFrame();
      agent.send(emptyBitfield());
      return (await agent.takeFrame()).payload.readUInt32BE();
    };
    const one = await firstShown();
    expect(await firstShown()).not.toBe(one);
  });

  it('reaches an agent whole that is alone with a server that scatters', async () => {
    const { files, source, node } = await aServedTask({ options: { scatters: true } });
    const plan = { sources: [], degree: 0, origin: node.address };
    const fetched = await fetchPieces(contentOf(source), plan, OF_TASK);
    expect((await fetched.bytes()).equals(joined(files))).toBe(true);
  });

  it('that changes on the disk fails the task', async () => {
    const { files, source, node, failures } = await aServedTask();
    appendFileSync(files[0]?.path ?? '', 'more');
    await fetchPieces(contentOf(source), { sources: [node.address], degree: 1 }, OF_TASK);
    await waitUntil('the failure', () => failures.length > 0);
    expect(failures[0]?.code).toBe('SOURCE_CHANGED');
    expect(failures[0]?.message).toContain(files[0]?.path);
  });
});

describe('the manifest of a v2 task', () => {
  const OF_MANIFEST = { ...OF_TASK, stream: 'manifest' } as const;

  it('that is too long for the create call is served as a stream of its own', async () => {
    const { source, node } = await aServedTask({ manifestBytes: MAX_INLINE_MANIFEST_BYTES + 1 });
    const { bytes, digest } = manifestOf(source);
    const hashes = new PieceHashes(digest, 'blake3');
    const wanted = { totalBytes: bytes.length, pieceBytes: bytes.length, hashes };
    const fetched = await fetchPieces(wanted, { sources: [node.address], degree: 1 }, OF_MANIFEST);
    expect((await fetched.bytes()).equals(bytes)).toBe(true);
  });

  it('that the create call holds is not served at all', async () => {
    const { node } = await aServedTask({ manifestBytes: MAX_INLINE_MANIFEST_BYTES });
    const joining = RawAgent.join({ ...OF_MANIFEST, key: KEY, port: node.port });
    await expect(joining).rejects.toThrow('closed too early');
    expect(node.refusals).toEqual(['P2P_TASK_UNKNOWN']);
  });

  it.each([
    { scatters: true, scattersManifest: true, shown: 0x00 },
    { scatters: true, scattersManifest: false, shown: 0x80 },
    { scatters: false, scattersManifest: true, shown: 0x00 },
  ])(
    'is scattered only if it shall be: content $scatters, manifest $scattersManifest',
    async ({ shown, ...options }) => {
      const manifestBytes = MAX_INLINE_MANIFEST_BYTES + 1;
      const { node } = await aServedTask({ options, manifestBytes });
      const agent = await RawAgent.join({ ...OF_MANIFEST, key: KEY, port: node.port });
      expect(await agent.takeFrame()).toEqual({ id: BITFIELD, payload: Buffer.of(shown) });
    },
  );
});

describe('a peer', () => {
  it.each(['content', 'manifest'] as const)('with another key gets no %s', async (stream) => {
    const manifestBytes = MAX_INLINE_MANIFEST_BYTES + 1;
    const { node, handle } = await aServedTask({ manifestBytes });
    const stranger = await RawAgent.join({
      ...OF_TASK,
      stream,
      key: createTaskKey(),
      port: node.port,
    });
    expect(await stranger.closed()).toHaveLength(0);
    expect(node.refusals).toEqual(['P2P_AUTH_FAILED']);
    expect(handle.sentBytes).toBe(0);
  });

  it("with the fleet's password gets nothing of a v2 task", async () => {
    const { source, node, handle } = await aServedTask();
    const byPassword = { taskId: 't1', security: { version: 1 } } as const;
    await fetchPieces(contentOf(source), { sources: [node.address], degree: 1 }, byPassword);
    await waitUntil('it to be turned away', () => node.refusals.length > 0);
    expect(node.refusals[0]).toBe('P2P_VERSION_MISMATCH');
    expect(handle.sentBytes).toBe(0);
  });

  it('with the password, and no key, gets a v1 task', async () => {
    const { files, source, node } = await aServedTask({ wire: 1 });
    const { content, totalBytes } = source;
    if (content.wire !== 1) throw new Error('a v1 task has meta info');
    const { PieceLen: pieceBytes, pieces } = content.metaInfo;
    const hashes = new PieceHashes(Buffer.from(pieces, 'base64'), 'sha1');
    const byPassword = { taskId: 't1', security: { version: 1 } } as const;
    const plan = { sources: [node.address], degree: 1 };
    const fetched = await fetchPieces({ totalBytes, pieceBytes, hashes }, plan, byPassword);
    expect((await fetched.bytes()).equals(joined(files))).toBe(true);
  });
});

describe('the upload limit of a task', () => {
  /** At first a piece takes this long, and a block that is booked is not sent sooner. */
  const PIECE_MS = 10_000;

  it('holds from the start, and changes with setRate', async () => {
    const clock = new ManualClock();
    const options = { bytesPerSecond: (PIECE_BYTES * 1_000) / PIECE_MS };
    const { files, source, node, handle } = await aServedTask({ clock, options });
    const plan = { sources: [node.address], degree: 1 };
    const { driver, bytes } = await fetchPieces(contentOf(source), plan, OF_TASK);
    await waitUntil('the first piece', () => driver.storedBytes === PIECE_BYTES);
    expect(handle.sentBytes).toBe(PIECE_BYTES);
    clock.advance(PIECE_MS);
    await waitUntil('the second piece', () => driver.storedBytes === 2 * PIECE_BYTES);
    expect(handle.sentBytes).toBe(2 * PIECE_BYTES);

    handle.setRate(1_000 * PIECE_BYTES);
    const changedAtMs = clock.nowMs();
    clock.advance(PIECE_MS);
    await waitUntil('the other pieces', () => {
      clock.advance(10);
      return driver.storedBytes === source.totalBytes;
    });
    const unchangedMs = (PIECE_COUNT - 2) * PIECE_MS;
    expect(clock.nowMs() - changedAtMs).toBeLessThan(unchangedMs / 2);
    expect((await bytes()).equals(joined(files))).toBe(true);
  });
});

describe('the upload limit of the process', () => {
  it('is that of the fastest task that is served', async () => {
    const source = await prepared(someFiles(PIECE_BYTES), 2);
    const node = await aDataNode();
    const limits: number[] = [];
    node.plane.setUploadLimit = (bytesPerSecond) => void limits.push(bytesPerSecond);
    const seeder = new TcpSeeder(node.port, node.plane, { info: () => undefined });
    const serve = (id: string, bytesPerSecond: number) =>
      seeder.seed(id, source, { ...DIRECT, bytesPerSecond }, () => undefined);
    serve('slow', 5);
    const fast = serve('fast', 9);
    fast.setRate(20);
    fast.setRate(3);
    fast.setRate(8);
    await fast.close();
    expect(limits).toEqual([5, 9, 20, 5, 8, 5]);
  });
});

describe('close', () => {
  it('ends the connections of content and manifest, and lets nobody in again', async () => {
    const manifestBytes = MAX_INLINE_MANIFEST_BYTES + 1;
    const { node, handle } = await aServedTask({ manifestBytes });
    const join = (stream: 'content' | 'manifest') =>
      RawAgent.join({ ...OF_TASK, stream, key: KEY, port: node.port });
    const agents = [await join('content'), await join('manifest')];
    for (const agent of agents) await agent.takeFrame();
    await handle.close();
    for (const agent of agents) await agent.closed();
    await expect(join('content')).rejects.toThrow('closed too early');
    await expect(join('manifest')).rejects.toThrow('closed too early');
    expect(node.refusals).toEqual(['P2P_TASK_UNKNOWN', 'P2P_TASK_UNKNOWN']);
  });
});
