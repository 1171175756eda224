/**
 * Sums over the hosts of a task. A failed or cancelled host counts as lost, not as delivered;
 * what it had received still counts as moved, so that the rate does not jump when it fails.
 */
import type { HostStatus, HostView, TaskView } from '@gofd/task-model';

export interface TaskProgress {
  /** 0..1 of all copies together. */
  readonly deliveredShare: number;
  /** 0..1: hosts that will not get the files in this attempt. */
  readonly lostShare: number;
  /** Undefined until the server knows the size. */
  readonly movedBytes?: number;
  /** Still to come for the hosts in play. */
  readonly remainingBytes?: number;
}

export function taskProgress(task: TaskView): TaskProgress {
  const hosts = Object.values(task.dispatchInfos);
  const hostCount = Math.max(1, hosts.length);
  const lost = hosts.filter(({ status }) => isLost(status)).length;
  const delivered = sumOfPercent(hosts.filter(({ status }) => !isLost(status))) / 100;
  const shares = { deliveredShare: delivered / hostCount, lostShare: lost / hostCount };
  if (task.totalBytes === undefined) return shares;
  return {
    ...shares,
    movedBytes: (sumOfPercent(hosts) / 100) * task.totalBytes,
    remainingBytes: Math.max(0, hosts.length - lost - delivered) * task.totalBytes,
  };
}

function isLost(status: HostStatus): boolean {
  return status === 'FAILED' || status === 'CANCELLED';
}

function sumOfPercent(hosts: readonly HostView[]): number {
  return hosts.reduce((sum, host) => sum + host.percentComplete, 0);
}

/** What the eye should meet first, first. */
const HOST_ORDER = ['FAILED', 'INPROGRESS', 'INIT', 'CANCELLED', 'COMPLETED'] as const;

/** Hosts with their names: failed ones first, then those in progress; else in the order given. */
export function hostsByUrgency(task: TaskView): readonly (readonly [string, HostView])[] {
  const hosts = Object.entries(task.dispatchInfos);
  return HOST_ORDER.flatMap((status) => hosts.filter(([, host]) => host.status === status));
}
