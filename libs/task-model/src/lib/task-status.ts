/**
 * The states of a task and of one host in it, and the only moves between them.
 * A terminal state is final: a later report, cancel or restart never changes it.
 * A new attempt at a failed task is a new record, not a move out of a terminal state.
 */

/** Task states of the REST interface (docs/protocol.md, REST). */
export const TASK_STATUSES = [
  'INIT',
  'INPROGRESS',
  'COMPLETED',
  'PARTIAL',
  'FAILED',
  'FILE_NOT_EXISTED',
  'CANCELLED',
] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** States of one host of a task. */
export const HOST_STATUSES = ['INIT', 'INPROGRESS', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;
export type HostStatus = (typeof HOST_STATUSES)[number];

const TASK_MOVES: Readonly<Record<TaskStatus, readonly TaskStatus[]>> = {
  INIT: ['INPROGRESS', 'FAILED', 'FILE_NOT_EXISTED', 'CANCELLED'],
  INPROGRESS: ['COMPLETED', 'PARTIAL', 'FAILED', 'FILE_NOT_EXISTED', 'CANCELLED'],
  COMPLETED: [],
  PARTIAL: [],
  FAILED: [],
  FILE_NOT_EXISTED: [],
  CANCELLED: [],
};

const HOST_MOVES: Readonly<Record<HostStatus, readonly HostStatus[]>> = {
  INIT: ['INPROGRESS', 'COMPLETED', 'FAILED', 'CANCELLED'],
  INPROGRESS: ['COMPLETED', 'FAILED', 'CANCELLED'],
  COMPLETED: [],
  FAILED: [],
  CANCELLED: [],
};

export function isTerminalTaskStatus(status: TaskStatus): boolean {
  return TASK_MOVES[status].length === 0;
}

export function isTerminalHostStatus(status: HostStatus): boolean {
  return HOST_MOVES[status].length === 0;
}

export function canMoveTask(from: TaskStatus, to: TaskStatus): boolean {
  return TASK_MOVES[from].includes(to);
}

export function canMoveHost(from: HostStatus, to: HostStatus): boolean {
  return HOST_MOVES[from].includes(to);
}

/** A task in one of these states is started anew when the same create call comes again. */
export function isRetryableTaskStatus(status: TaskStatus): boolean {
  return isTerminalTaskStatus(status) && status !== 'COMPLETED';
}

/**
 * The verdict over a task whose hosts have all ended.
 * @param hosts final states; at least one
 */
export function concludeTask(hosts: readonly HostStatus[]): 'COMPLETED' | 'PARTIAL' | 'FAILED' {
  const completed = hosts.filter((status) => status === 'COMPLETED').length;
  if (hosts.length > 0 && completed === hosts.length) return 'COMPLETED';
  return completed > 0 ? 'PARTIAL' : 'FAILED';
}
