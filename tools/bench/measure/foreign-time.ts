/**
 * CPU time of everybody else: all processes outside the run's namespaces, the bench itself and kernel
 * threads excepted (those work for whoever sends and writes). The kernel counts it exactly, while
 * /proc/stat samples and can miss or double a short burst. Times of ended children are in those of
 * their parents, so the difference of two sums holds who came and went as well.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { namespaceIdentity, networkOf } from '../network/namespace-processes.ts';
import { TICKS_PER_SECOND } from './proc-stat.ts';

/** Flag of a kernel thread (PF_KTHREAD of linux/sched.h). */
const KERNEL_THREAD = 0x00200000;
/** Places in /proc/PID/stat, counted from the state, which follows the name. */
const FLAGS = 6;
const USER_TIME = 11;
const CHILDREN_SYSTEM_TIME = 14;

/** Sum so far, s; only the difference of two means something. */
export function foreignSeconds(ownNamespaces: readonly string[]): number {
  const own = new Set(ownNamespaces.map(namespaceIdentity));
  let seconds = 0;
  for (const pid of readdirSync('/proc').map(Number)) {
    if (!Number.isInteger(pid) || pid === process.pid || own.has(networkOf(pid))) continue;
    seconds += parseProcessSeconds(readStat(pid));
  }
  return seconds;
}

/** Of some processes so far, s; those that have ended count nothing. */
export function secondsOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + parseProcessSeconds(readStat(pid)), 0);
}

/**
 * User and system time of a process and of its children that have ended, s; 0 for kernel threads.
 * @param stat text of /proc/PID/stat; empty when it has ended
 */
export function parseProcessSeconds(stat: string): number {
  // The name may hold spaces and brackets; the last bracket ends it.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 1)
    .trim()
    .split(' ')
    .map(Number);
  const isKernelThread = ((fields[FLAGS] ?? 0) & KERNEL_THREAD) !== 0;
  if (isKernelThread || fields.length <= CHILDREN_SYSTEM_TIME) return 0;
  const ticks = fields.slice(USER_TIME, CHILDREN_SYSTEM_TIME + 1);
  return ticks.reduce((sum, one) => sum + one, 0) / TICKS_PER_SECOND;
}

function readStat(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}
