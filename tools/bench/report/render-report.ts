/**
 * Results as Markdown: for each workload a table with the median and all values of every peer, what
 * failed, and whether ours reached its goals. Medians are over the runs that have figures; a run
 * without figures shows as a dash and is named with its reason. Pure.
 */
import { median } from '../measure/median.ts';
import {
  describeWorkload,
  isAboutLatency,
  triedInsteadOf,
  type Goal,
  type GoalMetric,
  type Workload,
} from '../workloads.ts';
import type { BenchReport } from './bench-report.ts';
import { bullets, DISTURBED_MARK, NO_VALUE, plain, table } from './markdown.ts';
import { renderLimiter } from './render-limiter.ts';
import { DISTURBED_SHARE, type RunFigures, type RunResult } from './run-result.ts';

interface Column {
  readonly title: string;
  readonly digits: number;
  readonly value: (figures: RunFigures) => number | undefined;
}

const GOAL_PEER = 'ours';
const MS = 1000;

const MAKESPAN: Column = { title: 'makespan, s', digits: 2, value: (run) => run.makespanSeconds };
const LATENCY: Column = {
  title: 'makespan, ms',
  digits: 0,
  value: (run) => run.makespanSeconds * MS,
};
const RATIO: Column = { title: '/ bound', digits: 2, value: (run) => run.boundRatio };
const COPIES: Column = { title: 'source sent, F', digits: 2, value: (run) => run.sourceCopies };
const OWN_COPIES: Column = {
  title: 'by its own count, F',
  digits: 2,
  value: (run) => run.ownSourceCopies,
};
const CPU: Column = { title: 'CPU, s/GB', digits: 2, value: (run) => run.cpuSecondsPerGb };
const PEER_CPU: Column = {
  title: 'of its processes, s/GB',
  digits: 2,
  value: (run) => run.peerCpuSecondsPerGb,
};
const MEMORY: Column = { title: 'peak memory, MiB', digits: 0, value: (run) => run.peakRssMiB };

const SOURCE_MEMORY: Column = {
  title: 'of the source, MiB',
  digits: 0,
  value: (run) => run.sourcePeakRssMiB,
};
const LAG: Column = { title: 'lag p99, ms', digits: 1, value: ({ lag }) => lag?.p99Ms };
const MAX_LAG: Column = { title: 'lag max, ms', digits: 1, value: ({ lag }) => lag?.maxMs };
const HELD: Column = { title: 'held, %', digits: 1, value: ({ resume }) => resume?.heldPercent };
const VERIFIED: Column = {
  title: 'verified, %',
  digits: 1,
  value: ({ resume }) => resume?.verifiedPercent,
};
const RECEIVED: Column = {
  title: 'received / missing',
  digits: 4,
  value: ({ resume }) => resume?.receivedRatio,
};
const AGAIN: Column = {
  title: 'pieces fetched again',
  digits: 0,
  value: ({ resume }) => resume?.piecesAgain,
};

const GOAL_COLUMNS: Record<GoalMetric, Column> = {
  makespanMs: LATENCY,
  boundRatio: { ...RATIO, title: 'makespan / bound' },
  sourceCopies: COPIES,
  cpuSecondsPerGb: { ...CPU, title: 'CPU of the whole machine, s/GB' },
  peakRssMiB: MEMORY,
  lagP99Ms: LAG,
  piecesAgain: AGAIN,
};

/** Several reports one after the other, each with its own machine and date. */
export function renderReports(reports: readonly BenchReport[]): string {
  return reports.map(renderReport).join('\n\n');
}

function renderReport(report: BenchReport): string {
  const { machine, congestionControls, isOnTmpfs, rounds, limiter } = report;
  const movesFiles = report.workloads.length > 0;
  const machineLine = [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB`,
    `Linux ${machine.kernel}`,
    `Node ${machine.node}`,
    ...(movesFiles
      ? [
          `TCP ${congestionControls.join(', ')}`,
          `files ${isOnTmpfs ? 'in memory (tmpfs)' : 'on disk'}`,
        ]
      : []),
  ].join('; ');
  return [
    `## Measured ${report.startedAt.slice(0, 10)}`,
    `\`${report.command}\``,
    `**Machine.** ${machineLine}.`,
    ...(movesFiles ? ['**Peers.**', peerList(report), '**Columns.**', legend(rounds)] : []),
    ...report.workloads.map((workload) => renderWorkload(report, workload)),
    ...(limiter ? [renderLimiter(limiter)] : []),
  ].join('\n\n');
}

function peerList({ peers, notInstalled }: BenchReport): string {
  const missing = notInstalled.map(({ name, missing: what }) => `${name} (${what})`);
  const items = peers.map(({ name, what }) => `- ${name}: ${what}`);
  const rest =
    missing.length > 0 ? [`- not installed, so not measured: ${missing.join(', ')}`] : [];
  return [...items, ...rest].join('\n');
}

