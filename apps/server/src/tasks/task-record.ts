/**
 * One attempt at a task: the states of task and hosts and every move between them. Pure; who calls it
 * brings the time. Invariant: the task is over exactly when all its hosts are.
 */
import {
  canMoveTask,
  concludeTask,
  formatAddress,
  isRetryableTaskStatus,
  isTerminalTaskStatus,
  type Failure,
  type HostView,
  type TaskStatus,
  type TaskSummary,
  type TaskView,
} from '@gofd/task-model';
import type { StoredAttempt } from '../state/task-store.port.ts';
import type { HostRecord, HostReport } from './host-record.ts';
import { listFiles } from './listed-files.ts';
import { figuresOf } from './task-figures.ts';

/**
 * Each host lists the files again, as the reference does. Beyond this many names in one view the
 * hosts' lists stay empty: 10,000 hosts with 10,000 files would make an answer of gigabytes.
 */
export const MAX_FILE_MENTIONS_PER_VIEW = 200_000;

export interface TaskContent {
  readonly id: string;
  readonly dispatchFiles: readonly string[];
  /** In the order of destIPs. */
  readonly hosts: readonly HostRecord[];
}

/** What of an attempt its record knows; the rest of what is stored, who runs it knows. */
export type RecordedAttempt = Omit<StoredAttempt, 'sentBytes' | 'bytesPerSecond' | 'isClosed'>;

export class TaskRecord {
  readonly id: string;
  readonly attempt: number;
  readonly dispatchFiles: readonly string[];
  readonly hosts: readonly HostRecord[];
  readonly #createdAt: Date;
  readonly #byName = new Map<string, HostRecord>();
  /** Hosts by address alone, as agents of the reference name themselves; undefined if ambiguous. */
  readonly #byAddress = new Map<string, HostRecord | undefined>();
  #status: TaskStatus = 'INIT';
  #startedAt: Date | undefined;
  #finishedAt: Date | undefined;
  #totalBytes: number | undefined;
  #failure: Failure | undefined;
  #onOver: () => void = () => undefined;
  #onChange: () => void = () => undefined;
  #fileBytes: readonly number[] | undefined;
  #onUpdate: (position?: number) => void = () => undefined;

