/**
 * The judge of a run: invariants I1–I5 and I8 of docs/reliability.md. Works on facts (statuses over
 * HTTP, files on disk, logs, exit codes) and shares no code with the product. Pure but for reading
 * files; every finding is one sentence that begins with its invariant.
 */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Expectation } from '../fault.ts';
import { differences, finalFiles, sha256Of, type FileFacts } from './file-facts.ts';
import type { ObservedHost, ObservedTask } from './observed-task.ts';

export interface JudgedHost {
  readonly host: string;
  readonly downdir: string;
}

/** File name → every content that this name may show: that of the source, before and after a change. */
export type AllowedContents = ReadonlyMap<string, ReadonlySet<string>>;

/** I1: what stands under a final name is a whole source. */
export function wrongBytes(hosts: readonly JudgedHost[], allowed: AllowedContents): string[] {
  return hosts.flatMap(({ host, downdir }) =>
    [...sha256Of(finalFiles(downdir))].flatMap(([path, sum]) => {
      const contents = allowed.get(basename(path));
      if (!contents) return [`I5: ${host} has ${path}, which nobody sent`];
      return contents.has(sum) ? [] : [`I1: ${host} shows wrong bytes in ${path}`];
    }),
  );
}

/** I2: COMPLETED only where every file is right; everything else with its reason. */
export function falseStatuses(
  task: ObservedTask,
  hosts: readonly JudgedHost[],
  fileNames: readonly string[],
): string[] {
  const findings = hosts.flatMap(({ host, downdir }) => {
    const info = task.dispatchInfos[host];
    if (!info) return [`I2: the task has no row for ${host}`];
    if (info.status === 'COMPLETED') {
      return fileNames
        .filter((name) => !existsSync(join(downdir, name)))
        .map((name) => `I2: ${host} is COMPLETED without ${name}`);
    }
    return reasonProblem(host, info);
  });
  return [...findings, ...sumProblem(task)];
}

function reasonProblem(
  host: string,
  { status, code, message, percentComplete }: ObservedHost,
): string[] {
  const isReasonOwed = status === 'FAILED';
  return [
    ...(isReasonOwed && !(code && message) ? [`I2: ${host} FAILED without code or sentence`] : []),
    ...(percentComplete >= 100 ? [`I2: ${host} shows 100 % and is ${status}`] : []),
    ...(code === 'INTERNAL' ? [`I2: ${host} failed by a bug: ${message}`] : []),
  ];
}

/** The verdict on the whole task must follow from those on the hosts. */
function sumProblem({ status, code, message, dispatchInfos }: ObservedTask): string[] {
  const statuses = Object.values(dispatchInfos).map((info) => info.status);
  const completed = statuses.filter((one) => one === 'COMPLETED').length;
  const isTrue: Record<string, boolean> = {
    COMPLETED: completed === statuses.length,
    PARTIAL: completed > 0 && completed < statuses.length,
    FAILED: Boolean(code && message),
    FILE_NOT_EXISTED: completed === 0 && Boolean(code && message),
    CANCELLED: true,
  };
  if (isTrue[status] === true) return [];
  return [`I2: the task is ${status} with ${completed}/${statuses.length} hosts COMPLETED`];
}

/** I4: sources are as the runner left them. */
export function touchedSources(
  before: ReadonlyMap<string, FileFacts>,
  after: ReadonlyMap<string, FileFacts>,
): string[] {
  return [...before].flatMap(([path, facts]) => {
    const changed = differences(facts, after.get(path));
    return changed.length === 0 ? [] : [`I4: source ${path} was touched: ${changed.join(', ')}`];
  });
}

/** I5: outside the folders of agents, server state and logs nothing came, went or changed. */
export function strayPaths(before: readonly string[], after: readonly string[]): string[] {
  const known = new Set(before);
  const left = new Set(after);
  return [
    ...after.filter((path) => !known.has(path)).map((path) => `I5: ${path} was made`),
    ...before.filter((path) => !left.has(path)).map((path) => `I5: ${path} is gone`),
  ];
}

const CRASH = /unhandled ?(promise ?)?rejection|uncaught|fatal error|^\S+ ERROR /i;

/** I8: nobody says that it broke. */
export function brokenLogs(name: string, log: string): string[] {
  return log
    .split('\n')
    .filter((line) => CRASH.test(line))
    .map((line) => `I8: log of ${name}: ${line}`);
}

/** What the fault itself demands. */
export function unmetExpectations(
  task: ObservedTask,
  hosts: readonly JudgedHost[],
  { task: statuses, hosts: expectedHosts = {}, code }: Expectation,
): string[] {
  const findings = statuses.includes(task.status)
    ? []
    : [`expected ${statuses.join(' or ')}, the task is ${task.status}`];
  if (code !== undefined && task.code !== code) {
    findings.push(`expected the task's code ${code}, it is ${task.code}`);
  }
  const isAboutHosts = task.status === 'COMPLETED' || task.status === 'PARTIAL';
  for (const [index, { host }] of hosts.entries()) {
    const expected = expectedHosts[index] ?? (isAboutHosts ? { status: ['COMPLETED'] } : undefined);
    const info = task.dispatchInfos[host];
    if (!expected || !info) continue;
    if (!expected.status.includes(info.status)) {
      findings.push(
        `expected ${host} ${expected.status.join(' or ')}, it is ${info.status} (${info.code}: ${info.message})`,
      );
    } else if (
      info.status === 'FAILED' &&
      expected.codes &&
      !expected.codes.includes(info.code ?? '')
    ) {
      findings.push(
        `expected ${host} ${expected.codes.join(' or ')}, it is ${info.code}: ${info.message}`,
      );
    }
  }
  return findings;
}
