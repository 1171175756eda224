/** The runner's part of docs/reliability.md. Pure. */
import { bullets, plain, table } from '../../bench/report/markdown.ts';
import type { Fault, Phase } from '../fault.ts';
import { replayCommand } from '../fault-options.ts';
import type { FaultRun, Outcome } from '../run-fault.ts';
import type { FaultReport } from './fault-report.ts';

const NO_VALUE = '–';
/** A finding may quote a whole task; the raw results have it all. */
const MAX_FINDING_CHARACTERS = 160;
/** Where somebody kept files says nothing about the runs. */
const FILE_OPTIONS = / --(json|logs) \S+/g;

export function renderFaults(reports: readonly FaultReport[], faults: readonly Fault[]): string {
  const runs = latest(reports);
  const rows = faults.map((fault) => faultRow(fault, runs));
  return [
    figures(runs),
    table(
      [
        'fault',
        'what is done',
        'what must follow',
        'runs, by phase',
        'survived',
        'longest to recover',
      ],
      rows,
    ),
    ...failures(runs),
    ...notRun(runs, faults),
    '### Sessions',
    ...bullets(reports.map(sessionLine)),
  ].join('\n\n');
}

/** Of a run that was repeated, usually after a fix, the last counts. */
function latest(reports: readonly FaultReport[]): FaultRun[] {
  const inOrder = [...reports].sort((one, other) => (one.startedAt < other.startedAt ? -1 : 1));
  const runs = inOrder.flatMap((report) => report.runs);
  const byName = new Map(runs.map((run) => [`${run.fault} ${run.phase} ${run.seed}`, run]));
  return [...byName.values()];
}

function figures(runs: readonly FaultRun[]): string {
  const count = (outcome: Outcome): number => runs.filter((run) => run.outcome === outcome).length;
  const findings = runs.flatMap((run) => (run.outcome === 'failed' ? run.findings : []));
  const broken = (invariant: string): number =>
    findings.filter((finding) => finding.startsWith(invariant)).length;
  const done = runs.length - count('not run');
  const kinds = new Set(runs.map(({ fault }) => fault)).size;
  const seeds = [...new Set(runs.map(({ seed }) => seed))].sort((a, b) => a - b);
  return (
    `**${count('survived')} of ${done} runs survived** (${kinds} faults, seeds ${seeds.join(', ')}): ` +
    `${broken('I1')} wrong bytes, ${broken('I2')} false statuses, ${broken('I3')} stuck tasks, ` +
    `${broken('I4')} touched sources, ${broken('I5')} stray files, ${broken('I8')} dead processes. ` +
    `In ${count('missed')} the moment passed unseen; ${count('not run')} were not run.`
  );
}

function faultRow(fault: Fault, allRuns: readonly FaultRun[]): string[] {
  const runs = allRuns.filter((run) => run.fault === fault.id && run.outcome !== 'not run');
  const byPhase = fault.phases.map((phase) => `${phase} ${runsAt(runs, phase)}`);
  const survived = runs.filter(({ outcome }) => outcome === 'survived');
  const recoveries = survived.flatMap(({ recoveryMs }) => recoveryMs ?? []);
  const longest =
    recoveries.length === 0 ? NO_VALUE : `${(Math.max(...recoveries) / 1000).toFixed(1)} s`;
  return [
    fault.id,
    fault.title,
    fault.expected,
    byPhase.join(', '),
    `${survived.length}/${runs.length}`,
    longest,
  ];
}

function runsAt(runs: readonly FaultRun[], phase: Phase): number {
  return runs.filter((run) => run.phase === phase).length;
}

function failures(runs: readonly FaultRun[]): string[] {
  const failed = runs.filter(({ outcome }) => outcome === 'failed' || outcome === 'missed');
  if (failed.length === 0) return [];
  const lines = failed.map(
    (run) =>
      `${plain(replayCommand(run))}: ${run.findings.map((one) => plain(shortened(one))).join('; ')}`,
  );
  return ['### Not survived', ...bullets(lines)];
}

function notRun(runs: readonly FaultRun[], faults: readonly Fault[]): string[] {
  const lines = faults.flatMap(({ id }) => {
    const mine = runs.filter((run) => run.fault === id);
    const isRun = mine.some(({ outcome }) => outcome !== 'not run');
    return isRun ? [] : [`${id}: ${mine[0]?.findings[0] ?? 'not asked for'}`];
  });
  return lines.length === 0 ? [] : ['### Not run', ...bullets(lines)];
}

function sessionLine({ command, commit, startedAt, machine, runs }: FaultReport): string {
  return `${plain(command.replaceAll(FILE_OPTIONS, ''))}, commit ${plain(commit)}, ${startedAt}, ${machine}: ${runs.length} runs`;
}

function shortened(finding: string): string {
  if (finding.length <= MAX_FINDING_CHARACTERS) return finding;
  return `${finding.slice(0, MAX_FINDING_CHARACTERS - 1)}…`;
}
