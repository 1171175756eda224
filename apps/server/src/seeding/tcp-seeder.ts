/** Serves prepared sources to agents on the data port: a session that has every piece from the start. */
import type { DataPlane, OpenSessionOptions } from '@gofd/p2p-driver';
import { Bitfield, TaskGeometry, V1_BLOCK_BYTES, V2_BLOCK_BYTES } from '@gofd/p2p-protocol';
import { MemoryPieceStore, PieceHashes } from '@gofd/piece-store';
import { MAX_INLINE_MANIFEST_BYTES, type Failure } from '@gofd/task-model';
import type { FileSource } from './file-source-catalog.ts';
import { Seeder, type SeedHandle, type SeedOptions } from './seeder.port.ts';

export interface SeedLog {
  info(message: string, fields?: Record<string, unknown>): void;
}

export class TcpSeeder extends Seeder {
  readonly #dataPlane: DataPlane;
  readonly #log: SeedLog;
  /** Limits of the tasks that are served, bytes a second. */
  readonly #rates = new Map<string, number>();

  constructor(
    readonly dataPort: number,
    dataPlane: DataPlane,
    log: SeedLog,
  ) {
    super();
    this.#dataPlane = dataPlane;
    this.#log = log;
  }

  /** As on the agents: the process sends as fast as the fastest of its tasks may. */
  #setRate(taskId: string, bytesPerSecond: number | undefined): void {
    if (bytesPerSecond === undefined) this.#rates.delete(taskId);
    else this.#rates.set(taskId, bytesPerSecond);
    if (this.#rates.size > 0) this.#dataPlane.setUploadLimit(Math.max(...this.#rates.values()));
  }

  seed(
    taskId: string,
    source: FileSource,
    options: SeedOptions,
    onFailed: (failure: Failure) => void,
  ): SeedHandle {
    const { totalBytes, pieceBytes } = source.store.layout;
    const isV1 = source.content.wire === 1;
    const blockBytes = isV1 ? V1_BLOCK_BYTES : Math.min(pieceBytes, V2_BLOCK_BYTES);
    const geometry = new TaskGeometry({ totalBytes, pieceBytes, blockBytes });
    const common = {
      taskId,
      security: isV1 ? ({ version: 1 } as const) : ({ version: 2, key: options.key } as const),
      observer: {
        progressed: () => undefined,
        finished: () => undefined,
        failed: (code: string, message: string) => onFailed({ code, message }),
        peerClosed: (peer: string, code: string) =>
          this.#log.info('peer closed', { task: taskId, peer, code }),
      },
    };
    if (source.content.wire === 2) {
      const scatters = options.scattersManifest;
      this.#serveManifest({ ...common, scatters }, source.content.manifest);
    }
    const driver = this.#dataPlane.open({
      ...common,
      scatters: options.scatters,
      geometry,
      stored: Bitfield.full(geometry.pieceCount),
      store: source.store,
      taskRates: { taskUpload: options.bytesPerSecond },
    });
    this.#setRate(taskId, options.bytesPerSecond);
    return {
      get sentBytes() {
        return driver.sentBytes;
      },
      setRate: (bytesPerSecond) => {
        driver.setTaskRates(bytesPerSecond, Infinity);
        this.#setRate(taskId, bytesPerSecond);
      },
      close: () => {
        this.#setRate(taskId, undefined);
        this.#dataPlane.close(taskId);
        return Promise.resolve();
      },
    };
  }

  /** A manifest that is too long for the create call is content as well: one piece, in memory. */
  #serveManifest(
    common: Pick<OpenSessionOptions, 'taskId' | 'security' | 'scatters' | 'observer'>,
    { bytes, digest }: { bytes: Uint8Array; digest: Uint8Array },
  ): void {
    if (bytes.length <= MAX_INLINE_MANIFEST_BYTES) return;
    const size = bytes.length;
    const blockBytes = Math.min(size, V2_BLOCK_BYTES);
    const hashes = new PieceHashes(Buffer.from(digest), 'blake3');
    this.#dataPlane.open({
      ...common,
      stream: 'manifest',
      geometry: new TaskGeometry({ totalBytes: size, pieceBytes: size, blockBytes }),
      stored: Bitfield.full(1),
      store: new MemoryPieceStore(hashes, new Map([[0, Buffer.from(bytes)]])),
    });
  }
}
