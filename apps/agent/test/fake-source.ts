/** A server's data port that serves tasks from real files, as far as it holds their pieces. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { DataPlane, V1Handshake, type SessionDriver } from '@gofd/p2p-driver';
import { Bitfield, TaskGeometry, V1_BLOCK_BYTES } from '@gofd/p2p-protocol';
import { SourcePieceStore } from '@gofd/piece-store';
import { parseAddress } from '@gofd/task-model';
import { PIECE_BYTES, type SampleFile } from './a-create-call.ts';

const CACHE_BYTES = 8 * 1024 * 1024;
export const CREDENTIALS = { username: 'gofd', password: 'gofd' };

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

  async serve(files: readonly SampleFile[], options: ServeOptions = {}): Promise<void> {
    const { taskId = 't1', pieceBytes = PIECE_BYTES } = options;
    const store = await storeOf(files, pieceBytes);
    const { totalBytes, pieceCount } = store.layout;
    const stored = Bitfield.empty(pieceCount);
    const held = options.pieces ?? Array.from({ length: pieceCount }, (_, piece) => piece);
    for (const piece of held) stored.add(piece);
    this.#session = this.#plane.open({
      taskId,
      geometry: new TaskGeometry({ totalBytes, pieceBytes, blockBytes: V1_BLOCK_BYTES }),
      stored,
      store,
      observer: {
        progressed: () => undefined,
        finished: () => undefined,
        failed: () => undefined,
        peerClosed: () => undefined,
      },
    });
  }
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
