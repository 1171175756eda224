/**
 * The order of a benchmark: workload by workload, round by round, and within a round every peer once,
 * so that whatever the machine does in an hour it does to all of them. After each run the report grows
 * by one result and is handed out, so that an interrupted benchmark keeps what it has.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { runOnce } from './bench-run.ts';
import { OURS } from './peers/ours.ts';
import type { PeerKind } from './peers/peer.ts';
import type { BenchReport } from './report/bench-report.ts';
import { progressText } from './report/progress-text.ts';
import { writeSourceFile, type SourceFile } from './source-file.ts';
import { fileBytes, type Workload } from './workloads.ts';

export interface SessionOptions {
  readonly peers: readonly PeerKind[];
  readonly folder: string;
  readonly distFolder: string;
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
  /** A line for the terminal. */
  readonly say: (line: string) => void;
  /** Called with the report as it stands after each run. */
  readonly onReport: (report: BenchReport) => void;
}

/** @param empty report of this benchmark, without results yet */
export async function runSession(
  empty: BenchReport,
  options: SessionOptions,
): Promise<BenchReport> {
  let report: BenchReport = { ...empty, refusals: findRefusals(empty.workloads, options.peers) };
  for (const workload of empty.workloads) {
    const sourceFolder = join(options.folder, 'source');
    const source = writeSourceFile(sourceFolder, fileBytes(workload));
    for (const { round, kind } of turns(workload, options.peers, empty.rounds)) {
      report = await runTurn(report, { workload, kind, round, source }, options);
      options.onReport(report);
    }
    rmSync(sourceFolder, { recursive: true });
  }
  return report;
}

interface Turn {
  readonly workload: Workload;
  readonly kind: PeerKind;
  readonly round: number;
  readonly source: SourceFile;
}

async function runTurn(
  report: BenchReport,
  turn: Turn,
  options: SessionOptions,
): Promise<BenchReport> {
  const { folder, distFolder, timeoutSeconds, signal, say } = options;
  const { workload, kind, round } = turn;
  const orders = { ...turn, folder, distFolder, timeoutSeconds };
  const { result, congestionControl } = await runOnce(orders, signal);
  const name = `${workload.name}, round ${round} of ${report.rounds}, ${kind.name}`;
  say(`${name} (${congestionControl}): ${progressText(result)}`);
  return {
    ...report,
    congestionControls: [...new Set([...report.congestionControls, congestionControl])],
    results: [...report.results, result],
  };
}

/** A B C, A B C, …, without those that the workload says nothing about. */
export function turns(
  workload: Workload,
  peers: readonly PeerKind[],
  rounds: number,
): { round: number; kind: PeerKind }[] {
  const willing = peers.filter(
    (kind) => mayTakePart(workload, kind) && kind.refusal?.(workload) === undefined,
  );
  return Array.from({ length: rounds }, (_, index) =>
    willing.map((kind) => ({ round: index + 1, kind })),
  ).flat();
}

function mayTakePart({ isOursOnly }: Workload, { name }: PeerKind): boolean {
  return isOursOnly !== true || name === OURS;
}

function findRefusals(
  workloads: readonly Workload[],
  peers: readonly PeerKind[],
): BenchReport['refusals'] {
  return workloads.flatMap((workload) =>
    peers.flatMap((kind) => {
      const why = mayTakePart(workload, kind) ? kind.refusal?.(workload) : undefined;
      return why === undefined ? [] : [{ workload: workload.name, peer: kind.name, why }];
    }),
  );
}
