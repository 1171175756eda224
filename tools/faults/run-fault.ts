/** One run: a world, a task, a fault at its moment, and the judge's findings. */
import { cpSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ServiceProcess } from '../cluster/service-process.ts';
import { waitUntil } from '../cluster/wait-until.ts';
import { factsOf } from './check/file-facts.ts';
import {
  brokenLogs,
  falseStatuses,
  strayPaths,
  touchedSources,
  unmetExpectations,
  wrongBytes,
} from './check/judge.ts';
import { countDescriptors, leakedDescriptors } from './check/open-descriptors.ts';
import type { Expectation, Fault, Phase } from './fault.ts';
import { whatIsMissing } from './lab/capabilities.ts';
import { FaultLab, TASK_ID } from './lab/fault-lab.ts';
import { reachPhase } from './lab/phase-reached.ts';

/** A task whose moment passed unseen is tried again so often. */
const MAX_TRIES = 3;
const DEFAULT_DEADLINE_MS = 60_000;
const SETTLE_MS = 30_000;

export type Outcome = 'survived' | 'failed' | 'missed' | 'not run';

export interface FaultRun {
  readonly fault: string;
  readonly phase: Phase;
  readonly seed: number;
  readonly outcome: Outcome;
  /** Findings of the judge, or why it was not run. */
  readonly findings: readonly string[];
  /** From the end of the fault to the end of the task, ms. */
  readonly recoveryMs?: number;
}

/** @param logs folder for the logs of a run that fails */
export async function runFault(
  fault: Fault,
  phase: Phase,
  seed: number,
  logs?: string,
): Promise<FaultRun> {
  const run = { fault: fault.id, phase, seed };
  const missing = whatIsMissing(fault.setting?.tmpfsMiB ? 'tmpfs' : (fault.needs ?? 'loopback'));
  if (missing !== undefined) return { ...run, outcome: 'not run', findings: [missing] };
  for (let tryIndex = 1; tryIndex <= MAX_TRIES; tryIndex += 1) {
    const result = await runOnce(fault, phase, `${seed} ${fault.id} ${phase}`, logs);
    if (result !== 'missed') return { ...run, ...result };
  }
  return { ...run, outcome: 'missed', findings: [`${phase} was over before it was seen`] };
}

type OnceResult = Pick<FaultRun, 'outcome' | 'findings' | 'recoveryMs'>;

async function runOnce(
  fault: Fault,
  phase: Phase,
  name: string,
  logs: string | undefined,
): Promise<OnceResult | 'missed'> {
  const lab = await FaultLab.create(fault, name);
  let result: OnceResult | 'missed' | undefined;
  try {
    result = await strike(lab, fault, phase);
    return result;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { outcome: 'failed', findings: [why] };
  } finally {
    const isGood = result === 'missed' || result?.outcome === 'survived';
    if (logs !== undefined && !isGood) keepLogs(lab, join(logs, name.replaceAll(' ', '-')));
    await lab.remove();
  }
}

async function strike(lab: FaultLab, fault: Fault, phase: Phase): Promise<OnceResult | 'missed'> {
  await (fault.start ? fault.start(lab) : lab.cluster.start());
  const before = countDescriptors(lab.cluster.started);
  const created = await lab.createTask();
  if (created.status !== 200) throw new Error(`the create call was answered ${created.status}`);
  if (!(await reachPhase(lab, phase))) return 'missed';
  const expectation = await fault.inject(lab);
  const healedAtMs = performance.now();
  const { findings, endedAtMs } = await judge(lab, fault, expectation, before);
  const outcome = findings.length === 0 ? 'survived' : 'failed';
  return { outcome, findings, recoveryMs: Math.round(endedAtMs - healedAtMs) };
}

function keepLogs(lab: FaultLab, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const { logPath } of lab.cluster.started) cpSync(logPath, join(folder, basename(logPath)));
}

async function judge(
  lab: FaultLab,
  fault: Fault,
  expectation: Expectation,
  before: ReadonlyMap<ServiceProcess, number>,
): Promise<{ findings: string[]; endedAtMs: number }> {
  const deadlineMs = fault.deadlineMs ?? DEFAULT_DEADLINE_MS;
  const hosts = lab.cluster.agents;
  const task = await lab.waitForEnd(TASK_ID, deadlineMs).catch(() => undefined);
  const endedAtMs = performance.now();
  const last = task ?? (await lab.task());
  const findings = [
    ...(task ? [] : [`I3: not over ${deadlineMs} ms after the fault: ${JSON.stringify(last)}`]),
    ...(task ? falseStatuses(task, hosts, [basename(lab.source)]) : []),
    ...(task ? unmetExpectations(task, hosts, expectation) : []),
    ...wrongBytes(hosts, lab.contents),
    ...touchedSources(lab.sources, factsOf([...lab.sources.keys()])),
    ...strayPaths(lab.outside, lab.walkOutside()),
    ...(await keptDescriptors(before)),
    ...(await deadProcesses(lab)),
  ];
  return { findings, endedAtMs };
}

/** I6: what the task and its fault opened is closed half a minute after the end. */
async function keptDescriptors(before: ReadonlyMap<ServiceProcess, number>): Promise<string[]> {
  const isSettled = (): boolean => leakedDescriptors(before).length === 0;
  await waitUntil('descriptors are given back', isSettled, SETTLE_MS).catch(() => undefined);
  return leakedDescriptors(before);
}

/** I8: everybody lives who was not killed, says nothing of a crash, and leaves in order. */
async function deadProcesses(lab: FaultLab): Promise<string[]> {
  const alive = lab.cluster.started.filter((process) => !lab.killed.has(process));
  const dead = alive.filter((process) => !process.isRunning);
  await Promise.all(alive.map((process) => process.stop()));
  const exits = await Promise.all(
    alive.map(async (process) => ({ process, code: await process.waitForExit() })),
  );
  const logs = new Map(lab.cluster.started.map((process) => [process.logPath, process.log()]));
  return [
    ...dead.map(({ logPath }) => `I8: a process died by itself: ${basename(logPath)}`),
    ...exits
      .filter(({ process, code }) => !dead.includes(process) && code !== 0)
      .map(({ process, code }) => `I8: ${basename(process.logPath)} left with exit code ${code}`),
    ...[...logs].flatMap(([path, log]) => brokenLogs(basename(path), log)),
  ];
}
