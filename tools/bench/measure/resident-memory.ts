/** The most memory that a process ever had resident (VmHWM), as the kernel keeps it. */
import { readFileSync } from 'node:fs';

const KIB_PER_MIB = 1024;

/** MiB; undefined when the process has ended. */
export function peakRssMiB(pid: number): number | undefined {
  try {
    return parsePeakRssMiB(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param status text of /proc/PID/status */
export function parsePeakRssMiB(status: string): number | undefined {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kib === undefined ? undefined : Number(kib) / KIB_PER_MIB;
}
