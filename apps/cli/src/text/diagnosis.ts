/** What is right and what is wrong with a host, from what the server knows and the agent says. Pure. */
import type { AgentRow, Failure, HostCheck, HostInTask, HostPlan } from '@gofd/task-model';
import { whyText } from './host-text.ts';
import { formatBytes, formatPercent, formatRate } from './quantities.ts';
import { remedyFor } from './remedies.ts';
import { printable } from './terminal-text.ts';

/** `note`: worth knowing, and neither right nor wrong. */
export type Finding = 'ok' | 'problem' | 'note';

export interface Check {
  readonly title: string;
  readonly finding: Finding;
  readonly text: string;
  /** What to do next. */
  readonly next?: string | undefined;
}

/** Codes for which no agent of ours has answered. */
const CODES_OF_NO_ANSWER: ReadonlySet<string> = new Set([
  'AGENT_UNREACHABLE',
  'AGENT_AUTH_REFUSED',
  'AGENT_TLS_REFUSED',
  'AGENT_REFUSED',
]);

export function diagnose({ plan, announced, tasks }: HostCheck): Check[] {
  const noAnswer = plan.problems.find(({ code }) => CODES_OF_NO_ANSWER.has(code));
  const reach: Check = noAnswer
    ? problemOf('agent', noAnswer)
    : { title: 'agent', finding: 'ok', text: `answers, version ${plan.version ?? 'unknown'}` };
  return [
    reach,
    ...(noAnswer ? [] : placeChecks(plan)),
    announcementCheck(announced, !noAnswer),
    lastTaskCheck(tasks),
    rateCheck(plan),
  ];
}

export function diagnosisLines(host: string, checks: readonly Check[]): string[] {
  const lines = checks.flatMap(({ title, finding, text, next }) => [
    `  ${finding.padEnd(7)}  ${title.padEnd(12)}  ${text}`,
    ...(next === undefined ? [] : [`${' '.repeat(11)}next: ${next}`]),
  ]);
  const problems = checks.filter(({ finding }) => finding === 'problem').length;
  const verdict = problems === 0 ? 'nothing is wrong' : `${problems} of ${checks.length} checks`;
  const end = problems === 0 ? verdict : `${verdict} found a problem`;
  return [`host ${host}`, ...lines, end].map(printable);
}

/** The place where files would land. */
function placeChecks({ problems, freeBytes }: HostPlan): Check[] {
  if (problems.length > 0) return problems.map((problem) => problemOf('downdir', problem));
  const free = freeBytes === undefined ? '' : `, ${formatBytes(freeBytes)} free`;
  return [{ title: 'downdir', finding: 'ok', text: `can be written${free}` }];
}

function announcementCheck(announced: AgentRow | undefined, answers: boolean): Check {
  const title = 'announcement';
  if (!announced) {
    const text = 'never came; the host can get tasks by its name, and is in no group';
    return { title, finding: 'note', text, next: 'for groups: set `server` in its configuration' };
  }
  const { name, zone, labels = {}, lastSeenAt, isAlive } = announced;
  const groups = [
    ...(zone === undefined ? [] : [`zone=${zone}`]),
    ...Object.entries(labels).map(([key, value]) => `${key}=${value}`),
  ];
  const text = [name, ...groups, `last heard of ${lastSeenAt}`].join(', ');
  if (isAlive) return { title, finding: 'ok', text };
  const next = answers
    ? 'let the agent reach the server: `server` in its configuration, its log has the cause'
    : 'start the agent; it announces itself within ten seconds';
  return { title, finding: 'problem', text, next };
}

/** Only the newest one counts: what failed before it was mended meanwhile. */
function lastTaskCheck([newest, ...older]: readonly HostInTask[]): Check {
  const title = 'last tasks';
  if (!newest) return { title, finding: 'note', text: 'the server remembers none of this host' };
  const { id, status, row } = newest;
  const why = [row.code, whyText(row)].filter((part) => part).join(': ');
  const text = `${id} (task ${status}): ${row.status} ${formatPercent(row.percentComplete)}`;
  const before = older.length === 0 ? '' : `; before: ${older.map(shortly).join(', ')}`;
  if (row.status === 'FAILED') {
    const remedy = row.code === undefined ? undefined : remedyFor(row.code);
    const retry = `gofd task retry ${id}`;
    const next = remedy === undefined ? retry : `${remedy}; then: ${retry}`;
    return { title, finding: 'problem', text: `${text}, ${why}${before}`, next };
  }
  if (row.status === 'INPROGRESS' && row.explanation !== undefined) {
    return {
      title,
      finding: 'problem',
      text: `${text}, ${why}${before}`,
      next: `gofd task watch ${id}`,
    };
  }
  return { title, finding: 'ok', text: `${text}${before}` };
}

function shortly({ id, row }: HostInTask): string {
  return `${id} ${row.status}${row.code === undefined ? '' : ` ${row.code}`}`;
}

function rateCheck({ measuredBytesPerSecond: rate }: HostPlan): Check {
  const title = 'speed';
  return rate === undefined
    ? { title, finding: 'note', text: 'not measured: it has completed no task lately' }
    : { title, finding: 'ok', text: `${formatRate(rate)} in the last tasks that it completed` };
}

function problemOf(title: string, { code, message }: Failure): Check {
  return { title, finding: 'problem', text: `${code}: ${message}`, next: remedyFor(code) };
}
