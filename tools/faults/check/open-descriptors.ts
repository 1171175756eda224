/** Descriptors of processes, told by the kernel: files, sockets, everything that is open. */
import { readdirSync } from 'node:fs';

interface Watched {
  readonly pid: number;
  readonly logPath: string;
  readonly isRunning: boolean;
}

/** What may stay open after a task: connections that are kept for the next call, and the log's. */
const KEPT = 4;

/** @returns process → how many it has open; those that are gone are left out */
export function countDescriptors<T extends Watched>(processes: readonly T[]): Map<T, number> {
  return new Map(
    processes.flatMap((process) => {
      try {
        return [[process, readdirSync(`/proc/${process.pid}/fd`).length] as const];
      } catch {
        return [];
      }
    }),
  );
}

/** I6. @returns a finding for each process that holds more than it did, beside what is kept */
export function leakedDescriptors<T extends Watched>(before: ReadonlyMap<T, number>): string[] {
  const now = countDescriptors([...before.keys()].filter(({ isRunning }) => isRunning));
  return [...now].flatMap(([process, count]) => {
    const least = before.get(process) ?? count;
    if (count <= least + KEPT) return [];
    return [`I6: ${process.logPath} holds ${count} descriptors, ${least} before the task`];
  });
}
