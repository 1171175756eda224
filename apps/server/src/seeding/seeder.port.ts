/** Serves the pieces of running tasks on the data port. */
import type { Failure } from '@gofd/task-model';
import type { PreparedSource } from './source-catalog.port.ts';

/** One task that is being served. */
export interface SeedHandle {
  /** Payload bytes sent so far. */
  readonly sentBytes: number;
  /** Ends the connections of the task. */
  close(): Promise<void>;
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
    onFailed: (failure: Failure) => void,
  ): SeedHandle;
}
