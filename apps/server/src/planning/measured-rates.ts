/**
 * What hosts received a second in the tasks that they completed lately: bytes over time, from the moment an
 * agent took a task until its files were in place. Tasks of many bytes count for more. Pure.
 */

/** Completed tasks of one host that count, the newest ones. */
export const MAX_RATED_TASKS = 5;
/** Tasks that are looked through, the newest ones: each may have 10,000 hosts. */
export const MAX_TASKS_LOOKED_AT = 50;

export interface RatedTask {
  readonly totalBytes: number | undefined;
  readonly hosts: readonly RatedHost[];
}

export interface RatedHost {
  readonly address: string;
  /** Undefined unless it has the files. */
  readonly tookMs: number | undefined;
}

interface Sum {
  bytes: number;
  tookMs: number;
  count: number;
}

/** @param tasks newest first @returns bytes a second by address */
export function measureRates(tasks: Iterable<RatedTask>): ReadonlyMap<string, number> {
  const sums = new Map<string, Sum>();
  let looked = 0;
  for (const { totalBytes, hosts } of tasks) {
    if (looked === MAX_TASKS_LOOKED_AT) break;
    looked += 1;
    if (totalBytes) for (const host of hosts) add(sums, host, totalBytes);
  }
  return new Map(
    [...sums].map(([address, { bytes, tookMs }]) => [
      address,
      Math.round((bytes / tookMs) * 1_000),
    ]),
  );
}

function add(sums: Map<string, Sum>, { address, tookMs }: RatedHost, bytes: number): void {
  if (tookMs === undefined || tookMs <= 0) return;
  const sum = sums.get(address) ?? { bytes: 0, tookMs: 0, count: 0 };
  if (sum.count === MAX_RATED_TASKS) return;
  sum.bytes += bytes;
  sum.tookMs += tookMs;
  sum.count += 1;
  sums.set(address, sum);
}
