/** What the hosts of a task add up to, in one pass over them. Pure. */
import type { HostCounts, HostStatus } from '@gofd/task-model';
import type { HostRecord } from './host-record.ts';

const PERCENT_WHOLE = 100;

export interface TaskFigures {
  readonly hostCounts: HostCounts;
  /** The mean of all hosts, rounded down to a tenth. */
  readonly percentComplete: number;
  /** All hosts in progress together; undefined while nothing is measured. */
  readonly bytesPerSecond?: number;
  readonly etaSeconds?: number;
}

export function figuresOf(
  hosts: readonly HostRecord[],
  totalBytes: number | undefined,
): TaskFigures {
  const byStatus = new Map<HostStatus, number>();
  let percentSum = 0;
  let percentLeft = 0;
  let bytesPerSecond: number | undefined;
  for (const host of hosts) {
    byStatus.set(host.status, (byStatus.get(host.status) ?? 0) + 1);
    percentSum += host.percentComplete;
    if (!host.isOver) percentLeft += PERCENT_WHOLE - host.percentComplete;
    const rate = rateOf(host, totalBytes);
    if (rate !== undefined) bytesPerSecond = (bytesPerSecond ?? 0) + rate;
  }
  const of = (status: HostStatus): number => byStatus.get(status) ?? 0;
  const left = ((totalBytes ?? 0) * percentLeft) / PERCENT_WHOLE;
  return {
    hostCounts: {
      total: hosts.length,
      waiting: of('INIT'),
      inProgress: of('INPROGRESS'),
      completed: of('COMPLETED'),
      failed: of('FAILED'),
      cancelled: of('CANCELLED'),
    },
    percentComplete: hosts.length === 0 ? 0 : Math.floor((percentSum / hosts.length) * 10) / 10,
    ...(bytesPerSecond !== undefined && { bytesPerSecond: Math.round(bytesPerSecond) }),
    ...(bytesPerSecond &&
      left > 0 && { etaSeconds: Math.max(1, Math.round(left / bytesPerSecond)) }),
  };
}

/** Bytes a second of a host in progress: as it measured itself, else by its reports. */
export function rateOf(host: HostRecord, totalBytes: number | undefined): number | undefined {
  if (host.status !== 'INPROGRESS') return undefined;
  const { percentPerSecond, measures } = host;
  if (measures?.bytesPerSecond !== undefined) return measures.bytesPerSecond;
  if (percentPerSecond === undefined || totalBytes === undefined) return undefined;
  return Math.round((percentPerSecond / PERCENT_WHOLE) * totalBytes);
}
