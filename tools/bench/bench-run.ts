/**
 * One run: a fresh lab, a peer, a clock, a check. In this order: measure the idle machine, prepare, let
 * it come to rest, start, wait, read all instruments, kill everything, and only then look at the files, so that what
 * counts is what was there when the peer said done.
 */
import { join } from 'node:path';
import { Lab, type LabPlace } from './lab.ts';
import { peakRssMiB } from './measure/resident-memory.ts';
import { measureIdleShare, startMeter } from './measure/run-meter.ts';
import { waitForRest } from './measure/settling.ts';
import { SOURCE_HOST } from './network/lab-network.ts';
import { FILE_NAME, type Peer, type PeerKind } from './peers/peer.ts';
import {
  toFailedRun,
  toRunResult,
  type RunIdentity,
  type RunMeasure,
  type RunResult,
} from './report/run-result.ts';
import { isCopyOf, type SourceFile } from './source-file.ts';
import type { Workload } from './workloads.ts';

type MemoryFigure = 'peakRssMiB' | 'sourcePeakRssMiB';

export interface RunOrders {
  readonly workload: Workload;
  readonly kind: PeerKind;
  readonly round: number;
  readonly source: SourceFile;
  /** Holds the folder of this run. */
  readonly folder: string;
  readonly distFolder: string;
  /** From the dispatch, s. */
  readonly timeoutSeconds: number;
}

export interface RunOutcome {
  readonly result: RunResult;
  readonly congestionControl: string;
}

/**
 * @param signal interrupts the whole benchmark
 * @throws only when interrupted or when the lab cannot be made or removed: what a peer does wrong
 *   is a result
 */
export async function runOnce(orders: RunOrders, signal: AbortSignal): Promise<RunOutcome> {
  const { workload, kind, round, source, folder, distFolder } = orders;
  const place: LabPlace = { folder, sourcePath: source.path, distFolder };
  const run: RunIdentity = { workload, peer: kind.name, round };
  const lab = await Lab.create(workload, place, signal);
  const { congestionControl } = lab;
  try {
    const measure = await measureRun(lab, orders, signal);
    await lab.killAll();
    const right = await countRight(lab, source, signal);
    return { result: toRunResult(run, measure, right), congestionControl };
  } catch (error) {
    signal.throwIfAborted();
    const failure = error instanceof Error ? error.message : String(error);
    return { result: toFailedRun(run, failure), congestionControl };
  } finally {
    await lab.remove();
  }
}

async function measureRun(lab: Lab, orders: RunOrders, signal: AbortSignal): Promise<RunMeasure> {
  const idleShare = await measureIdleShare(lab.network.namespaces, signal);
  const peer = orders.kind.create(lab);
  await unlessAborted(peer.prepare(), signal);
  await waitForRest(lab.peerClock, signal);
  const sentBefore = await lab.network.sentBytes(SOURCE_HOST);
  const readMeter = startMeter({
    idleShare,
    peerClock: lab.peerClock,
    namespaces: lab.network.namespaces,
  });
  const startedAtMs = performance.now();
  peer.start();
  const kills = scheduleKills(lab);
  try {
    const timeout = timeoutSignal(orders.timeoutSeconds);
    const limits = AbortSignal.any([signal, timeout]);
    const done = await unlessAborted(peer.waitUntilDone(), limits);
    const { makespanSeconds, sourceSentBytes, lag, resume } = done;
    const watchedSeconds = (performance.now() - startedAtMs) / 1000;
    const cpu = readMeter();
    return {
      makespanSeconds: makespanSeconds ?? watchedSeconds,
      cpu,
      ...peakMemory(peer),
      sourceLinkBytes: (await lab.network.sentBytes(SOURCE_HOST)) - sentBefore,
      ...(sourceSentBytes !== undefined && { sourceSentBytes }),
      ...(lag && { lag }),
      ...(resume && { resume }),
    };
  } finally {
    kills.forEach(clearTimeout);
  }
}

function scheduleKills(lab: Lab): NodeJS.Timeout[] {
  return lab.workload.kills.map(({ host, atSeconds }) =>
    setTimeout(() => lab.killHost(host), atSeconds * 1000),
  );
}

function timeoutSignal(seconds: number): AbortSignal {
  const controller = new AbortController();
  const why = new Error(`not done after ${seconds} s`);
  setTimeout(() => controller.abort(why), seconds * 1000).unref();
  return controller.signal;
}

function peakMemory({ receivers, source }: Peer): Pick<RunMeasure, MemoryFigure> {
  const peaks = (receivers ?? []).flatMap(({ pid }) => peakRssMiB(pid) ?? []);
  const sourcePeak = source && peakRssMiB(source.pid);
  return {
    ...(peaks.length > 0 && { peakRssMiB: Math.max(...peaks) }),
    ...(sourcePeak !== undefined && { sourcePeakRssMiB: sourcePeak }),
  };
}

async function countRight(lab: Lab, source: SourceFile, signal: AbortSignal): Promise<number> {
  let right = 0;
  for (const host of lab.healthy) {
    if (await isCopyOf(source, join(lab.outputFolder(host), FILE_NAME), signal)) right += 1;
  }
  return right;
}

/** Leaves `work` alone when the signal comes: killing the lab's processes ends it. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
