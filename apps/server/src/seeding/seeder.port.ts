/** Serves the pieces of running tasks on the data port. */
import type { Failure } from '@gofd/task-model';
import type { PreparedSource } from './source-catalog.port.ts';

/** One task that is being served. */
export interface SeedHandle {
  /** Payload bytes sent so far. */
  readonly sentBytes: number;
  /** Changes the task's upload limit from now on, bytes a second. */
  setRate(bytesPerSecond: number): void;
  /** Ends the connections of the task. */
  close(): Promise<void>;
}

/** How a task is served. */
export interface SeedOptions {
  /** What peers of a v2 task prove to each other, 32 bytes. */
  readonly key: Uint8Array;
  /** Each piece is shown to one agent only; they pass it on. */
  readonly scatters: boolean;
  /** The same for the manifest, where that does not come with the create call. */
  readonly scattersManifest: boolean;
  /** Upload limit of the task, bytes a second. */
  readonly bytesPerSecond: number;
}

export abstract class Seeder {
  abstract readonly dataPort: number;

  /**
   * Serves the source until the handle is closed. A task id is served once at a time.
   * @param onFailed the source cannot be served any more, for example because it changed
   */
  abstract seed(
    taskId: string,
    source: PreparedSource,
    options: SeedOptions,
    onFailed: (failure: Failure) => void,
  ): SeedHandle;
}
