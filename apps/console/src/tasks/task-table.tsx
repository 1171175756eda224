import type { TaskSummary } from '@gofd/task-model';
import { hrefOf } from '../routing/route.ts';
import { formatBytes, formatCount, formatMoment } from '../text/quantities.ts';
import { ProgressLine } from './progress-line.tsx';
import { StatusBadge } from './status-badge.tsx';

interface Props {
  readonly tasks: readonly TaskSummary[];
  readonly isLive: boolean;
}

export function TaskTable({ tasks, isLive }: Props) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Task</th>
          <th scope="col">State</th>
          <th scope="col">Progress</th>
          <th scope="col" class="wide">
            Hosts
          </th>
          <th scope="col" class="wide">
            Created
          </th>
        </tr>
      </thead>
      <tbody>
        {tasks.map((task) => (
          <TaskRow key={task.id} task={task} isLive={isLive} />
        ))}
      </tbody>
    </table>
  );
}

function TaskRow({ task, isLive }: { readonly task: TaskSummary; readonly isLive: boolean }) {
  const { total, completed, failed } = task.hostCounts;
  return (
    <tr>
      <th scope="row">
        <a href={hrefOf({ page: 'task', taskId: task.id })}>{task.id}</a>
        <small>{describeFiles(task)}</small>
      </th>
      <td>
        <StatusBadge status={task.status} />
      </td>
      <td>
        <ProgressLine task={task} isLive={isLive} />
      </td>
      <td class="wide">
        {formatCount(completed)} of {formatCount(total)}
        {failed > 0 && <small class="bad">{formatCount(failed)} failed</small>}
      </td>
      <td class="wide">
        <time datetime={task.createdAt}>{formatMoment(task.createdAt)}</time>
      </td>
    </tr>
  );
}

/** `app.tar, 118 MiB`, `12 files, 3 GiB`. */
function describeFiles({ files, fileCount, totalBytes }: TaskSummary): string {
  const names = fileCount === 1 ? (files[0]?.name ?? '1 file') : `${formatCount(fileCount)} files`;
  return totalBytes === undefined ? names : `${names}, ${formatBytes(totalBytes)}`;
}
