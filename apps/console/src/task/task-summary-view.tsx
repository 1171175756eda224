import type { ComponentChildren } from 'preact';
import { isTerminalTaskStatus, type TaskSummary } from '@gofd/task-model';
import { ProgressLine } from '../tasks/progress-line.tsx';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatMoment,
  formatRate,
  NOTHING,
} from '../text/quantities.ts';

interface Props {
  readonly task: TaskSummary;
  readonly isLive: boolean;
}

/** The figures of a task. Rate and time left are shown only while they are true. */
export function TaskSummaryView({ task, isLive }: Props) {
  const { hostCounts, serverSentBytes, totalBytes, speed } = task;
  const isMoving = isLive && !isTerminalTaskStatus(task.status);
  const timesSent = totalBytes
    ? `, ${(serverSentBytes / totalBytes).toFixed(2)} times the files`
    : '';
  return (
    <section aria-label="Summary">
      <ProgressLine task={task} isLive={isLive} />
      <dl class="figures">
        <Figure name="Hosts">
          {formatCount(hostCounts.completed)} of {formatCount(hostCounts.total)} completed
        </Figure>
        <Figure name="Rate">{formatRate(isMoving ? task.bytesPerSecond : undefined)}</Figure>
        <Figure name="Time left">{formatDuration(isMoving ? task.etaSeconds : undefined)}</Figure>
        <Figure name="Size">
          {formatBytes(totalBytes)}
          {task.fileCount > 1 && ` in ${formatCount(task.fileCount)} files`}
        </Figure>
        <Figure name="Server sent">
          {formatBytes(serverSentBytes)}
          {timesSent}
        </Figure>
        <Figure name="Limit">{speed === undefined ? NOTHING : `${speed} MiB/s`}</Figure>
        <Figure name="Attempt">{task.attempt}</Figure>
        <Figure name="Created">{formatMoment(task.createdAt)}</Figure>
        <Figure name="Ended">{formatMoment(task.finishedAt)}</Figure>
      </dl>
      <details>
        <summary>Files</summary>
        <ul>
          {task.files.map(({ name, length }) => (
            <li key={name}>
              {name} {length !== undefined && <small>{formatBytes(length)}</small>}
            </li>
          ))}
        </ul>
        {task.fileCount > task.files.length && (
          <p>and {formatCount(task.fileCount - task.files.length)} more</p>
        )}
      </details>
    </section>
  );
}

function Figure({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
