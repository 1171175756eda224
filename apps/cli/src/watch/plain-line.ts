/** One moment of a task as one line for a log: what changed is compared without the time. */
import type { TaskView } from '@gofd/task-model';
import { formatBytes, formatDuration, formatPercent, formatRate } from '../text/quantities.ts';
import { printable } from '../text/terminal-text.ts';
import { troubleSentence } from './progress-view.ts';
import type { WatchState } from './watch-state.ts';

/** Failed hosts named in one line; the summary at the end names all. */
export const MAX_NAMED_FAILURES = 3;

/** What makes a line worth writing: everything but rate and time left. */
export function plainFacts({ task, progress, trouble }: WatchState): string {
  if (trouble) return printable(troubleSentence(trouble));
  const { completed, total, failed } = task.hostCounts;
  const facts = [
    task.status,
    formatPercent(progress.deliveredShare * 100),
    `${completed}/${total} hosts done`,
    ...(failed > 0 ? [`${failed} failed: ${failedNames(task)}`] : []),
    ...(task.totalBytes === undefined ? [] : [`${formatBytes(task.totalBytes)} each`]),
  ];
  return printable(facts.join('  '));
}

export function plainLine(state: WatchState, nowWall: Date): string {
  const { task, trouble, bytesPerSecond, secondsLeft } = state;
  const moving = !trouble && task.status === 'INPROGRESS' && bytesPerSecond !== undefined;
  const figures = [
    ...(moving ? [formatRate(bytesPerSecond)] : []),
    ...(moving && secondsLeft !== undefined ? [`${formatDuration(secondsLeft)} left`] : []),
  ];
  return [timestamp(nowWall), plainFacts(state), ...figures].join('  ');
}

/** ISO 8601 in UTC, to the second. */
function timestamp(wall: Date): string {
  return `${wall.toISOString().slice(0, 19)}Z`;
}

function failedNames(task: TaskView): string {
  const failed = Object.entries(task.dispatchInfos).filter(([, { status }]) => status === 'FAILED');
  const names = failed
    .slice(0, MAX_NAMED_FAILURES)
    .map(([name, { code }]) => (code === undefined ? name : `${name} (${code})`));
  return [...names, ...(failed.length > names.length ? ['…'] : [])].join(', ');
}
