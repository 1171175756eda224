import type { TaskStatus } from '@gofd/task-model';

/** Told how attempts end, for metrics. */
export interface AttemptOutcomes {
  taskOver(status: TaskStatus): void;
  /** @param code as the agent or the server gave it */
  hostFailed(code: string): void;
}

export const NOBODY_COUNTS: AttemptOutcomes = {
  taskOver: () => undefined,
  hostFailed: () => undefined,
};
