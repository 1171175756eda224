import { useEffect, useState } from 'preact/hooks';
import { TASK_STATUSES, type TaskStatus, type TaskSummary } from '@gofd/task-model';
import { Refusal } from '../forms/refusal.tsx';
import { useFeed } from '../live/use-feed.ts';
import { useObservable } from '../live/observable.ts';
import { useSession } from '../session/session.ts';
import { STATUS_WORDS } from '../text/status-words.ts';
import { mergeTasks, reduceList, START_OF_LIST } from './task-list-state.ts';
import { TaskTable } from './task-table.tsx';
import { TASKS_PER_PAGE, useTaskPage } from './use-task-page.ts';

/** All tasks, newest first, as they change. */
export function TaskListPage() {
  const { client, connection } = useSession();
  const { isLive } = useObservable(connection);
  const [status, setStatus] = useState<TaskStatus>();
  /** Where this page and those before it begin; empty on the first. */
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const { state } = useFeed({
    key: 'tasks',
    start: START_OF_LIST,
    follow: (signal) => client.followTasks({ signal }),
    reduce: reduceList,
  });
  const { page, error } = useTaskPage({
    status,
    after: cursors.at(-1),
    connectionCount: state.connectionCount,
  });
  useEffect(() => {
    document.title = 'Tasks – GoFD';
  }, []);
  const isFirst = cursors.length === 0;
  const limit = TASKS_PER_PAGE;
  const tasks = page && mergeTasks({ tasks: page.tasks, status, isFirst, limit }, state.told);
  const next = page?.next;

  return (
    <>
      <div class="title">
        <h1>Tasks</h1>
        <StatusFilter
          status={status}
          onChange={(chosen) => {
            setStatus(chosen);
            setCursors([]);
          }}
        />
      </div>
      <Refusal error={error} />
      <Tasks tasks={tasks} isLive={isLive} isFiltered={status !== undefined} />
      <nav class="paging" aria-label="Pages of the list">
        <button type="button" disabled={isFirst} onClick={() => setCursors(cursors.slice(0, -1))}>
          Newer
        </button>
        <span>Page {cursors.length + 1}</span>
        <button
          type="button"
          disabled={next === undefined}
          onClick={() => next !== undefined && setCursors([...cursors, next])}
        >
          Older
        </button>
      </nav>
    </>
  );
}

interface FilterProps {
  readonly status: TaskStatus | undefined;
  readonly onChange: (status: TaskStatus | undefined) => void;
}

function StatusFilter({ status, onChange }: FilterProps) {
  return (
    <label class="inline">
      State{' '}
      <select
        value={status ?? ''}
        onChange={({ currentTarget: { value } }) =>
          onChange(TASK_STATUSES.find((known) => known === value))
        }
      >
        <option value="">all</option>
        {TASK_STATUSES.map((known) => (
          <option key={known} value={known}>
            {STATUS_WORDS[known]}
          </option>
        ))}
      </select>
    </label>
  );
}

interface TasksProps {
  /** Undefined until the first answer. */
  readonly tasks: readonly TaskSummary[] | undefined;
  readonly isLive: boolean;
  readonly isFiltered: boolean;
}

function Tasks({ tasks, isLive, isFiltered }: TasksProps) {
  if (!tasks) return <p>Loading…</p>;
  if (tasks.length > 0) return <TaskTable tasks={tasks} isLive={isLive} />;
  if (isFiltered) return <p>No task is in this state.</p>;
  return (
    <p>
      There is no task yet. <a href="#/new">Create one</a>.
    </p>
  );
}
