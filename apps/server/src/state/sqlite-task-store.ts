/**
 * The state in one SQLite file. Every method is one transaction. SQLite here is synchronous: a change
 * takes some ten microseconds, so nobody waits for it, and what has been answered has been stored.
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Failure, HostStatus, MetaInfoDto, TaskStatus } from '@gofd/task-model';
import type { PreparedContent } from '../seeding/source-catalog.port.ts';
import { MIGRATIONS } from './migrations.ts';
import { openDatabase } from './open-database.ts';
import {
  StateError,
  TaskStore,
  type AuditAction,
  type AuditEntry,
  type StoredAttempt,
  type StoredContent,
  type StoredHost,
  type StoredTask,
} from './task-store.port.ts';

/** Earlier attempts at one task that are kept beside the last. */
export const MAX_EARLIER_ATTEMPTS = 20;
/** Audit entries that are kept; the oldest make room. */
export const MAX_AUDIT_ENTRIES = 100_000;
/** Entries beyond the bound that are let stand, so that not every entry has to delete one. */
const AUDIT_SLACK = 1_000;

type Row = Record<string, unknown>;

const ATTEMPT_COLUMNS = `dispatch_files, status, created_at, started_at, finished_at, total_bytes,
  failure_code, failure_message, sent_bytes, bytes_per_second, is_closed`;

/** Changes nothing, but is a write. */
const HARMLESS_WRITE = `PRAGMA user_version = ${MIGRATIONS.length}`;

export class SqliteTaskStore extends TaskStore {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #auditCount: number;
  #problem: string | undefined;

  private constructor(database: DatabaseSync) {
    super();
    this.#database = database;
    this.#auditCount = Number(this.#get('SELECT count(*) AS n FROM audit')?.['n']);
  }

  /**
   * @param folder made if it is not there
   * @throws StateError when the state cannot be used; its sentence says what to do
   */
  static open(folder: string): SqliteTaskStore {
    return new SqliteTaskStore(openDatabase(folder));
  }

  loadAll(): StoredTask[] {
    const rows = this.#all(
      `SELECT task_id, attempt, ${ATTEMPT_COLUMNS} FROM attempts AS one
       WHERE attempt = (SELECT max(attempt) FROM attempts WHERE task_id = one.task_id)
       ORDER BY began`,
    );
    return rows.map((row) => {
      const attempt = attemptOf(row);
      const { id, attempt: number } = attempt;
      const hosts = this.#all(
        'SELECT * FROM hosts WHERE task_id = ? AND attempt = ? ORDER BY position',
        id,
        number,
      );
      const content = this.#get(
        'SELECT * FROM contents WHERE task_id = ? AND attempt = ?',
        id,
        number,
      );
      return { ...attempt, hosts: hosts.map(hostOf), content: content && contentOf(content) };
    });
  }

  add(task: StoredTask): void {
    this.#transaction(() => {
      this.#run(
        `INSERT INTO attempts (task_id, attempt, began, ${ATTEMPT_COLUMNS})
         VALUES (?, ?, (SELECT coalesce(max(began), 0) + 1 FROM attempts), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        task.id,
        task.attempt,
        ...attemptValues(task),
      );
      for (const [position, host] of task.hosts.entries()) {
        this.#run(
          `INSERT INTO hosts (task_id, attempt, position, name, status, percent_complete, started_at,
             finished_at, failure_code, failure_message, has_task)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          task.id,
          task.attempt,
          position,
          host.name,
          ...hostValues(host),
        );
      }
      if (task.content) this.#putContent(task.id, task.attempt, task.content);
      this.#run(
        'DELETE FROM attempts WHERE task_id = ? AND attempt < ?',
        task.id,
        task.attempt - MAX_EARLIER_ATTEMPTS,
      );
      this.#run('DELETE FROM contents WHERE task_id = ? AND attempt < ?', task.id, task.attempt);
    });
  }

  update(attempt: StoredAttempt, hosts: ReadonlyMap<number, StoredHost>): void {
    const { id, attempt: number } = attempt;
    this.#transaction(() => {
      this.#run(
        `UPDATE attempts SET (${ATTEMPT_COLUMNS}) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         WHERE task_id = ? AND attempt = ?`,
        ...attemptValues(attempt),
        id,
        number,
      );
      for (const [position, host] of hosts) {
        this.#run(
          `UPDATE hosts SET (status, percent_complete, started_at, finished_at, failure_code,
             failure_message, has_task) = (?, ?, ?, ?, ?, ?, ?)
           WHERE task_id = ? AND attempt = ? AND position = ?`,
          ...hostValues(host),
          id,
          number,
          position,
        );
      }
    });
  }

  setContent(id: string, attempt: number, content: StoredContent | undefined): void {
    this.#transaction(() => {
      this.#run('DELETE FROM contents WHERE task_id = ? AND attempt = ?', id, attempt);
      if (content) this.#putContent(id, attempt, content);
    });
  }

  forget(id: string): void {
    this.#transaction(() => this.#run('DELETE FROM attempts WHERE task_id = ?', id));
  }

  audit({ at, actor, action, taskId, detail }: AuditEntry): void {
    this.#transaction(() => {
      this.#run(
        'INSERT INTO audit (at, actor, action, task_id, detail) VALUES (?, ?, ?, ?, ?)',
        at.getTime(),
        actor,
        action,
        taskId ?? null,
        detail,
      );
      this.#auditCount += 1;
      if (this.#auditCount <= MAX_AUDIT_ENTRIES + AUDIT_SLACK) return;
      this.#run(
        'DELETE FROM audit WHERE id <= (SELECT id FROM audit ORDER BY id DESC LIMIT 1 OFFSET ?)',
        MAX_AUDIT_ENTRIES,
      );
      this.#auditCount = MAX_AUDIT_ENTRIES;
    });
  }

  readAudit(limit: number, taskId?: string): AuditEntry[] {
    const rows =
      taskId === undefined
        ? this.#all('SELECT * FROM audit ORDER BY id DESC LIMIT ?', limit)
        : this.#all(
            'SELECT * FROM audit WHERE task_id = ? ORDER BY id DESC LIMIT ?',
            taskId,
            limit,
          );
    return rows.map(auditOf);
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #putContent(id: string, attempt: number, { content, key, identities }: StoredContent): void {
    const [body, digest] =
      content.wire === 2
        ? [content.manifest.bytes, content.manifest.digest]
        : [Buffer.from(JSON.stringify(content.metaInfo)), null];
    this.#run(
      `INSERT INTO contents (task_id, attempt, wire, body, digest, key, identities)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      id,
      attempt,
      content.wire,
      body,
      digest,
      key,
      JSON.stringify(identities),
    );
  }

  /** After a failed write, another one is tried: somebody may have made room. */
  override findProblem(): string | undefined {
    if (this.#problem === undefined) return undefined;
    try {
      this.#transaction(() => this.#database.exec(HARMLESS_WRITE));
    } catch {
      // What was thrown is #problem.
    }
    return this.#problem;
  }

  #transaction(change: () => void): void {
    if (!this.#database.isOpen) return;
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      change();
      this.#database.exec('COMMIT');
      this.#problem = undefined;
    } catch (error) {
      if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('ROLLBACK');
      const why = error instanceof Error ? error.message : String(error);
      this.#problem = `the server's state cannot be written: ${why}`;
      throw new StateError(this.#problem, error);
    }
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#statement(sql).run(...values);
  }

  #get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...values);
  }

  #all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#statement(sql).all(...values);
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** In the order of ATTEMPT_COLUMNS. */
function attemptValues(attempt: StoredAttempt): SQLInputValue[] {
  return [
    JSON.stringify(attempt.dispatchFiles),
    attempt.status,
    attempt.createdAt.getTime(),
    attempt.startedAt?.getTime() ?? null,
    attempt.finishedAt?.getTime() ?? null,
    attempt.totalBytes ?? null,
    attempt.failure?.code ?? null,
    attempt.failure?.message ?? null,
    attempt.sentBytes,
    attempt.bytesPerSecond ?? null,
    attempt.isClosed ? 1 : 0,
  ];
}