function legend(rounds: number): string {
  const percent = DISTURBED_SHARE * 100;
  return [
    `- Cells: the median and, in brackets, all values in the order of the rounds (${rounds}); within a round the peers take turns.`,
    '- Makespan: from the dispatch until the last healthy host holds the file, checked by a hash of our own. Bound: F / (0.956 × rate).',
    '- Source sent: by its link, headers included; by its own count: payload.',
    '- CPU for each GB delivered: of the whole machine, the kernel included, less what others took and what it uses when idle; sampled by the kernel, so long runs only. Of its processes: counted exactly; interrupts on an idle core are not in it.',
    '- Lag: how late timers rang in the worst healthy agent while it pulled. Held: reported when the agent was killed; verified: found right by the agent that was started again; received: after that.',
    `- ${DISTURBED_MARK} marks a round in which others took more than ${percent} % of the machine; ${NO_VALUE} is no figure: a file was wrong, or the run failed.`,
  ].join('\n');
}

function renderWorkload(report: BenchReport, workload: Workload): string {
  const results = report.results.filter((run) => run.workload === workload.name);
  const columns = columnsOf(workload).filter(({ value }) =>
    results.some(({ figures }) => figures && value(figures) !== undefined),
  );
  const peers = report.peers.filter(({ name }) => results.some(({ peer }) => peer === name));
  const rows = peers.map(({ name }) => {
    const runs = results.filter(({ peer }) => peer === name);
    return [name, ...columns.map((column) => cell(column, runs)), hostsCell(runs)];
  });
  const refusals = report.refusals.filter((one) => one.workload === workload.name);
  const usual = triedInsteadOf(workload);
  const goals = usual === undefined ? workload.goals : [];
  return [
    `### ${workload.name}: ${describeWorkload(workload)}${usual === undefined ? '' : ` (a try: ${usual} is the workload)`}`,
    table(['peer', ...columns.map(({ title }) => title), 'hosts right'], rows),
    ...bullets(goals.map((goal) => goalLine(goal, results))),
    ...bullets(results.flatMap(failureLine)),
    ...bullets(refusals.map(({ peer, why }) => `${peer} was not run: ${why}`)),
  ].join('\n\n');
}

function columnsOf(workload: Workload): Column[] {
  if (isAboutLatency(workload)) return [LATENCY, COPIES, OWN_COPIES, MEMORY];
  const basic = [MAKESPAN, RATIO, COPIES, OWN_COPIES, CPU, PEER_CPU, MEMORY, SOURCE_MEMORY];
  return [...basic, LAG, MAX_LAG, HELD, VERIFIED, RECEIVED, AGAIN];
}

function cell({ digits, value }: Column, runs: readonly RunResult[]): string {
  const all = runs.map(({ figures, isDisturbed }) => {
    const one = figures && value(figures);
    if (one === undefined) return NO_VALUE;
    return `${one.toFixed(digits)}${isDisturbed ? DISTURBED_MARK : ''}`;
  });
  const middle = medianOf(value, runs);
  return middle === undefined ? NO_VALUE : `**${middle.toFixed(digits)}** (${all.join(', ')})`;
}

function hostsCell(runs: readonly RunResult[]): string {
  return runs.map(({ hostsRight, hostsAwaited }) => `${hostsRight}/${hostsAwaited}`).join(', ');
}

function medianOf(value: Column['value'], runs: readonly RunResult[]): number | undefined {
  return median(runs.flatMap(({ figures }) => (figures && value(figures)) ?? []));
}

/** @example 'goal: makespan / bound at most 1.05: **reached** (1.03)' */
function goalLine({ metric, atMost, ofPeer }: Goal, results: readonly RunResult[]): string {
  const { title, digits, value } = GOAL_COLUMNS[metric];
  const medianOfPeer = (name: string): number | undefined =>
    medianOf(
      value,
      results.filter(({ peer }) => peer === name),
    );
  const asked =
    ofPeer === undefined ? `at most ${atMost}` : `at most ${atMost} times that of ${ofPeer}`;
  const unit = ofPeer === undefined ? 1 : medianOfPeer(ofPeer);
  const found = medianOfPeer(GOAL_PEER);
  if (found === undefined || unit === undefined) return `goal: ${title} ${asked}: not measured`;
  const verdict = found <= atMost * unit ? '**reached**' : '**not reached**';
  const share = ofPeer === undefined ? '' : `, ${(found / unit).toFixed(2)} times`;
  return `goal: ${title} ${asked}: ${verdict} (${found.toFixed(digits)}${share})`;
}

function failureLine({ peer, round, failure }: RunResult): string[] {
  return failure === undefined ? [] : [`${peer}, round ${round}, has no time: ${plain(failure)}`];
}
