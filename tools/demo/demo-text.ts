/** What the demo prints, from what it knows. Pure. */
import type { HostView, TaskView } from '@gofd/task-model';

const BAR_CELLS = 30;
const MIB = 1024 * 1024;

export function progressLines(task: TaskView): string[] {
  const head = `task ${task.id}: ${task.status}${task.message ? ` (${task.message})` : ''}`;
  return [head, ...Object.entries(task.dispatchInfos).map(([host, view]) => hostLine(host, view))];
}

function hostLine(host: string, view: HostView): string {
  const cells = Math.round((view.percentComplete / 100) * BAR_CELLS);
  const bar = '█'.repeat(Math.max(0, cells)).padEnd(BAR_CELLS, '░');
  const percent = `${view.percentComplete.toFixed(1)} %`.padStart(7);
  const why = view.message ? `  ${view.code ?? ''}: ${view.message}` : '';
  return `  ${host.padEnd(16)} ${bar} ${percent}  ${view.status}${why}`;
}

export interface DemoResult {
  readonly task: TaskView;
  readonly fileBytes: number;
  readonly agents: number;
  readonly elapsedMs: number;
  /** Hosts whose copy is not the source. */
  readonly wrong: readonly string[];
}

export function resultLines(result: DemoResult): string[] {
  const { task, fileBytes, agents, elapsedMs, wrong } = result;
  const seconds = elapsedMs / 1000;
  const delivered = (fileBytes * agents) / MIB;
  const copies = fileBytes === 0 ? 0 : task.serverSentBytes / fileBytes;
  const isRight = wrong.length === 0 && task.status === 'COMPLETED';
  return [
    '',
    `time    ${seconds.toFixed(2)} s from the create call until every host reported it in place`,
    `rate    ${(delivered / seconds).toFixed(0)} MiB/s over all ${agents} hosts`,
    `server  sent the file ${copies.toFixed(2)} times; the agents gave each other the rest`,
    isRight
      ? `result  ${agents} of ${agents} copies are identical`
      : `result  FAILED: task ${task.status}, ${wrong.length} of ${agents} copies differ (${wrong.join(', ')})`,
  ];
}
