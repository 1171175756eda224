import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MIGRATIONS } from './migrations.ts';
import { migrate, STATE_FILE } from './open-database.ts';
import { MAX_AUDIT_ENTRIES, MAX_EARLIER_ATTEMPTS, SqliteTaskStore } from './sqlite-task-store.ts';
import { StateError, type StoredContent, type StoredTask } from './task-store.port.ts';

const AT = new Date('2026-11-23T10:00:00.123Z');

const CONTENT: StoredContent = {
  content: {
    wire: 2,
    manifest: { bytes: new Uint8Array([1, 2, 3]), digest: new Uint8Array(32).fill(7) },
  },
  key: new Uint8Array(32).fill(9),
  identities: ['1:2:3:4:true'],
};

function task(id: string, changes: Partial<StoredTask> = {}): StoredTask {
  return {
    id,
    attempt: 1,
    dispatchFiles: ['/src/a b', '/src/ü'],
    status: 'INIT',
    createdAt: AT,
    startedAt: undefined,
    finishedAt: undefined,
    totalBytes: undefined,
    failure: undefined,
    sentBytes: 0,
    bytesPerSecond: undefined,
    isClosed: false,
    hosts: [host('10.0.0.1'), host('10.0.0.2')],
    content: undefined,
    ...changes,
  };
}

function host(name: string): StoredTask['hosts'][number] {
  return {
    name,
    status: 'INIT',
    percentComplete: 0,
    startedAt: undefined,
    finishedAt: undefined,
    failure: undefined,
    hasTask: false,
  };
}

let folder = '';
let store: SqliteTaskStore;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'gofd-state-')), 'made');
  store = SqliteTaskStore.open(folder);
});