  constructor(content: TaskContent, attempt: number, createdAt: Date) {
    this.id = content.id;
    this.attempt = attempt;
    this.dispatchFiles = content.dispatchFiles;
    this.hosts = content.hosts;
    this.#createdAt = createdAt;
    for (const [position, host] of this.hosts.entries()) {
      host.whenUpdated(() => this.#onUpdate(position));
      const { host: address, port } = host.entry;
      this.#byName.set(host.name, host);
      if (port !== undefined) this.#byName.set(formatAddress(address, port), host);
      this.#byAddress.set(address, this.#byAddress.has(address) ? undefined : host);
    }
  }

  /** As it was stored. */
  static restore(stored: RecordedAttempt, hosts: readonly HostRecord[]): TaskRecord {
    const { id, dispatchFiles, attempt, createdAt } = stored;
    const record = new TaskRecord({ id, dispatchFiles, hosts }, attempt, createdAt);
    record.#status = stored.status;
    record.#startedAt = stored.startedAt;
    record.#finishedAt = stored.finishedAt;
    record.#totalBytes = stored.totalBytes;
    record.#failure = stored.failure;
    return record;
  }

  /**
   * Calls back when something has changed that must be stored.
   * @param callback is given the position of the host that changed; undefined for the task itself
   */
  whenChanged(callback: (position?: number) => void): void {
    this.#onChange = callback;
    for (const [position, host] of this.hosts.entries()) host.whenChanged(() => callback(position));
  }

  /**
   * Calls back when something has changed that is shown, progress included.
   * @param callback is given the position of the host that changed; undefined for the task itself
   */
  whenUpdated(callback: (position?: number) => void): void {
    this.#onUpdate = callback;
  }

  toStore(): RecordedAttempt {
    return {
      id: this.id,
      attempt: this.attempt,
      dispatchFiles: this.dispatchFiles,
      status: this.#status,
      createdAt: this.#createdAt,
      startedAt: this.#startedAt,
      finishedAt: this.#finishedAt,
      totalBytes: this.#totalBytes,
      failure: this.#failure,
    };
  }

  get status(): TaskStatus {
    return this.#status;
  }

  get isOver(): boolean {
    return isTerminalTaskStatus(this.#status);
  }

  /** The same create call would start a new attempt. */
  get isRetryable(): boolean {
    return isRetryableTaskStatus(this.#status);
  }

  /** Calls back once when the task is over; at once if it is. */
  whenOver(callback: () => void): void {
    if (this.isOver) callback();
    else this.#onOver = callback;
  }

  hasContent(dispatchFiles: readonly string[], hostNames: readonly string[]): boolean {
    const names = this.hosts.map(({ name }) => name);
    return isSameList(this.dispatchFiles, dispatchFiles) && isSameList(names, hostNames);
  }

  /** The host that a report names: by its entry of destIPs, or by its bare address. */
  findHost(name: string): HostRecord | undefined {
    return this.#byName.get(name) ?? this.#byAddress.get(name.toLowerCase());
  }

  /** INIT -> INPROGRESS. */
  begin(at: Date): void {
    if (!this.#move('INPROGRESS')) return;
    this.#startedAt = at;
    this.#changed();
  }

  /** @param fileBytes of each file, where they are known */
  prepared(totalBytes: number, fileBytes?: readonly number[]): void {
    this.#totalBytes = totalBytes;
    this.#fileBytes = fileBytes;
    this.#changed();
  }

  /** Bytes of all files together; undefined until they are hashed. */
  get totalBytes(): number | undefined {
    return this.#totalBytes;
  }

  get createdAt(): Date {
    return this.#createdAt;
  }

  report(host: HostRecord, report: HostReport, at: Date): void {
    host.report(report, at);
    this.#concludeWhenAllEnded(at);
  }

  failHost(host: HostRecord, failure: Failure, at: Date): void {
    host.fail(failure, at);
    this.#concludeWhenAllEnded(at);
  }

  /** Ends the whole task for one reason; hosts that have ended stay as they are. */
  fail(failure: Failure, at: Date): void {
    const status = failure.code === 'SOURCE_NOT_FOUND' ? 'FILE_NOT_EXISTED' : 'FAILED';
    if (!canMoveTask(this.#status, status)) return;
    for (const host of this.hosts) host.fail(failure, at);
    this.#failure = failure;
    this.#end(status, at);
  }

  /** -> CANCELLED, unless it is over already. */
  cancel(at: Date): void {
    if (!canMoveTask(this.#status, 'CANCELLED')) return;
    for (const host of this.hosts) host.cancel(at);
    this.#end('CANCELLED', at);
  }

  /** @param speed upload limit of each of its processes, MiB a second */
  summary(serverSentBytes: number, speed?: number): TaskSummary {
    const { hostCounts, ...figures } = figuresOf(this.hosts, this.#totalBytes);
    return {
      id: this.id,
      status: this.#status,
      attempt: this.attempt,
      createdAt: this.#createdAt.toISOString(),
      ...(this.#startedAt && { startedAt: this.#startedAt.toISOString() }),
      ...(this.#finishedAt && { finishedAt: this.#finishedAt.toISOString() }),
      ...(this.#totalBytes !== undefined && { totalBytes: this.#totalBytes }),
      serverSentBytes,
      hostCounts,
      files: listFiles(this.dispatchFiles, this.#totalBytes, this.#fileBytes),
      fileCount: this.dispatchFiles.length,
      ...figures,
      ...(speed !== undefined && { speed }),
      ...this.#failure,
    };
  }

  /** @param explain why a host is late or failed */
  view(
    serverSentBytes: number,
    speed?: number,
    explain: (host: HostRecord) => string | undefined = () => undefined,
  ): TaskView {
    const mentions = this.dispatchFiles.length * this.hosts.length;
    const listed = mentions > MAX_FILE_MENTIONS_PER_VIEW ? [] : this.dispatchFiles;
    const files = listed.map((filename) => ({ filename }));
    const infos = this.hosts.map((host): [string, HostView] => [
      host.name,
      host.view(files, explain(host)),
    ]);
    return {
      ...this.summary(serverSentBytes, speed),
      dispatchFiles: this.dispatchFiles,
      dispatchInfos: Object.fromEntries(infos),
    };
  }

  #concludeWhenAllEnded(at: Date): void {
    if (this.isOver || !this.hosts.every((host) => host.isOver)) return;
    const verdict = concludeTask(this.hosts.map(({ status }) => status));
    if (verdict === 'FAILED') {
      const count = this.hosts.length;
      this.#failure = {
        code: 'ALL_HOSTS_FAILED',
        message: `none of the ${count} hosts has the files; each host says why`,
      };
    }
    this.#end(verdict, at);
  }

  #end(status: TaskStatus, at: Date): void {
    if (!this.#move(status)) return;
    this.#finishedAt = at;
    this.#changed();
    this.#onOver();
  }

  #move(status: TaskStatus): boolean {
    if (!canMoveTask(this.#status, status)) return false;
    this.#status = status;
    return true;
  }

  #changed(): void {
    this.#onChange();
    this.#onUpdate();
  }
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}
