/** What the runner keeps of a session. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { FaultRun } from '../run-fault.ts';

export interface FaultReport {
  readonly command: string;
  readonly commit: string;
  readonly startedAt: string;
  readonly machine: string;
  readonly runs: readonly FaultRun[];
}

export function writeReport(path: string, report: FaultReport): void {
  writeFileSync(path, `${JSON.stringify(report, null, 1)}\n`);
}

/** @throws Error naming the file when it is none of ours */
export function readReport(path: string): FaultReport {
  if (!existsSync(path)) throw new Error(`${path} does not exist`);
  const report = JSON.parse(readFileSync(path, 'utf8')) as FaultReport;
  if (!Array.isArray(report.runs)) throw new Error(`${path} holds no runs of faults`);
  return report;
}
