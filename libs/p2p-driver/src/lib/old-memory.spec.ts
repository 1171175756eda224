/**
 * Buffers are taken as they come, with what others left in them, and used again. None of that may reach a
 * peer or a disk. Here all of it is poison, so that it would be seen.
 */
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { Bitfield, V1_BLOCK_BYTES } from '@gofd/p2p-protocol';
import { sampleTask, type SampleTask } from '@gofd/piece-store/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fileStoreOf, sourceStoreOf } from '../../test/disk-stores.ts';
import { fetchTask, finished, goodHeader, serveTask, startNode } from '../../test/nodes.ts';
import { bitfield, RawPeer, request } from '../../test/raw-peer.ts';
import { waitUntil } from '../../test/waiting.ts';

/** More of the same byte in a row than any sample has. */
const POISON = Buffer.alloc(8, 0xa5);
const PIECE_BYTES = 64 * 1024;

/** Two files and a last piece that is no multiple of anything. */
function oddTask(): SampleTask {
  return sampleTask({ pieceBytes: PIECE_BYTES, fileLengths: [PIECE_BYTES + 4_097, 70_001] });
}

beforeEach(() => {
  const poisoned = (byteCount: number): Buffer<ArrayBuffer> => Buffer.alloc(byteCount, 0xa5);
  const spies = [
    vi.spyOn(Buffer, 'allocUnsafeSlow').mockImplementation(poisoned),
    vi.spyOn(Buffer, 'allocUnsafe').mockImplementation(poisoned),
  ];
  return () => {
    for (const spy of spies) spy.mockRestore();
  };
});

/** Asks for every block of every piece. @returns all data that came, in order */
async function askForAll(peer: RawPeer, { layout }: SampleTask): Promise<Buffer> {
  const data: Buffer[] = [];
  for (let piece = 0; piece < layout.pieceCount; piece++) {
    const length = layout.pieceLength(piece);
    for (let begin = 0; begin < length; begin += V1_BLOCK_BYTES) {
      peer.send(request(piece, begin, Math.min(V1_BLOCK_BYTES, length - begin)));
      data.push((await peer.takeFrame()).payload.subarray(8));
    }
  }
  return Buffer.concat(data);
}

describe('old memory', () => {
  it('is poison in these tests', () => {
    expect(Buffer.allocUnsafeSlow(100).includes(POISON)).toBe(true);
    expect(oddTask().bytes.includes(POISON)).toBe(false);
  });

  it('does not reach a peer that asks for all there is, short last blocks included', async () => {
    const task = oddTask();
    const server = await startNode();
    const { store } = await sourceStoreOf(task);
    await serveTask(server, task, { store });
    const peer = await RawPeer.join(server.port, goodHeader());
    await peer.takeFrame(); // its bitfield
    peer.send(bitfield(Bitfield.empty(task.layout.pieceCount).toBytes()));
    expect(await askForAll(peer, task)).toEqual(task.bytes);
  });

  it('does not fill in for what a source has lost', async () => {
    const task = oddTask();
    const server = await startNode();
    const { store, paths } = await sourceStoreOf(task);
    const serving = await serveTask(server, task, { store });
    await fs.truncate(paths[0] ?? '', 1_000);
    const peer = await RawPeer.join(server.port, goodHeader());
    await peer.takeFrame();
    peer.send(bitfield(Bitfield.empty(task.layout.pieceCount).toBytes()));
    const sent: Buffer[] = [];
    peer.socket.on('data', (chunk) => sent.push(chunk));
    peer.send(request(0, 0, V1_BLOCK_BYTES));
    await peer.closed();
    expect(serving.failure).toBe('SOURCE_CHANGED');
    expect(Buffer.concat(sent).includes(POISON)).toBe(false);
  });

  it('does not reach the disk, neither in files that are done nor in half of one', async () => {
    const task = oddTask();
    const [server, agent] = [await startNode(), await startNode()];
    await serveTask(server, task);
    const { store, downdir } = await fileStoreOf(task);
    const half: Buffer[] = [];
    const running = fetchTask(agent, task, [server.address], {
      store,
      progressed: () => void partFiles(downdir).then((parts) => half.push(...parts)),
    });
    await finished(running);
    await waitUntil('parts were looked at', () => half.length > 0);
    await store.place();
    for (const [file, { name }] of task.layout.files.entries()) {
      expect(await fs.readFile(join(downdir, name))).toEqual(task.contents[file]);
    }
    expect(half.some((bytes) => bytes.includes(POISON))).toBe(false);
  });
});

/** What is under way in a download directory. */
async function partFiles(downdir: string): Promise<Buffer[]> {
  const entries = await fs.readdir(downdir, { recursive: true, withFileTypes: true });
  const parts = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.part'));
  return Promise.all(parts.map(({ parentPath, name }) => fs.readFile(join(parentPath, name))));
}