afterEach(() => {
  store.close();
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

/** As after a restart. */
function reopened(): SqliteTaskStore {
  store.close();
  store = SqliteTaskStore.open(folder);
  return store;
}

/** A second connection, as an attacker or a broken disk would change the file; the first is closed. */
function tamper(change: (database: DatabaseSync) => void): void {
  store.close();
  const database = new DatabaseSync(join(folder, STATE_FILE));
  change(database);
  database.close();
}

describe('tasks', () => {
  it('are the same after a restart, in the order of their last attempts', () => {
    const full = task('b', {
      status: 'PARTIAL',
      startedAt: AT,
      finishedAt: new Date(AT.getTime() + 1),
      totalBytes: 2 ** 53 - 1,
      failure: { code: 'X', message: "it's over" },
      sentBytes: 12,
      bytesPerSecond: 1.5,
      isClosed: true,
      content: CONTENT,
      hosts: [
        {
          name: '[::1]:80',
          status: 'FAILED',
          percentComplete: 99.5,
          startedAt: AT,
          finishedAt: AT,
          failure: { code: 'Y', message: 'why' },
          hasTask: true,
        },
      ],
    });
    store.add(task('a'));
    store.add(full);
    store.add(task('a', { attempt: 2 }));
    expect(reopened().loadAll()).toEqual([full, task('a', { attempt: 2 })]);
  });

  it('keep the content of wire v1', () => {
    const metaInfo = { length: 1, PieceLen: 1024, pieces: 'aGk=', files: [] };
    const content: StoredContent = { ...CONTENT, content: { wire: 1, metaInfo } };
    store.add(task('a'));
    store.setContent('a', 1, content);
    expect(reopened().loadAll()[0]?.content).toEqual(content);
  });

  it('change with the hosts that are named', () => {
    store.add(task('a'));
    const done = { ...host('10.0.0.2'), status: 'COMPLETED', percentComplete: 100 } as const;
    store.update(task('a', { status: 'INPROGRESS', startedAt: AT }), new Map([[1, done]]));
    expect(reopened().loadAll()).toEqual([
      task('a', { status: 'INPROGRESS', startedAt: AT, hosts: [host('10.0.0.1'), done] }),
    ]);
  });

  it('lose their content when it is dropped, and with the next attempt', () => {
    store.add(task('a', { content: CONTENT }));
    store.setContent('a', 1, undefined);
    expect(store.loadAll()[0]?.content).toBeUndefined();
    store.setContent('a', 1, CONTENT);
    store.add(task('a', { attempt: 2 }));
    tamper((database) => {
      expect(database.prepare('SELECT count(*) AS n FROM contents').get()).toEqual({ n: 0 });
    });
  });

  it('are forgotten with all their attempts, hosts and content', () => {
    store.add(task('a', { content: CONTENT }));
    store.add(task('a', { attempt: 2, content: CONTENT }));
    store.add(task('b'));
    store.forget('a');
    expect(store.loadAll()).toEqual([task('b')]);
    tamper((database) => {
      expect(database.prepare('SELECT count(*) AS n FROM hosts').get()).toEqual({ n: 2 });
      expect(database.prepare('SELECT count(*) AS n FROM contents').get()).toEqual({ n: 0 });
    });
  });

  it('keep MAX_EARLIER_ATTEMPTS beside the last one', () => {
    const last = MAX_EARLIER_ATTEMPTS + 5;
    for (let attempt = 1; attempt <= last; attempt += 1) store.add(task('a', { attempt }));
    expect(store.loadAll()).toEqual([task('a', { attempt: last })]);
    tamper((database) => {
      const row = database.prepare('SELECT min(attempt) AS first FROM attempts').get();
      expect(row).toEqual({ first: last - MAX_EARLIER_ATTEMPTS });
    });
  });

  it('of which one is there already are refused whole', () => {
    store.add(task('a'));
    expect(() => store.add(task('a', { hosts: [] }))).toThrow(StateError);
    expect(store.loadAll()).toEqual([task('a')]);
  });
});

describe('a state that refused a write', () => {
  it('is a problem for as long as it would refuse the next one', () => {
    expect(store.findProblem()).toBeUndefined();
    store.add(task('a'));
    expect(() => store.add(task('a'))).toThrow(StateError);
    expect(store.findProblem()).toBeUndefined(); // the file itself can be written
    const exec = vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(() => {
      throw new Error('database or disk is full');
    });
    try {
      expect(() => store.add(task('b'))).toThrow(StateError);
      expect(store.findProblem()).toContain('database or disk is full');
    } finally {
      exec.mockRestore();
    }
    expect(store.findProblem()).toBeUndefined();
    expect(store.loadAll()).toEqual([task('a')]);
  });
});

describe('the audit trail', () => {
  const entry = {
    at: AT,
    actor: 'ops from 10.0.0.9',
    action: 'create',
    detail: '2 hosts',
  } as const;

  it('is read newest first, of all or of one task, and outlives the task', () => {
    store.audit({ ...entry, taskId: 'a' });
    store.audit({ ...entry, action: 'start', taskId: undefined });
    store.audit({ ...entry, action: 'cancel', taskId: 'a' });
    store.forget('a');
    const actions = (taskId?: string): string[] =>
      reopened()
        .readAudit(10, taskId)
        .map(({ action }) => action);
    expect(actions()).toEqual(['cancel', 'start', 'create']);
    expect(actions('a')).toEqual(['cancel', 'create']);
    expect(store.readAudit(1)).toEqual([{ ...entry, action: 'cancel', taskId: 'a' }]);
  });

  it('is cut at MAX_AUDIT_ENTRIES', () => {
    tamper((database) => {
      database.exec(`
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${MAX_AUDIT_ENTRIES + 1000})
        INSERT INTO audit (at, actor, action, detail) SELECT i, 'x', 'create', 'old' FROM n`);
    });
    store = SqliteTaskStore.open(folder);
    store.audit(entry);
    const all = store.readAudit(10 * MAX_AUDIT_ENTRIES);
    expect(all).toHaveLength(MAX_AUDIT_ENTRIES);
    expect(all[0]).toEqual({ ...entry, taskId: undefined });
  });
});

describe('the state file', () => {
  it('is for the server alone to read', () => {
    store.add(task('a'));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const modes = readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777);
    expect(new Set(modes)).toEqual(new Set([0o600]));
  });

  it('is refused to a second server', () => {
    expect(() => SqliteTaskStore.open(folder)).toThrow(/in use: another server/);
    store.add(task('a'));
    expect(store.loadAll()).toHaveLength(1);
  });

  it('of a newer version is left alone', () => {
    tamper((database) => database.exec('PRAGMA user_version = 99'));
    expect(() => SqliteTaskStore.open(folder)).toThrow(/newer version \(schema 99/);
  });

  it('that is none is refused with what to do', () => {
    store.close();
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
    writeFileSync(join(folder, STATE_FILE), 'no database'.repeat(1000));
    expect(() => SqliteTaskStore.open(folder)).toThrow(/damaged: move it away/);
  });

  it('in a folder that cannot be made is refused', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => SqliteTaskStore.open(join(file, 'below'))).toThrow(/cannot keep state in/);
  });

  it('is brought up to date by the steps that it has not seen', () => {
    tamper((database) => {
      migrate(database, 'x', [...MIGRATIONS, 'CREATE TABLE later (a INTEGER) STRICT;']);
      migrate(database, 'x', [...MIGRATIONS, 'CREATE TABLE later (a INTEGER) STRICT;']);
      expect(database.prepare('SELECT count(*) AS n FROM later').get()).toEqual({ n: 0 });
    });
  });

  it('stays as it was when a step fails', () => {
    tamper((database) => {
      expect(() =>
        migrate(database, 'x', [...MIGRATIONS, 'CREATE TABLE later (a INTEGER) STRICT; NONSENSE;']),
      ).toThrow();
    });
    expect(SqliteTaskStore.open(folder).loadAll()).toEqual([]);
  });
});
