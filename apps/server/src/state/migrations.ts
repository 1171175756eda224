/**
 * The schema of the state file, as the steps that lead to it. Steps are only ever added: a file says in
 * `user_version` how many of them it has seen, and one that has seen more than we know is left alone.
 * Times are ms since 1970; lists are JSON.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE attempts (
    task_id TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    began INTEGER NOT NULL,             -- rises with every attempt of any task
    dispatch_files TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    total_bytes INTEGER,
    failure_code TEXT,
    failure_message TEXT,
    sent_bytes INTEGER NOT NULL,
    bytes_per_second REAL,
    is_closed INTEGER NOT NULL,
    PRIMARY KEY (task_id, attempt)
  ) STRICT;

  CREATE UNIQUE INDEX attempts_in_order ON attempts (began);

  CREATE TABLE hosts (
    task_id TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    position INTEGER NOT NULL,          -- in destIPs, from 0
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    percent_complete REAL NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    failure_code TEXT,
    failure_message TEXT,
    has_task INTEGER NOT NULL,
    PRIMARY KEY (task_id, attempt, position),
    FOREIGN KEY (task_id, attempt) REFERENCES attempts ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE contents (
    task_id TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    wire INTEGER NOT NULL,
    body BLOB NOT NULL,                 -- v2: the manifest; v1: metaInfo as JSON
    digest BLOB,                        -- v2: BLAKE3 of body
    key BLOB NOT NULL,
    identities TEXT NOT NULL,
    PRIMARY KEY (task_id, attempt),
    FOREIGN KEY (task_id, attempt) REFERENCES attempts ON DELETE CASCADE
  ) STRICT;

  CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    task_id TEXT,
    detail TEXT NOT NULL
  ) STRICT;

  CREATE INDEX audit_of_task ON audit (task_id, id);
  `,
];
