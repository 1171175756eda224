import { isTerminalTaskStatus, type TaskSummary } from '@gofd/task-model';
import { formatDuration, formatPercent, formatRate } from '../text/quantities.ts';

interface Props {
  readonly task: TaskSummary;
  /** Rate and time left are said only while they are true. */
  readonly isLive: boolean;
}

/** A bar with the mean of all hosts, how fast, and how long still. */
export function ProgressLine({ task, isLive }: Props) {
  const { percentComplete, status, bytesPerSecond, etaSeconds } = task;
  const isMoving = isLive && !isTerminalTaskStatus(status);
  return (
    <div class="progress">
      <progress max={100} value={percentComplete} aria-label={`Progress of ${task.id}`} />
      <small>
        {formatPercent(percentComplete)}
        {isMoving && bytesPerSecond !== undefined && ` · ${formatRate(bytesPerSecond)}`}
        {isMoving && etaSeconds !== undefined && ` · ${formatDuration(etaSeconds)} left`}
      </small>
    </div>
  );
}
