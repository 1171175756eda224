/** A server's data port that serves tasks from real files, as far as it holds their pieces. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  DataPlane,
  V1Handshake,
  type OpenSessionOptions,
  type SessionDriver,
} from '@gofd/p2p-driver';
import { Bitfield, TaskGeometry, V1_BLOCK_BYTES, V2_BLOCK_BYTES } from '@gofd/p2p-protocol';
import { digestPiece, MemoryPieceStore, PieceHashes, SourcePieceStore } from '@gofd/piece-store';
import { parseAddress } from '@gofd/task-model';
import { PIECE_BYTES, type SampleFile } from './a-create-call.ts';
import { TASK_KEY } from './a-v2-create-call.ts';

const CACHE_BYTES = 8 * 1024 * 1024;
export const CREDENTIALS = { username: 'gofd', password: 'gofd' };
const UNWATCHED: OpenSessionOptions['observer'] = {
  progressed: () => undefined,
  finished: () => undefined,
  failed: () => undefined,
  peerClosed: () => undefined,
};

export interface ServeOptions {
  /** @default t1 */
  readonly taskId?: string;
  /** Pieces that it holds. @default all */
  readonly pieces?: readonly number[];
  /** @default PIECE_BYTES */
  readonly pieceBytes?: number;
}

export class FakeSource {
  readonly #plane: DataPlane;
  #address = '';
  #session: SessionDriver | undefined;
  #manifestSession: SessionDriver | undefined;
  /** Why callers were turned away. */
  readonly refusals: string[];

  private constructor(plane: DataPlane, refusals: string[]) {
    this.#plane = plane;
    this.refusals = refusals;
  }

  /** Started for one test and stopped when it is over. */
  static async start(): Promise<FakeSource> {
    const handshake = new V1Handshake(CREDENTIALS);
    const refusals: string[] = [];
    const plane = new DataPlane({
      cacheBytes: CACHE_BYTES,
      uploadBytesPerSecond: Infinity,
      authenticate: (header) => handshake.authenticate(header),
      headerFor: (taskId) => handshake.headerFor(taskId),
      parseAddress,
      refused: (_address, code) => refusals.push(code),
    });
    const source = new FakeSource(plane, refusals);
    source.#address = `127.0.0.1:${await plane.listen('127.0.0.1', 0)}`;
    onTestFinished(() => plane.shutDown());
    return source;
  }

  /** Its data address, as chains name it. */
  get address(): string {
    return this.#address;
  }

  /** Bytes of blocks that it has sent of the task it serves now. */
  get sentBytes(): number {
    return this.#session?.sentBytes ?? 0;
  }

  /** The same of the manifest. */
  get manifestSentBytes(): number {
    return this.#manifestSession?.sentBytes ?? 0;
  }

  /** Serves content of wire v1. */
  async serve(files: readonly SampleFile[], options: ServeOptions = {}): Promise<void> {
    const content = await contentOf(files, V1_BLOCK_BYTES, options);
    this.#session = this.#plane.open({ ...content, observer: UNWATCHED });
  }

  /** Serves content of wire v2, as the server of a mesh does if it holds every piece; no manifest. */
  async serveV2(files: readonly SampleFile[], options: ServeOptions = {}): Promise<void> {
    const content = await contentOf(files, V2_BLOCK_BYTES, options);
    this.#session = this.#plane.open({
      ...content,
      security: { version: 2, key: TASK_KEY },
      scatters: content.stored.isFull(),
      observer: UNWATCHED,
    });
  }

  /** Serves these bytes as the manifest of a task, whether or not they are it. */
  serveManifest(manifest: Buffer, taskId = 't1'): void {
    const { length } = manifest;
    const blockBytes = Math.min(length, V2_BLOCK_BYTES);
    const hashes = new PieceHashes(digestPiece(manifest, 'blake3'), 'blake3');
    this.#manifestSession = this.#plane.open({
      taskId,
      stream: 'manifest',
      security: { version: 2, key: TASK_KEY },
      geometry: new TaskGeometry({ totalBytes: length, pieceBytes: length, blockBytes }),
      stored: Bitfield.full(1),
      store: new MemoryPieceStore(hashes, new Map([[0, manifest]])),
      observer: UNWATCHED,
    });
  }

  /** Serves nothing of a task any more. */
  forget(taskId = 't1'): void {
    this.#plane.close(taskId);
    this.#session = undefined;
    this.#manifestSession = undefined;
  }
}

/** Everything to open a session with, but for the wire version. */
async function contentOf(
  files: readonly SampleFile[],
  longestBlockBytes: number,
  { taskId = 't1', pieceBytes = PIECE_BYTES, pieces }: ServeOptions,
) {
  const store = await storeOf(files, pieceBytes);
  const { totalBytes, pieceCount } = store.layout;
  const stored = Bitfield.empty(pieceCount);
  for (let piece = 0; piece < pieceCount; piece++) {
    if (!pieces || pieces.includes(piece)) stored.add(piece);
  }
  const blockBytes = Math.min(pieceBytes, longestBlockBytes);
  return {
    taskId,
    geometry: new TaskGeometry({ totalBytes, pieceBytes, blockBytes }),
    stored,
    store,
  };
}

async function storeOf(
  files: readonly SampleFile[],
  pieceBytes: number,
): Promise<SourcePieceStore> {
  const folder = mkdtempSync(join(tmpdir(), 'gofd-source-'));
  for (const { name, bytes } of files) writeFileSync(join(folder, name), bytes);
  const paths = files.map(({ name }) => join(folder, name));
  const store = await SourcePieceStore.open(paths, pieceBytes);
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  return store;
}
