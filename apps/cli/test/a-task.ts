/** Builders of task views for the tests. */
import type { HostStatus, HostView, TaskStatus, TaskView } from '@gofd/task-model';

export const MIB = 1024 * 1024;

export interface TaskShape {
  readonly id?: string;
  readonly status?: TaskStatus;
  readonly attempt?: number;
  readonly totalBytes?: number | undefined;
  readonly files?: readonly string[];
  readonly hosts?: Readonly<Record<string, Partial<HostView>>>;
  readonly finishedAt?: string;
  readonly code?: string;
  readonly message?: string;
}

export function aTask(shape: TaskShape = {}): TaskView {
  const hosts = Object.entries(shape.hosts ?? { '10.0.0.1': {} });
  const dispatchInfos = Object.fromEntries(hosts.map(([name, host]) => [name, aHost(host)]));
  const { code, message, finishedAt } = shape;
  const totalBytes = 'totalBytes' in shape ? shape.totalBytes : 100 * MIB;
  const infos = Object.values(dispatchInfos);
  const hostCounts = countHosts(infos);
  const files = shape.files ?? ['/data/app.tar'];
  const percentSum = infos.reduce((sum, { percentComplete }) => sum + percentComplete, 0);
  return {
    id: shape.id ?? 'release-7',
    status: shape.status ?? 'INPROGRESS',
    attempt: shape.attempt ?? 1,
    createdAt: '2026-11-22T23:15:00.000Z',
    startedAt: '2026-11-22T23:15:01.000Z',
    serverSentBytes: 104 * MIB,
    hostCounts,
    files: files.map((path) => ({ name: path.split('/').at(-1) ?? path })),
    fileCount: files.length,
    percentComplete: infos.length === 0 ? 0 : percentSum / infos.length,
    dispatchFiles: files,
    dispatchInfos,
    ...(finishedAt !== undefined && { finishedAt }),
    ...(totalBytes !== undefined && { totalBytes }),
    ...(code !== undefined && { code }),
    ...(message !== undefined && { message }),
  };
}

/** A task that ended, with the given hosts. */
export function anEndedTask(status: TaskStatus, shape: TaskShape = {}): TaskView {
  return aTask({ finishedAt: '2026-11-22T23:16:24.000Z', ...shape, status });
}

function aHost(host: Partial<HostView>): HostView {
  return { status: 'INPROGRESS', percentComplete: 0, dispatchFiles: [], ...host };
}

function countHosts(hosts: readonly HostView[]): TaskView['hostCounts'] {
  const count = (status: HostStatus): number =>
    hosts.filter((host) => host.status === status).length;
  return {
    total: hosts.length,
    waiting: count('INIT'),
    inProgress: count('INPROGRESS'),
    completed: count('COMPLETED'),
    failed: count('FAILED'),
    cancelled: count('CANCELLED'),
  };
}
