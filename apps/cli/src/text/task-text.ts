/** A task in words: the summary after its end, the report of `task get`, the table of `task list`. */
import type { HostView, TaskSummary, TaskView } from '@gofd/task-model';
import { hostsByUrgency } from '../watch/task-progress.ts';
import { whyText } from './host-text.ts';
import { countOf, formatBytes, formatDuration, formatPercent } from './quantities.ts';
import { tableLines } from './table.ts';
import { printable } from './terminal-text.ts';

/** What stays on the screen when a watched task has ended: the verdict and every failed host. */
export function endSummary(task: TaskView): string[] {
  const { completed, total } = task.hostCounts;
  const size = task.totalBytes === undefined ? '' : ` (${formatBytes(task.totalBytes)})`;
  return [
    `task ${task.id} ${task.status}${durationText(task)}`,
    ...causeLines(task),
    `  ${completed} of ${countOf(total, 'host')} hold ${countOf(task.dispatchFiles.length, 'file')}${size}`,
    `  ${sentText(task)}`,
    ...failedHostLines(task),
  ].map(printable);
}

/** Everything about one task, every host on a line of its own. */
export function taskReport(task: TaskView): string[] {
  const times = [
    `  created  ${task.createdAt}`,
    ...(task.startedAt === undefined ? [] : [`  started  ${task.startedAt}`]),
    ...(task.finishedAt === undefined ? [] : [`  finished ${task.finishedAt}`]),
  ];
  const size = task.totalBytes === undefined ? '' : `, ${formatBytes(task.totalBytes)} together`;
  const attempt = task.attempt > 1 ? `  attempt ${task.attempt}` : '';
  return [
    `task ${task.id}  ${task.status}${durationText(task)}${attempt}`,
    ...causeLines(task),
    ...times,
    `  ${sentText(task)}`,
    `${countOf(task.dispatchFiles.length, 'file')}${size}:`,
    ...task.dispatchFiles.map((path) => `  ${path}`),
    `${countOf(task.hostCounts.total, 'host')}:`,
    ...indented(tableLines(hostsByUrgency(task).map(hostCells))),
  ].map(printable);
}

export function taskTable(tasks: readonly TaskSummary[]): string[] {
  if (tasks.length === 0) return ['no tasks'];
  const head = ['ID', 'STATUS', 'DONE', 'FAILED', 'SIZE', 'TOOK', 'CREATED'];
  const rows = tasks.map((task) => [
    printable(task.id),
    task.status,
    `${task.hostCounts.completed}/${task.hostCounts.total}`,
    String(task.hostCounts.failed),
    task.totalBytes === undefined ? '-' : formatBytes(task.totalBytes),
    elapsed(task) ?? '-',
    printable(task.createdAt),
  ]);
  return tableLines([head, ...rows]);
}

function failedHostLines(task: TaskView): string[] {
  const failed = hostsByUrgency(task).filter(([, { status }]) => status === 'FAILED');
  if (failed.length === 0) return [];
  const rows = failed.map(([name, { code, ...host }]) => [name, code ?? 'FAILED', whyText(host)]);
  return [`failed ${failed.length === 1 ? 'host' : 'hosts'}:`, ...indented(tableLines(rows))];
}

function hostCells([name, host]: readonly [string, HostView]): string[] {
  const why = [host.code, whyText(host)].filter((part) => part).join(': ');
  return [name, host.status, formatPercent(host.percentComplete).padStart(7), why];
}

function causeLines({ code, message }: TaskSummary): string[] {
  if (code === undefined && message === undefined) return [];
  return [`  ${[code, message].filter((part) => part !== undefined).join(': ')}`];
}

function sentText({ serverSentBytes, totalBytes }: TaskSummary): string {
  const sent = `the server sent ${formatBytes(serverSentBytes)}`;
  if (!totalBytes) return sent;
  return `${sent}, ${(serverSentBytes / totalBytes).toFixed(2)} times the files`;
}

function durationText(task: TaskSummary): string {
  const took = task.finishedAt === undefined ? undefined : elapsed(task);
  return took === undefined ? '' : ` in ${took}`;
}

/** From start to end by the clock of the server; undefined while the task runs. */
function elapsed({ startedAt, createdAt, finishedAt }: TaskSummary): string | undefined {
  if (finishedAt === undefined) return undefined;
  return formatDuration((Date.parse(finishedAt) - Date.parse(startedAt ?? createdAt)) / 1000);
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
