/** Everything a benchmark found, as its JSON file holds it: enough to write the document again. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Machine } from '../measure/machine.ts';
import type { Workload } from '../workloads.ts';
import type { LimiterReport } from './render-limiter.ts';
import type { RunResult } from './run-result.ts';

const FORMAT = 'gofd-bench-1';

export interface BenchReport {
  /** As typed. */
  readonly command: string;
  /** ISO 8601, UTC: when it began. */
  readonly startedAt: string;
  readonly machine: Machine;
  /** Of the hosts; more than one only when the machine changed its mind. */
  readonly congestionControls: readonly string[];
  /** Whether the files lay in memory. */
  readonly isOnTmpfs: boolean;
  readonly rounds: number;
  readonly workloads: readonly Workload[];
  /** Those that took part, in the order of the tables. */
  readonly peers: readonly { readonly name: string; readonly what: string }[];
  readonly notInstalled: readonly { readonly name: string; readonly missing: string }[];
  /** Peers that a workload says nothing about. */
  readonly refusals: readonly {
    readonly workload: string;
    readonly peer: string;
    readonly why: string;
  }[];
  /** In the order in which they were run. */
  readonly results: readonly RunResult[];
  /** Where the upload limit was measured. */
  readonly limiter?: LimiterReport;
}

export function writeReportJson(path: string, report: BenchReport): void {
  writeFileSync(path, `${JSON.stringify({ format: FORMAT, ...report }, undefined, 2)}\n`);
}

/** @throws Error when the file is not one that `writeReportJson` wrote */
export function readReportJson(path: string): BenchReport {
  const report = JSON.parse(readFileSync(path, 'utf8')) as BenchReport & { format?: string };
  if (report.format !== FORMAT) throw new Error(`${path} holds no results of this benchmark`);
  return report;
}
