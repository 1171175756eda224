/** A plan in words: the verdict, and each host with what is in the way, those first. */
import type { Failure, HostPlan, PlanVerdict, PlanView } from '@gofd/task-model';
import { countOf, formatBytes, formatDuration } from './quantities.ts';
import { remedyLines } from './remedies.ts';
import { tableLines } from './table.ts';
import { printable } from './terminal-text.ts';

const ORDER: readonly PlanVerdict[] = ['NOT_READY', 'UNKNOWN', 'READY'];
const WORDS: Readonly<Record<PlanVerdict, string>> = {
  NOT_READY: 'not ready',
  UNKNOWN: 'unknown',
  READY: 'ready',
};

export function planReport(id: string, plan: PlanView): string[] {
  const size = plan.totalBytes === undefined ? '' : ` (${formatBytes(plan.totalBytes)})`;
  const what = `${countOf(plan.fileCount, 'file')}${size} to ${countOf(plan.hosts.length, 'host')}`;
  return [
    printable(`plan for ${id}: ${what}; nothing was sent`),
    ...plan.problems.map((problem) => printable(`  source: ${problemText(problem)}`)),
    ...tableLines([
      ['HOST', 'VERDICT', 'VERSION', 'FREE', 'REPLACES', 'TIME', 'WHY'],
      ...hostsByVerdict(plan).map(hostCells),
    ]),
    verdictLine(plan),
    ...predictionLines(plan),
  ];
}

/** What to do next, one line a code. */
export function planHints({ isReady, problems, hosts }: PlanView): string[] {
  if (isReady) return ['hint: `gofd task create` with the same options sends it'];
  const all = [...problems, ...hosts.flatMap((host) => host.problems)];
  return remedyLines(all.map(({ code }) => code));
}

function hostsByVerdict({ hosts }: PlanView): HostPlan[] {
  return ORDER.flatMap((verdict) => hosts.filter((host) => host.verdict === verdict));
}

function hostCells(host: HostPlan): string[] {
  const { verdict, version, freeBytes, replacedCount = 0, predictedSeconds, problems } = host;
  return [
    printable(host.host),
    WORDS[verdict],
    printable(version ?? '-'),
    freeBytes === undefined ? '-' : formatBytes(freeBytes),
    replacedCount === 0 ? '-' : countOf(replacedCount, 'file'),
    predictedSeconds === undefined ? '-' : formatDuration(predictedSeconds),
    printable(problems.map(problemText).join('; ')),
  ];
}

function verdictLine({ isReady, problems, hosts }: PlanView): string {
  if (isReady) return `${countOf(hosts.length, 'host')} would take it`;
  const wouldNot = hosts.filter(({ verdict }) => verdict === 'NOT_READY').length;
  const unknown = hosts.filter(({ verdict }) => verdict === 'UNKNOWN').length;
  return [
    `${hosts.length - wouldNot - unknown} of ${countOf(hosts.length, 'host')} would take it`,
    ...(wouldNot > 0 ? [`${wouldNot} would not`] : []),
    ...(unknown > 0 ? [`${unknown} cannot be asked`] : []),
    ...(problems.length > 0 ? ['the server could not send it'] : []),
  ].join(', ');
}

function predictionLines({ hosts, predictedSeconds }: PlanView): string[] {
  const measured = hosts.filter((host) => host.predictedSeconds !== undefined).length;
  if (predictedSeconds === undefined) {
    return ['no time is predicted: no host of it has completed a task lately'];
  }
  const time = `about ${formatDuration(predictedSeconds)} at the rates of the last tasks`;
  const some = measured === hosts.length ? '' : ` (${measured} of ${hosts.length} hosts have any)`;
  return [`${time}${some}`];
}

function problemText({ code, message }: Failure): string {
  return `${code}: ${message}`;
}
