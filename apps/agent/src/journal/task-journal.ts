/**
 * What an agent must know of a task after a restart: the create call, the chain and how often it was
 * run. Written whole to a new file, flushed and renamed, so that it is there entirely or not at all.
 * It says nothing about pieces: what is on disk is hashed again.
 */
import { open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { listTaskDirectories, taskDirectory, toDestinationError } from '@gofd/piece-store';
import { DispatchTaskDto, type Failure } from '@gofd/task-model';

const JOURNAL_VERSION = 1;
const JOURNAL_FILE = 'task.json';
const OWNER_ONLY = 0o600;

export interface JournalEntry {
  readonly task: DispatchTaskDto;
  /** The chain of the start call; absent until it came. */
  readonly chain?: readonly string[];
  /** Grows by one each time the agent takes the task up; makes report sequences grow. */
  readonly runs: number;
  /** Set once the files were in place: what happens to them later is their owner's business. */
  readonly completed?: boolean;
  /** Set once the task failed here; it is not taken up again. */
  readonly failure?: Failure;
  /** The server is done with the task; its parts wait for another attempt. */
  readonly isOver?: boolean;
}

/** An entry read back, with the time of its last change in ms since 1970. */
export interface SavedEntry extends JournalEntry {
  readonly savedAtMs: number;
}

export class TaskJournal {
  readonly #downdir: string;

  constructor(downdir: string) {
    this.#downdir = downdir;
  }

  /**
   * The task's directory must exist; one save of a task at a time.
   * @throws StoreError
   */
  async save(entry: JournalEntry): Promise<void> {
    const path = join(taskDirectory(this.#downdir, entry.task.taskId), JOURNAL_FILE);
    try {
      await writeFlushed(`${path}.new`, JSON.stringify({ version: JOURNAL_VERSION, ...entry }));
      await rename(`${path}.new`, path);
    } catch (error) {
      await unlink(`${path}.new`).catch(() => undefined); // what a full disk took of it
      throw toDestinationError(error, `cannot write ${path}`);
    }
  }

  /** Every readable entry; a damaged one is passed to `damaged` and left where it is. */
  async loadAll(damaged: (taskId: string, why: string) => void): Promise<SavedEntry[]> {
    const entries: SavedEntry[] = [];
    for (const taskId of await listTaskDirectories(this.#downdir)) {
      try {
        const path = join(taskDirectory(this.#downdir, taskId), JOURNAL_FILE);
        const entry = parseEntry(await readFile(path, 'utf8'), taskId);
        entries.push({ ...entry, savedAtMs: (await stat(path)).mtimeMs });
      } catch (error) {
        damaged(taskId, error instanceof Error ? error.message : String(error));
      }
    }
    return entries;
  }
}

async function writeFlushed(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', OWNER_ONLY);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

function parseEntry(text: string, taskId: string): JournalEntry {
  const raw = JSON.parse(text) as JournalEntry & { version?: unknown };
  if (raw.version !== JOURNAL_VERSION) throw new Error(`journal version ${String(raw.version)}`);
  const task = plainToInstance(DispatchTaskDto, raw.task);
  const problems = validateSync(task, { whitelist: true, forbidNonWhitelisted: true });
  if (problems.length > 0) throw new Error(`bad field ${problems[0]?.property ?? '?'}`);
  if (task.taskId !== taskId) throw new Error(`journal of task ${task.taskId}`);
  if (!Number.isSafeInteger(raw.runs)) throw new Error('bad field runs');
  if (raw.chain !== undefined && !isTextList(raw.chain)) throw new Error('bad field chain');
  return {
    task,
    runs: raw.runs,
    ...(raw.chain && { chain: raw.chain }),
    ...(raw.completed && { completed: true }),
    ...(raw.failure && { failure: raw.failure }),
    ...(raw.isOver && { isOver: true }),
  };
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
