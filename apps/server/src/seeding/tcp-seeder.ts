/** Serves prepared sources to agents on the data port: a session that has every piece from the start. */
import { Bitfield, TaskGeometry, V1_BLOCK_BYTES } from '@gofd/p2p-protocol';
import type { DataPlane } from '@gofd/p2p-driver';
import type { Failure } from '@gofd/task-model';
import type { FileSource } from './file-source-catalog.ts';
import { Seeder, type SeedHandle } from './seeder.port.ts';

export interface SeedLog {
  info(message: string, fields?: Record<string, unknown>): void;
}

export class TcpSeeder extends Seeder {
  readonly #dataPlane: DataPlane;
  readonly #log: SeedLog;

  constructor(
    readonly dataPort: number,
    dataPlane: DataPlane,
    log: SeedLog,
  ) {
    super();
    this.#dataPlane = dataPlane;
    this.#log = log;
  }

  seed(taskId: string, source: FileSource, onFailed: (failure: Failure) => void): SeedHandle {
    const { totalBytes, pieceBytes } = source.store.layout;
    const geometry = new TaskGeometry({ totalBytes, pieceBytes, blockBytes: V1_BLOCK_BYTES });
    const driver = this.#dataPlane.open({
      taskId,
      geometry,
      stored: Bitfield.full(geometry.pieceCount),
      store: source.store,
      observer: {
        progressed: () => undefined,
        finished: () => undefined,
        failed: (code, message) => onFailed({ code, message }),
        peerClosed: (peer, code) => this.#log.info('peer closed', { task: taskId, peer, code }),
      },
    });
    return {
      get sentBytes() {
        return driver.sentBytes;
      },
      close: () => {
        this.#dataPlane.close(taskId);
        return Promise.resolve();
      },
    };
  }
}
