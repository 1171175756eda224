/**
 * One page of the list of tasks, the newest first. The cursor names the last task of a page by when it was
 * created and its id, so that a page stays where it was when new tasks come in before it. Pure.
 */
import type { TaskStatus } from '@gofd/task-model';

export interface ListedTask {
  readonly id: string;
  readonly createdAt: Date;
  readonly status: TaskStatus;
}

export interface TaskPageQuery {
  readonly statuses?: readonly TaskStatus[] | undefined;
  /** @default no limit */
  readonly limit?: number | undefined;
  readonly after?: string | undefined;
}

/** @param tasks the newest first */
export function pageOfTasks<Task extends ListedTask>(
  tasks: readonly Task[],
  { statuses, limit = Infinity, after }: TaskPageQuery,
): { page: Task[]; next?: string } {
  const page: Task[] = [];
  for (const task of tasks.slice(after === undefined ? 0 : firstAfter(tasks, after))) {
    if (statuses && !statuses.includes(task.status)) continue;
    const last = page.at(-1);
    if (page.length >= limit && last) return { page, next: cursorOf(last) };
    page.push(task);
  }
  return { page };
}

function cursorOf({ createdAt, id }: ListedTask): string {
  return `${createdAt.getTime()}~${id}`;
}

/** Where the page goes on; a task that is gone or was tried again is looked for by its time. */
function firstAfter(tasks: readonly ListedTask[], cursor: string): number {
  const found = tasks.findIndex((task) => cursorOf(task) === cursor);
  if (found >= 0) return found + 1;
  const createdAtMs = Number.parseInt(cursor, 10);
  const older = tasks.findIndex(({ createdAt }) => createdAt.getTime() < createdAtMs);
  return older < 0 ? tasks.length : older;
}
