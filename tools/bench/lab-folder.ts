/**
 * Where the files of a benchmark lie: in memory when they fit there, because a disk would be measured
 * otherwise; only workloads that ask for a disk get one. There is one folder per benchmark, which is removed with all its runs.
 */
import { existsSync, mkdtempSync, readFileSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileBytes, type Workload } from './workloads.ts';

const MEMORY_FOLDER = '/dev/shm';
/** statfs type of tmpfs. */
const TMPFS_MAGIC = 0x01021994;
/** For logs, part files and rounding. */
const SPARE_FACTOR = 1.1;
const SPARE_BYTES = 64 * 1024 * 1024;
/** What the processes of a run need beside the files, bytes. */
const PROCESS_BYTES = 2 * 1024 ** 3;

export interface LabNeeds {
  readonly bytes: number;
  /** A folder in memory will not do. */
  readonly disk: boolean;
}

/** Room for one copy per host and the source's, of the largest workload: runs do not overlap. */
export function labNeeds(workloads: readonly Workload[]): LabNeeds {
  const sizes = workloads.map((workload) => (workload.hosts + 1) * fileBytes(workload));
  return {
    bytes: Math.max(0, ...sizes) * SPARE_FACTOR + SPARE_BYTES,
    disk: workloads.some(({ needsDisk }) => needsDisk),
  };
}

/** @returns the folder that will hold the lab's */
export function chooseLabParent(asked: string | undefined, { bytes, disk }: LabNeeds): string {
  if (asked !== undefined) return asked;
  if (disk) return tmpdir();
  const hasRoom = freeBytes(MEMORY_FOLDER) >= bytes && freeMemory() >= bytes + PROCESS_BYTES;
  return hasRoom ? MEMORY_FOLDER : tmpdir();
}

/** @throws Error when the folder is not there, too small, or in memory where it may not be */
export function createLabFolder(parent: string, { bytes, disk }: LabNeeds): string {
  const free = freeBytes(parent);
  if (!existsSync(parent)) throw new Error(`there is no folder ${parent} to make a lab in`);
  if (disk && isTmpfs(parent)) {
    throw new Error(`${parent} is in memory and a disk is needed; give another --lab`);
  }
  if (free < bytes) {
    throw new Error(
      `${parent} has ${toGib(free)} GiB free and ${toGib(bytes)} are needed; give another --lab`,
    );
  }
  return mkdtempSync(join(parent, 'gofd-bench-'));
}

export function isTmpfs(folder: string): boolean {
  return statfsSync(folder).type === TMPFS_MAGIC;
}

/** 0 when the folder is not there. */
function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}

/** What can be had without swapping, bytes. */
function freeMemory(): number {
  const kib = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
  return Number(kib ?? 0) * 1024;
}

function toGib(bytes: number): string {
  return (bytes / 1024 ** 3).toFixed(1);
}
