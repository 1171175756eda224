/** The list of tasks: a page that was asked for, and over it what the stream has said since. */
import type { ListEvent } from '@gofd/api-client';
import type { TaskStatus, TaskSummary } from '@gofd/task-model';

export interface ListState {
  /** Tasks that the stream has told of on this connection. */
  readonly told: ReadonlyMap<string, TaskSummary>;
  /** Grows with each connection: what was fetched before may have changed unheard. */
  readonly connectionCount: number;
  readonly isConnected: boolean;
}

export const START_OF_LIST: ListState = {
  told: new Map(),
  connectionCount: 0,
  isConnected: false,
};

export function reduceList(state: ListState, event: ListEvent): ListState {
  if (event.event === 'lost') return { ...state, isConnected: false };
  const told = new Map(state.isConnected ? state.told : []);
  for (const task of event.data) told.set(task.id, task);
  const connectionCount = state.connectionCount + (state.isConnected ? 0 : 1);
  return { told, connectionCount, isConnected: true };
}

export interface ShownPage {
  /** Newest first, as the server gave them. */
  readonly tasks: readonly TaskSummary[];
  /** No filter when undefined. */
  readonly status: TaskStatus | undefined;
  /** New tasks appear there. */
  readonly isFirst: boolean;
  readonly limit: number;
}

/** The page as it would be answered now, as far as the stream tells. */
export function mergeTasks(page: ShownPage, told: ListState['told']): readonly TaskSummary[] {
  const { status, isFirst, limit } = page;
  const known = new Set(page.tasks.map(({ id }) => id));
  const added = isFirst ? [...told.values()].filter(({ id }) => !known.has(id)) : [];
  const tasks = [...added, ...page.tasks.map((task) => told.get(task.id) ?? task)];
  return tasks
    .filter((task) => status === undefined || task.status === status)
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
    .slice(0, limit);
}
