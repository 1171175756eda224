/** Builders of records for the tests. */
import { parseHostEntry, type HostEntry } from '@gofd/task-model';
import { HostRecord } from '../src/tasks/host-record.ts';
import { TaskRecord } from '../src/tasks/task-record.ts';

export const AT = new Date('2026-11-22T22:27:37.395Z');
export const LATER = new Date('2026-11-22T22:28:00.000Z');

export interface RecordShape {
  readonly id?: string;
  readonly hosts?: readonly string[];
  readonly files?: readonly string[];
  readonly attempt?: number;
}

export function aTaskRecord(shape: RecordShape = {}): TaskRecord {
  const { id = 't1', hosts = ['10.0.0.1', '10.0.0.2'], files = ['/src/a'], attempt = 1 } = shape;
  const records = hosts.map((name) => new HostRecord(name, parseHostEntry(name) as HostEntry));
  return new TaskRecord({ id, dispatchFiles: files, hosts: records }, attempt, AT);
}

/** A record whose turn has come. */
export function aBegunRecord(shape: RecordShape = {}): TaskRecord {
  const record = aTaskRecord(shape);
  record.begin(AT);
  return record;
}

export function hostOf(record: TaskRecord, index: number): HostRecord {
  const host = record.hosts[index];
  if (!host) throw new Error(`there is no host ${index}`);
  return host;
}
