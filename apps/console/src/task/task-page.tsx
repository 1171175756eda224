import { useEffect, useState } from 'preact/hooks';
import { Refusal } from '../forms/refusal.tsx';
import { HostMap } from '../hosts/host-map.tsx';
import { useObservable } from '../live/observable.ts';
import { useFeed } from '../live/use-feed.ts';
import { useSession } from '../session/session.ts';
import { SwarmPicture } from '../swarm/swarm-picture.tsx';
import { StatusBadge } from '../tasks/status-badge.tsx';
import { followAttempts } from './follow-attempts.ts';
import { RateChart } from './rate-chart.tsx';
import { TaskActions } from './task-actions.tsx';
import { reduceTask, START_OF_TASK } from './task-state.ts';
import { TaskSummaryView } from './task-summary-view.tsx';

/** Everything about one task, as it happens. */
export function TaskPage({ taskId }: { readonly taskId: string }) {
  const { client, connection } = useSession();
  const { isLive } = useObservable(connection);
  const [selectedHost, selectHost] = useState<string>();
  const { state, missing } = useFeed({
    key: taskId,
    start: START_OF_TASK,
    follow: (signal) => followAttempts(client, taskId, signal),
    reduce: reduceTask,
  });
  useEffect(() => {
    document.title = `${taskId} – GoFD`;
  }, [taskId]);

  const { task, rows, positionOf, rates } = state;
  if (!task) {
    return (
      <>
        <h1>{taskId}</h1>
        {missing ? <Refusal error={missing} /> : <p>Loading…</p>}
      </>
    );
  }
  return (
    <>
      <div class="title">
        <h1>{task.id}</h1>
        <StatusBadge status={task.status} />
      </div>
      <Refusal error={missing} />
      {task.code !== undefined && (
        <p class="refusal">
          <code>{task.code}</code> {task.message}
        </p>
      )}
      <TaskSummaryView task={task} isLive={isLive} />
      <TaskActions task={task} />
      <RateChart rates={rates} />
      <HostMap
        rows={rows}
        positionOf={positionOf}
        counts={task.hostCounts}
        selectedHost={selectedHost}
        onSelect={selectHost}
      />
      <SwarmPicture rows={rows} selectedHost={selectedHost} onSelect={selectHost} />
    </>
  );
}
