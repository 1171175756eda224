/**
 * What one run gives. A run has figures only when every healthy host holds the right file; else it has
 * a sentence that says why not, so that no table can show the time of a wrong distribution. Pure.
 */
import type { CpuReading } from '../measure/run-meter.ts';
import { toResumeFigures, type ResumeFigures, type ResumeReading } from './resume-figures.ts';
import { boundSeconds, fileBytes, healthyHosts, type Workload } from '../workloads.ts';

export interface RunFigures {
  /** From the dispatch until the last healthy host holds the verified file. */
  readonly makespanSeconds: number;
  /** Makespan / bound; absent without shaping. */
  readonly boundRatio?: number;
  /** What left the source by its link, headers included, / file size. */
  readonly sourceCopies: number;
  /** The same by the peer's own counter, payload only. */
  readonly ownSourceCopies?: number;
  /** Whole machine without others and above its idle use, a GB delivered to healthy hosts. */
  readonly cpuSecondsPerGb: number;
  /** The peer's processes alone. */
  readonly peerCpuSecondsPerGb?: number;
  /** Of the largest long-lived receiver. */
  readonly peakRssMiB?: number;
  /** Of the process that serves the source. */
  readonly sourcePeakRssMiB?: number;
  /** Of the event loop of the worst healthy receiver, while it pulled. */
  readonly lag?: EventLoopLag;
  /** Where a receiver was killed and started again. */
  readonly resume?: ResumeFigures;
}

/** How late timers rang, ms. */
export interface EventLoopLag {
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface RunResult {
  readonly workload: string;
  readonly peer: string;
  /** From 1. */
  readonly round: number;
  readonly hostsRight: number;
  readonly hostsAwaited: number;
  /** Present exactly when every awaited host is right. */
  readonly figures?: RunFigures;
  /** Why there are none. */
  readonly failure?: string;
  readonly stealShare: number;
  readonly foreignShare: number;
  /** Others took more of the machine than `DISTURBED_SHARE`. */
  readonly isDisturbed: boolean;
}

/** What was read off the instruments, before anything is divided. */
export interface RunMeasure {
  readonly makespanSeconds: number;
  readonly cpu: CpuReading;
  readonly sourceLinkBytes: number;
  readonly sourceSentBytes?: number;
  readonly peakRssMiB?: number;
  readonly sourcePeakRssMiB?: number;
  readonly lag?: EventLoopLag;
  readonly resume?: ResumeReading;
}

export interface RunIdentity {
  readonly workload: Workload;
  readonly peer: string;
  readonly round: number;
}

/** Share of all cores that others may take before a round counts as disturbed. */
export const DISTURBED_SHARE = 0.05;
const BYTES_PER_GB = 1e9;

/** @param right healthy hosts whose file is the source's */
export function toRunResult(run: RunIdentity, measure: RunMeasure, right: number): RunResult {
  const { workload, peer, round } = run;
  const hostsAwaited = healthyHosts(workload).length;
  const { stealShare, foreignShare } = measure.cpu;
  const wrong = hostsAwaited - right;
  const resume =
    wrong === 0
      ? resumeOf(workload, measure)
      : `${wrong} of ${hostsAwaited} hosts do not hold the file`;
  return {
    workload: workload.name,
    peer,
    round,
    hostsRight: right,
    hostsAwaited,
    ...(typeof resume === 'string'
      ? { failure: resume }
      : { figures: { ...toFigures(workload, measure), ...(resume && { resume }) } }),
    stealShare,
    foreignShare,
    isDisturbed: stealShare + foreignShare > DISTURBED_SHARE,
  };
}

/** @returns undefined where nobody was to be restarted; a sentence where that did not go as it should */
function resumeOf(workload: Workload, { resume }: RunMeasure): ResumeFigures | string | undefined {
  const { restartAtPercent } = workload;
  if (restartAtPercent === undefined) return undefined;
  if (!resume) return 'nobody said what was received after the restart';
  return toResumeFigures(resume, fileBytes(workload), restartAtPercent);
}

/** A run that did not come to its end. */
export function toFailedRun(run: RunIdentity, failure: string): RunResult {
  return {
    workload: run.workload.name,
    peer: run.peer,
    round: run.round,
    hostsRight: 0,
    hostsAwaited: healthyHosts(run.workload).length,
    failure,
    stealShare: 0,
    foreignShare: 0,
    isDisturbed: false,
  };
}

function toFigures(workload: Workload, measure: RunMeasure): RunFigures {
  const { makespanSeconds, cpu, sourceSentBytes, peakRssMiB, sourcePeakRssMiB, lag } = measure;
  const bytes = fileBytes(workload);
  const deliveredGb = (bytes * healthyHosts(workload).length) / BYTES_PER_GB;
  const bound = boundSeconds(workload);
  return {
    makespanSeconds,
    ...(bound !== undefined && { boundRatio: makespanSeconds / bound }),
    sourceCopies: measure.sourceLinkBytes / bytes,
    ...(sourceSentBytes !== undefined && { ownSourceCopies: sourceSentBytes / bytes }),
    cpuSecondsPerGb: cpu.machineSeconds / deliveredGb,
    ...(cpu.peerSeconds !== undefined && { peerCpuSecondsPerGb: cpu.peerSeconds / deliveredGb }),
    ...(peakRssMiB !== undefined && { peakRssMiB }),
    ...(sourcePeakRssMiB !== undefined && { sourcePeakRssMiB }),
    ...(lag && { lag }),
  };
}
