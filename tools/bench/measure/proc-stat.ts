/**
 * What the first line of /proc/stat says about the whole machine between two moments. The kernel's
 * network work counts as busy, which is why a run is judged by this and not by its processes alone.
 * Waiting for a disk is not busy, and neither is what the hypervisor gave to others (steal). Pure.
 */

/** Ticks of /proc a second: fixed by the kernel's interface on every platform Node runs on. */
export const TICKS_PER_SECOND = 100;

/** Seconds over all cores since the machine started. */
export interface CpuTimes {
  /** Programs, the kernel on their behalf, and interrupts: most of the network work. */
  readonly busy: number;
  readonly idle: number;
  readonly steal: number;
}

export interface CpuUse {
  /** Of all cores together, s. */
  readonly busySeconds: number;
  /** Of the time of all cores, 0..1. */
  readonly stealShare: number;
  /** Cores × elapsed time, s. */
  readonly capacitySeconds: number;
}

export function parseProcStat(text: string): CpuTimes {
  const fields = /^cpu +([\d ]+)/.exec(text)?.[1]?.trim().split(/ +/).map(Number) ?? [];
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] =
    fields.map((ticks) => ticks / TICKS_PER_SECOND);
  return {
    busy: user + nice + system + irq + softirq,
    idle: idle + iowait,
    steal,
  };
}

export function cpuUse(before: CpuTimes, after: CpuTimes): CpuUse {
  const busySeconds = after.busy - before.busy;
  const stealSeconds = after.steal - before.steal;
  const capacitySeconds = busySeconds + stealSeconds + after.idle - before.idle;
  return {
    busySeconds,
    stealShare: capacitySeconds > 0 ? stealSeconds / capacitySeconds : 0,
    capacitySeconds,
  };
}
