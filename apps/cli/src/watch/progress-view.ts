/**
 * The live view of a task as lines: a pure function of state, time and terminal size. Every line
 * fits the columns and all lines together leave one row free, so that nothing scrolls.
 */
import type { HostStatus, HostView, TaskView } from '@gofd/task-model';
import {
  countOf,
  formatBytes,
  formatDuration,
  formatPercent,
  formatRate,
} from '../text/quantities.ts';
import { clipColumns, displayColumns, padColumns, printable } from '../text/terminal-text.ts';
import { barOf, type Glyphs } from './progress-bar.ts';
import { hostsByUrgency } from './task-progress.ts';
import { staleAgeMs, type WatchState } from './watch-state.ts';

export type Tone = 'plain' | 'strong' | 'good' | 'bad' | 'warning' | 'dim';
export interface ViewLine {
  readonly text: string;
  readonly tone: Tone;
}
export interface ViewSize {
  readonly columns: number;
  readonly rows: number;
}

const MAX_TASK_BAR_COLUMNS = 40;
const HOST_BAR_COLUMNS = 10;
/** Narrower terminals get the host lines without bars. */
const MIN_COLUMNS_FOR_HOST_BAR = 60;
const FOOTER = 'Ctrl-C stops watching; the task goes on.';

export function progressView(
  state: WatchState,
  size: ViewSize,
  nowMs: number,
  glyphs: Glyphs,
): ViewLine[] {
  const head: ViewLine[] = [
    { text: headline(state.task), tone: 'strong' },
    { text: progressLine(state, size.columns, nowMs, glyphs), tone: 'plain' },
    { text: countsLine(state.task), tone: 'plain' },
    ...staleLines(state, nowMs),
  ];
  const footer: ViewLine[] = [{ text: FOOTER, tone: 'dim' }];
  const room = size.rows - 1 - head.length - footer.length;
  const lines = [...head, ...hostLines(state.task, room, size.columns, glyphs), ...footer];
  return lines
    .slice(0, Math.max(1, size.rows - 1))
    .map(({ text, tone }) => ({ text: clipColumns(text, size.columns, glyphs.ellipsis), tone }));
}

function headline(task: TaskView): string {
  const bytes = task.totalBytes === undefined ? '' : `, ${formatBytes(task.totalBytes)}`;
  const attempt = task.attempt > 1 ? `, attempt ${task.attempt}` : '';
  const files = countOf(task.dispatchFiles.length, 'file');
  const hosts = countOf(task.hostCounts.total, 'host');
  return printable(`task ${task.id}  ${task.status}  ${files}${bytes} to ${hosts}${attempt}`);
}

function progressLine(state: WatchState, columns: number, nowMs: number, glyphs: Glyphs): string {
  const figures = [formatPercent(state.progress.deliveredShare * 100).padStart(7)];
  const live = staleAgeMs(state, nowMs) === undefined;
  if (live) figures.push(...liveFigures(state));
  const text = figures.join('  ');
  const barColumns = Math.min(MAX_TASK_BAR_COLUMNS, columns - displayColumns(text) - 2);
  if (barColumns < 4) return text.trimStart();
  const { deliveredShare, lostShare } = state.progress;
  return `${barOf(deliveredShare, lostShare, barColumns, glyphs)}  ${text}`;
}

function liveFigures({ task, bytesPerSecond, secondsLeft }: WatchState): string[] {
  if (task.status === 'INIT') return ['waiting for its turn'];
  if (task.status !== 'INPROGRESS') return [];
  if (task.totalBytes === undefined) return ['reading the files'];
  if (bytesPerSecond === undefined) return [];
  const left =
    secondsLeft === undefined ? 'nothing moves' : `about ${formatDuration(secondsLeft)} left`;
  return [formatRate(bytesPerSecond), left];
}

function countsLine({ hostCounts, serverSentBytes }: TaskView): string {
  const counts = [
    `${hostCounts.completed} done`,
    `${hostCounts.inProgress} in progress`,
    `${hostCounts.waiting} waiting`,
    `${hostCounts.failed} failed`,
    ...(hostCounts.cancelled > 0 ? [`${hostCounts.cancelled} cancelled`] : []),
  ];
  return `hosts: ${counts.join(', ')}; the server sent ${formatBytes(serverSentBytes)}`;
}

function staleLines(state: WatchState, nowMs: number): ViewLine[] {
  const ageMs = staleAgeMs(state, nowMs);
  if (ageMs === undefined) return [];
  const age = formatDuration(ageMs / 1000);
  const text =
    state.trouble === undefined
      ? `waiting for the server; figures ${age} old`
      : `${troubleSentence(state.trouble)}; figures ${age} old`;
  return [{ text: printable(text), tone: 'warning' }];
}

/** Shared with the plain output, so that both say it alike. */
export function troubleSentence(trouble: { reason: string; sinceWall: Date }): string {
  const since = trouble.sinceWall.toTimeString().slice(0, 8);
  return `server unreachable since ${since} (${trouble.reason}), retrying`;
}

function hostLines(task: TaskView, room: number, columns: number, glyphs: Glyphs): ViewLine[] {
  const hosts = hostsByUrgency(task);
  const shown = hosts.length <= room ? hosts : hosts.slice(0, Math.max(0, room - 1));
  const nameColumns = Math.min(
    Math.max(0, ...shown.map(([name]) => displayColumns(name))),
    Math.floor(columns * 0.4),
  );
  const lines = shown.map(([name, host]): ViewLine => {
    const label = padColumns(
      clipColumns(printable(name), nameColumns, glyphs.ellipsis),
      nameColumns,
    );
    const text = `${label}  ${hostFigures(host, columns, glyphs)}`;
    return { text, tone: TONE_OF_HOST[host.status] };
  });
  const hidden = hosts.slice(shown.length).map(([, host]) => host.status);
  if (hidden.length === 0 || room < 1) return lines;
  return [...lines, { text: hiddenLine(hidden, glyphs), tone: 'dim' }];
}

const TONE_OF_HOST: Readonly<Record<HostStatus, Tone>> = {
  FAILED: 'bad',
  COMPLETED: 'good',
  INPROGRESS: 'plain',
  INIT: 'dim',
  CANCELLED: 'dim',
};

const WORD_OF_HOST: Readonly<Record<HostStatus, string>> = {
  FAILED: 'failed',
  COMPLETED: 'done',
  INPROGRESS: 'in progress',
  INIT: 'waiting',
  CANCELLED: 'cancelled',
};

function hostFigures(host: HostView, columns: number, glyphs: Glyphs): string {
  const percent = formatPercent(host.percentComplete).padStart(7);
  const share = host.percentComplete / 100;
  const bar =
    columns < MIN_COLUMNS_FOR_HOST_BAR ? '' : `${barOf(share, 0, HOST_BAR_COLUMNS, glyphs)} `;
  return `${bar}${percent}  ${WORD_OF_HOST[host.status]}${failureText(host)}`;
}

function failureText({ code, message }: HostView): string {
  const parts = [code, message].filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? '' : `  ${printable(parts.join(': '))}`;
}

function hiddenLine(statuses: readonly HostStatus[], glyphs: Glyphs): string {
  const words = [...new Set(statuses)].map((status) => {
    const count = statuses.filter((other) => other === status).length;
    return `${count} ${WORD_OF_HOST[status]}`;
  });
  return `${glyphs.ellipsis} and ${statuses.length} more: ${words.join(', ')}`;
}
