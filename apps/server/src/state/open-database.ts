/**
 * Opens the state file so that nobody else can read it, no second server can use it, and a process that
 * is killed at any moment leaves it whole.
 */
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type * as Sqlite from 'node:sqlite';
import { MIGRATIONS } from './migrations.ts';
import { StateError, StateInUseError } from './task-store.port.ts';

export const STATE_FILE = 'state.db';
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/**
 * WAL with NORMAL loses nothing when the process dies; a power cut may cost the last commits, never the
 * file. What is lost so, agents report again when they are asked. EXCLUSIVE keeps a second server out.
 */
const SETTINGS = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA foreign_keys = ON;
`;

/**
 * @param folder made if it is not there
 * @throws StateError when the file cannot be used
 */
export function openDatabase(folder: string): Sqlite.DatabaseSync {
  const path = join(folder, STATE_FILE);
  try {
    createPrivately(folder, path);
  } catch (error) {
    throw new StateError(`cannot keep state in ${folder}: ${reasonOf(error)}`, error);
  }
  let database: Sqlite.DatabaseSync | undefined;
  try {
    database = new (loadSqlite().DatabaseSync)(path);
    database.exec(SETTINGS);
    migrate(database, path);
    return database;
  } catch (error) {
    if (database?.isOpen) database.close();
    throw error instanceof StateError ? error : toStateError(error, path);
  }
}

/** Asked for here and not imported: on an older Node, a server that keeps nothing still runs. */
function loadSqlite(): typeof Sqlite {
  const sqlite = process.getBuiltinModule('node:sqlite') as typeof Sqlite | undefined;
  if (sqlite) return sqlite;
  throw new StateError(
    `Node ${process.versions.node} has no SQLite: run the server with Node 22.13 or newer, or leave \`state\` out`,
  );
}

/** Brings a file up to date, or leaves it as it is. */
export function migrate(
  database: Sqlite.DatabaseSync,
  path: string,
  migrations: readonly string[] = MIGRATIONS,
): void {
  // The first access takes the lock, so a second server stops here.
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as {
    user_version: number;
  };
  if (version > migrations.length) {
    throw new StateError(
      `${path} was written by a newer version (schema ${version}, this one knows ${migrations.length}); run that version, or give another folder in \`state\``,
    );
  }
  for (const [index, step] of migrations.slice(version).entries()) {
    database.exec(`BEGIN IMMEDIATE; ${step} PRAGMA user_version = ${version + index + 1}; COMMIT`);
  }
  // Even with nothing to do: a write proves that the file can be written, and takes the lock.
  database.exec(`BEGIN IMMEDIATE; PRAGMA user_version = ${migrations.length}; COMMIT`);
}

/** SQLite would create the file for everybody to read; its companions get the mode of the file. */
function createPrivately(folder: string, path: string): void {
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  closeSync(openSync(path, 'a', FILE_MODE));
  chmodSync(path, FILE_MODE);
}

const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

function toStateError(error: unknown, path: string): StateError {
  const { errcode } = error as { errcode?: number };
  switch ((errcode ?? 0) & 0xff) {
    case SQLITE_BUSY:
      return new StateInUseError(`${path} is in use: another server runs with this folder`, error);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return new StateError(
        `${path} is damaged: move it away and start again; agents keep what they have, tasks have to be created again`,
        error,
      );
    default:
      return new StateError(`${path} cannot be used: ${reasonOf(error)}`, error);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
