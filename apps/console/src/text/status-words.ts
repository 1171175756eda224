import type { HostStatus, TaskStatus } from '@gofd/task-model';

/** States as they read in a sentence. */
export const STATUS_WORDS: Readonly<Record<TaskStatus | HostStatus, string>> = {
  INIT: 'waiting',
  INPROGRESS: 'in progress',
  COMPLETED: 'completed',
  PARTIAL: 'partial',
  FAILED: 'failed',
  FILE_NOT_EXISTED: 'file missing',
  CANCELLED: 'cancelled',
};
