/** How many tasks and hosts are in which state, for whoever watches the server. Pure. */
import type { HostStatus, TaskStatus } from '@gofd/task-model';

export interface ServerFigures {
  /** Tasks that the server remembers, by state. */
  readonly tasks: Readonly<Record<TaskStatus, number>>;
  /** Hosts of the tasks that are not over, by state. */
  readonly hosts: Readonly<Record<HostStatus, number>>;
  /** Tasks that have a slot, and that wait for one. */
  readonly slots: { readonly active: number; readonly waiting: number };
}

interface CountedTask {
  readonly status: TaskStatus;
  readonly isOver: boolean;
  readonly hosts: readonly { readonly status: HostStatus }[];
}

/** Hosts of tasks that are over are left out: their verdicts are counted when they fall. */
export function countTasks(records: Iterable<CountedTask>): Pick<ServerFigures, 'tasks' | 'hosts'> {
  const tasks: Record<TaskStatus, number> = {
    INIT: 0,
    INPROGRESS: 0,
    COMPLETED: 0,
    PARTIAL: 0,
    FAILED: 0,
    FILE_NOT_EXISTED: 0,
    CANCELLED: 0,
  };
  const hosts: Record<HostStatus, number> = {
    INIT: 0,
    INPROGRESS: 0,
    COMPLETED: 0,
    FAILED: 0,
    CANCELLED: 0,
  };
  for (const record of records) {
    tasks[record.status] += 1;
    if (record.isOver) continue;
    for (const { status } of record.hosts) hosts[status] += 1;
  }
  return { tasks, hosts };
}
