import type { HostRow, TaskSummary } from '@gofd/task-model';

const AT = '2026-11-25T12:00:00.000Z';

export function aHostRow(host: string, changes: Partial<HostRow> = {}): HostRow {
  return { host, status: 'INPROGRESS', percentComplete: 0, attempt: 1, updatedAt: AT, ...changes };
}

export function aTask(id: string, changes: Partial<TaskSummary> = {}): TaskSummary {
  return {
    id,
    status: 'INPROGRESS',
    attempt: 1,
    createdAt: AT,
    serverSentBytes: 0,
    hostCounts: { total: 1, waiting: 0, inProgress: 1, completed: 0, failed: 0, cancelled: 0 },
    files: [],
    fileCount: 1,
    percentComplete: 0,
    ...changes,
  };
}
