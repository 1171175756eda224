/** One task as its events have told so far: events in, state out, nothing else. */
import type { TaskEvent } from '@gofd/api-client';
import type { HostRow, TaskSummary } from '@gofd/task-model';
import { addRate, NO_RATES, type RateHistory } from './rate-history.ts';

export interface TaskState {
  /** Undefined until the first event. */
  readonly task: TaskSummary | undefined;
  /** In the order in which they came, which is that of destIPs. */
  readonly rows: readonly HostRow[];
  readonly positionOf: ReadonlyMap<string, number>;
  readonly rates: RateHistory;
}

export const START_OF_TASK: TaskState = {
  task: undefined,
  rows: [],
  positionOf: new Map(),
  rates: NO_RATES,
};

export function reduceTask(state: TaskState, event: TaskEvent, nowMs: number): TaskState {
  switch (event.event) {
    case 'snapshot': {
      const { task, hosts } = event.data;
      const isNewAttempt = task.attempt !== state.task?.attempt;
      const rates = isNewAttempt ? NO_RATES : state.rates;
      const empty = { ...state, rates, rows: [], positionOf: new Map<string, number>() };
      return withTask(withRows(empty, hosts), task, nowMs);
    }
    case 'hosts':
      return withRows(state, event.data);
    case 'task':
    case 'end':
      return withTask(state, event.data, nowMs);
    case 'lost':
      return state; // What is known stays; that it is old, the banner says.
  }
}

function withTask(state: TaskState, task: TaskSummary, nowMs: number): TaskState {
  const isRunning = task.status === 'INPROGRESS';
  const rates = isRunning ? addRate(state.rates, nowMs, task.bytesPerSecond) : state.rates;
  return { ...state, task, rates };
}

/** Rows of known hosts take their place, others come behind. */
function withRows(state: TaskState, changed: readonly HostRow[]): TaskState {
  const rows = [...state.rows];
  let { positionOf } = state;
  const added = changed.filter(({ host }) => !state.positionOf.has(host));
  if (added.length > 0) {
    const extended = new Map(positionOf);
    for (const { host } of added) extended.set(host, extended.size);
    positionOf = extended;
  }
  for (const row of changed) rows[positionOf.get(row.host) ?? rows.length] = row;
  return { ...state, rows, positionOf };
}
