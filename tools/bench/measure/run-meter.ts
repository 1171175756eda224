/**
 * What a run costs, from the dispatch to its end: CPU time of the whole machine less what others took
 * meanwhile and less what it uses when idle, CPU time of the peer's processes alone, and how much the
 * others took. A round in which that was more than 5 % is marked, not dropped: on shared machines
 * somebody always works.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { foreignSeconds, secondsOf } from './foreign-time.ts';
import { cpuUse, parseProcStat, type CpuTimes, type CpuUse } from './proc-stat.ts';

const IDLE_SAMPLE_MS = 1000;

export interface CpuReading {
  /** Of the whole machine without the others and above its idle use, s. */
  readonly machineSeconds: number;
  /** Of the peer's processes, their own kernel time included, s; undefined where nobody counts. */
  readonly peerSeconds: number | undefined;
  /** Stolen by the hypervisor, 0..1 of all cores. */
  readonly stealShare: number;
  /** Taken by processes that belong neither to the peer nor to the bench, 0..1 of all cores. */
  readonly foreignShare: number;
  /** Cores × elapsed time, s. */
  readonly capacitySeconds: number;
}

export interface MeteredRun {
  /** What `measureIdleShare` found before the run. */
  readonly idleShare: number;
  /** Total CPU time of the peer's processes so far, s. */
  readonly peerClock: (() => number) | undefined;
  /** Whose processes are not foreign. */
  readonly namespaces: readonly string[];
}

/**
 * Busy share of the machine before a run that is nobody's whom we can see, 0..1: kernel threads and
 * processes of other containers. What can be seen is counted exactly during the run itself.
 */
export async function measureIdleShare(
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const readMeter = startMeter({ idleShare: 0, peerClock: undefined, namespaces });
  await sleep(IDLE_SAMPLE_MS, undefined, { signal });
  const { machineSeconds, capacitySeconds } = readMeter();
  return machineSeconds / capacitySeconds;
}

/** Starts measuring; the function that it returns reads what has been used since. */
export function startMeter({ idleShare, peerClock, namespaces }: MeteredRun): () => CpuReading {
  const foreignBefore = foreignSeconds(namespaces);
  const peerBefore = peerClock?.() ?? 0;
  const before = readCpuTimes();
  return () => {
    const use = cpuUse(before, readCpuTimes());
    const peerSeconds = peerClock && peerClock() - peerBefore;
    return toReading(use, idleShare, {
      peerSeconds,
      foreignSeconds: foreignSeconds(namespaces) - foreignBefore,
    });
  };
}

/**
 * For processes without namespaces of their own: starts watching; the function that it returns tells what
 * share of all cores neither they nor the bench had, but others or the hypervisor, 0..1.
 */
export function startWatchingOthers(ownPids: readonly number[]): () => number {
  const others = (): number => foreignSeconds([]) - secondsOf(ownPids);
  const othersBefore = others();
  const before = readCpuTimes();
  return () => {
    const use = cpuUse(before, readCpuTimes());
    const counted = { peerSeconds: undefined, foreignSeconds: others() - othersBefore };
    const { stealShare, foreignShare } = toReading(use, 0, counted);
    return stealShare + foreignShare;
  };
}

export function toReading(
  use: CpuUse,
  idleShare: number,
  counted: { peerSeconds: number | undefined; foreignSeconds: number },
): CpuReading {
  const { busySeconds, capacitySeconds, stealShare } = use;
  const foreign = Math.max(0, counted.foreignSeconds);
  return {
    machineSeconds: Math.max(0, busySeconds - foreign - idleShare * capacitySeconds),
    peerSeconds: counted.peerSeconds,
    stealShare,
    foreignShare: capacitySeconds > 0 ? foreign / capacitySeconds : 0,
    capacitySeconds,
  };
}

function readCpuTimes(): CpuTimes {
  return parseProcStat(readFileSync('/proc/stat', 'utf8'));
}
