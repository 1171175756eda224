/** Real files, real data ports on 127.0.0.1 and sessions that fetch; all of it ends with the test. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataPlane, V1Handshake, type Clock, type OpenSessionOptions } from '@gofd/p2p-driver';
import {
  Bitfield,
  TaskGeometry,
  V1_BLOCK_BYTES,
  V2_BLOCK_BYTES,
  type SourcePlan,
} from '@gofd/p2p-protocol';
import { MemoryPieceStore, type PieceHashes } from '@gofd/piece-store';
import { parseAddress } from '@gofd/task-model';
import { onTestFinished } from 'vitest';
import { FileSourceCatalog, type FileSource } from '../src/seeding/file-source-catalog.ts';
import { waitUntil } from './wait-until.ts';

const CACHE_BYTES = 8 * 1024 * 1024;

export interface SourceFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** Files of so many random bytes in a folder of their own. */
export function someFiles(...lengths: number[]): SourceFile[] {
  const folder = mkdtempSync(join(tmpdir(), 'gofd-sources-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return lengths.map((length, index) => {
    const file = { path: join(folder, `file-${index}`), bytes: randomBytes(length) };
    writeFileSync(file.path, file.bytes);
    return file;
  });
}

/** Hashed as for two hosts whose links nobody knows, closed when the test is over. */
export async function prepared(files: readonly SourceFile[], wire: 1 | 2 = 2): Promise<FileSource> {
  const source = await new FileSourceCatalog().prepare(
    files.map(({ path }) => path),
    { wire, memberCount: 2, bytesPerSecond: Infinity, signal: new AbortController().signal },
  );
  onTestFinished(() => source.close());
  return source;
}

export interface DataNode {
  readonly plane: DataPlane;
  readonly port: number;
  readonly address: string;
  /** Why dialling peers were turned away, in order. */
  readonly refusals: string[];
}

export async function aDataNode(clock?: Clock): Promise<DataNode> {
  const handshake = new V1Handshake({ username: 'gofd', password: 'gofd' });
  const refusals: string[] = [];
  const plane = new DataPlane({
    cacheBytes: CACHE_BYTES,
    uploadBytesPerSecond: Infinity,
    authenticate: (header) => handshake.authenticate(header),
    headerFor: (taskId) => handshake.headerFor(taskId),
    parseAddress,
    refused: (_address, code) => refusals.push(code),
    ...(clock && { clock }),
  });
  const port = await plane.listen('127.0.0.1', 0);
  onTestFinished(() => plane.shutDown());
  return { plane, port, address: `127.0.0.1:${port}`, refusals };
}

/** What a session is to fetch: pieces that a manifest names, or the manifest as one piece. */
export interface Wanted {
  readonly totalBytes: number;
  readonly pieceBytes: number;
  readonly hashes: PieceHashes;
}

/** Fetches on a node of its own; `bytes` resolves once every piece is there. */
export async function fetchPieces(
  wanted: Wanted,
  plan: SourcePlan,
  identity: Required<Pick<OpenSessionOptions, 'taskId' | 'security'>> &
    Pick<OpenSessionOptions, 'stream'>,
) {
  const { plane } = await aDataNode();
  const { totalBytes, pieceBytes, hashes } = wanted;
  const store = new MemoryPieceStore(hashes);
  const longest = identity.security.version === 1 ? V1_BLOCK_BYTES : V2_BLOCK_BYTES;
  const blockBytes = Math.min(pieceBytes, longest);
  const geometry = new TaskGeometry({ totalBytes, pieceBytes, blockBytes });
  let isFinished = false;
  const driver = plane.open({
    ...identity,
    geometry,
    stored: Bitfield.empty(geometry.pieceCount),
    store,
    observer: {
      progressed: () => undefined,
      finished: () => void (isFinished = true),
      failed: () => undefined,
      peerClosed: () => undefined,
    },
  });
  driver.setSources(plan);
  const bytes = async (): Promise<Buffer> => {
    await waitUntil('all pieces', () => isFinished);
    const pieces = Array.from({ length: geometry.pieceCount }, (_, piece) => store.get(piece));
    return Buffer.concat(pieces.map((piece) => piece ?? Buffer.alloc(0)));
  };
  return { driver, bytes };
}
