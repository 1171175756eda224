/**
 * What the server remembers across its own death: each task's attempts, the state of every host, what is
 * being sent, and who asked for what. Whatever is answered to a caller has been stored before.
 */
import type { Failure, HostStatus, TaskStatus } from '@gofd/task-model';
import type { PreparedContent } from '../seeding/source-catalog.port.ts';

/** One host of an attempt. */
export interface StoredHost {
  /** As given in destIPs. */
  readonly name: string;
  readonly status: HostStatus;
  readonly percentComplete: number;
  readonly startedAt?: Date | undefined;
  readonly finishedAt?: Date | undefined;
  readonly failure?: Failure | undefined;
  /** The agent took the create call, or may have: it has to be told when the task ends. */
  readonly hasTask: boolean;
}

/** What is sent, and by which secret; dropped when the attempt is over. */
export interface StoredContent {
  readonly content: PreparedContent;
  /** Of wire v2, 32 bytes; a secret. */
  readonly key: Uint8Array;
  /** Of each source file, as it was when it was hashed. */
  readonly identities: readonly string[];
}

/** An attempt without its hosts and content. */
export interface StoredAttempt {
  readonly id: string;
  readonly attempt: number;
  readonly dispatchFiles: readonly string[];
  readonly status: TaskStatus;
  readonly createdAt: Date;
  readonly startedAt?: Date | undefined;
  readonly finishedAt?: Date | undefined;
  readonly totalBytes?: number | undefined;
  readonly failure?: Failure | undefined;
  /** Payload bytes that the server had sent when the attempt ended. */
  readonly sentBytes: number;
  /** Upload limit as it was set last, bytes a second; undefined while it is the server's own. */
  readonly bytesPerSecond?: number | undefined;
  /** Every agent that had the task has been told that it is over. */
  readonly isClosed: boolean;
}

/** All that is known of the last attempt at a task. */
export interface StoredTask extends StoredAttempt {
  readonly hosts: readonly StoredHost[];
  readonly content?: StoredContent | undefined;
}

/** Something that somebody asked for, or that the server did of itself. */
export interface AuditEntry {
  readonly at: Date;
  /** User and address of the caller; `server` for what it did of itself. */
  readonly actor: string;
  readonly action: AuditAction;
  readonly taskId?: string | undefined;
  /** One line for people. */
  readonly detail: string;
}

export type AuditAction = 'create' | 'cancel' | 'retry' | 'speed' | 'over' | 'start' | 'stop';

/** Every call either stores all of it or throws StateError and stores nothing. */
export abstract class TaskStore {
  /** The last attempt at every task, in the order in which those began. */
  abstract loadAll(): StoredTask[];

  /** A new task, or a new attempt at one. */
  abstract add(task: StoredTask): void;

  /** What has changed in an attempt and some of its hosts, by position in destIPs. */
  abstract update(attempt: StoredAttempt, hosts: ReadonlyMap<number, StoredHost>): void;

  /** What an attempt sends from now on; undefined drops it. */
  abstract setContent(id: string, attempt: number, content: StoredContent | undefined): void;

  /** A task with all its attempts; its audit entries stay. */
  abstract forget(id: string): void;

  abstract audit(entry: AuditEntry): void;

  /** Newest first. @param taskId of one task alone */
  abstract readAudit(limit: number, taskId?: string): AuditEntry[];

  /** Why the last write failed, if it would fail again now; undefined while all is well. */
  abstract findProblem(): string | undefined;

  /** What changes from now on is not kept: the next life of the server takes up what was before. */
  abstract close(): void;
}

/** The state cannot be read or written; the sentence says what to do. */
export class StateError extends Error {
  /** Another server uses the state: no fault of the configuration, and over when that one has stopped. */
  readonly isInUse: boolean = false;

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'StateError';
  }
}

export class StateInUseError extends StateError {
  override readonly isInUse = true;
}