/** From status on, in the order of the table. */
function hostValues(host: StoredHost): SQLInputValue[] {
  return [
    host.status,
    host.percentComplete,
    host.startedAt?.getTime() ?? null,
    host.finishedAt?.getTime() ?? null,
    host.failure?.code ?? null,
    host.failure?.message ?? null,
    host.hasTask ? 1 : 0,
  ];
}

function attemptOf(row: Row): StoredAttempt {
  return {
    id: row['task_id'] as string,
    attempt: row['attempt'] as number,
    dispatchFiles: JSON.parse(row['dispatch_files'] as string) as string[],
    status: row['status'] as TaskStatus,
    createdAt: new Date(row['created_at'] as number),
    startedAt: dateOf(row['started_at']),
    finishedAt: dateOf(row['finished_at']),
    totalBytes: (row['total_bytes'] as number | null) ?? undefined,
    failure: failureOf(row),
    sentBytes: row['sent_bytes'] as number,
    bytesPerSecond: (row['bytes_per_second'] as number | null) ?? undefined,
    isClosed: row['is_closed'] === 1,
  };
}

function hostOf(row: Row): StoredHost {
  return {
    name: row['name'] as string,
    status: row['status'] as HostStatus,
    percentComplete: row['percent_complete'] as number,
    startedAt: dateOf(row['started_at']),
    finishedAt: dateOf(row['finished_at']),
    failure: failureOf(row),
    hasTask: row['has_task'] === 1,
  };
}

function contentOf(row: Row): StoredContent {
  const body = row['body'] as Uint8Array;
  const content: PreparedContent =
    row['wire'] === 2
      ? { wire: 2, manifest: { bytes: body, digest: row['digest'] as Uint8Array } }
      : { wire: 1, metaInfo: JSON.parse(Buffer.from(body).toString()) as MetaInfoDto };
  const identities = JSON.parse(row['identities'] as string) as string[];
  return { content, key: row['key'] as Uint8Array, identities };
}

function auditOf(row: Row): AuditEntry {
  return {
    at: new Date(row['at'] as number),
    actor: row['actor'] as string,
    action: row['action'] as AuditAction,
    taskId: (row['task_id'] as string | null) ?? undefined,
    detail: row['detail'] as string,
  };
}

function failureOf(row: Row): Failure | undefined {
  const code = row['failure_code'] as string | null;
  return code === null ? undefined : { code, message: row['failure_message'] as string };
}

function dateOf(value: unknown): Date | undefined {
  return value === null ? undefined : new Date(value as number);
}
