/**
 * What an agent must know of a task after a restart: the create call, whom to pull from, how often it
 * was run, and the manifest where that did not come with the call. Written whole to a new file, flushed
 * and renamed, so that it is there entirely or not at all. It says nothing about pieces: what is on disk
 * is hashed again.
 */
import { constants } from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import {
  inTaskDirectory,
  listTaskDirectories,
  StoreError,
  taskDirectory,
  toDestinationError,
  type HeldFolder,
} from '@gofd/piece-store';
import { DispatchTaskDto, PullPlanDto, type Failure } from '@gofd/task-model';
import type { StartOrder } from '../tasks/sources-of-task.ts';

const JOURNAL_VERSION = 1;
const JOURNAL_FILE = 'task.json';
const MANIFEST_FILE = 'manifest';
const OWNER_ONLY = 0o600;
const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

/** Chain or plan of the start call are absent until it came. */
export interface JournalEntry extends StartOrder {
  readonly task: DispatchTaskDto;
  /** Upload limit in bytes a second, if it was changed since the create call. */
  readonly speed?: number;
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
  save(entry: JournalEntry): Promise<void> {
    const text = JSON.stringify({ version: JOURNAL_VERSION, ...entry });
    return this.#replace(entry.task.taskId, JOURNAL_FILE, text);
  }

  /** Keeps a manifest that came through the swarm. @throws StoreError */
  saveManifest(taskId: string, bytes: Uint8Array): Promise<void> {
    return this.#replace(taskId, MANIFEST_FILE, bytes);
  }

  /** @returns what is there, to be checked by its digest; undefined when nothing can be read */
  async loadManifest(taskId: string): Promise<Buffer | undefined> {
    const read = (folder: HeldFolder): Promise<SavedFile> => readWhole(folder, MANIFEST_FILE);
    const saved = await inTaskDirectory(this.#downdir, taskId, read).catch(() => undefined);
    return saved?.bytes; // without it, it is fetched again
  }

  async #replace(taskId: string, name: string, content: string | Uint8Array): Promise<void> {
    const folderPath = taskDirectory(this.#downdir, taskId);
    try {
      const isDone = await inTaskDirectory(this.#downdir, taskId, async (folder) => {
        await replaceFile(folder, name, content);
        return true;
      });
      if (!isDone) throw new StoreError('DEST_UNWRITABLE', `${folderPath} does not exist`);
    } catch (error) {
      throw toDestinationError(error, `cannot write ${join(folderPath, name)}`);
    }
  }

  /** Every readable entry; a damaged one is passed to `damaged` and left where it is. */
  async loadAll(damaged: (taskId: string, why: string) => void): Promise<SavedEntry[]> {
    const entries: SavedEntry[] = [];
    for (const taskId of await listTaskDirectories(this.#downdir)) {
      try {
        const saved = await inTaskDirectory(this.#downdir, taskId, (folder) =>
          readWhole(folder, JOURNAL_FILE),
        );
        if (!saved) continue; // gone since the list was made
        const entry = parseEntry(saved.bytes.toString('utf8'), taskId);
        entries.push({ ...entry, savedAtMs: saved.changedAtMs });
      } catch (error) {
        damaged(taskId, error instanceof Error ? error.message : String(error));
      }
    }
    return entries;
  }
}

interface SavedFile {
  readonly bytes: Buffer;
  /** ms since 1970 */
  readonly changedAtMs: number;
}

async function readWhole(folder: HeldFolder, name: string): Promise<SavedFile> {
  const flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
  const file = await folder.use(name, (step) => open(step, flags));
  try {
    return { bytes: await file.readFile(), changedAtMs: (await file.stat()).mtimeMs };
  } finally {
    await file.close();
  }
}

/** By a new file, which nobody else can have opened or linked to before. */
async function replaceFile(
  folder: HeldFolder,
  name: string,
  content: string | Uint8Array,
): Promise<void> {
  const newName = `${name}.new`;
  const discard = (): Promise<void> => folder.use(newName, unlink).catch(() => undefined);
  await discard(); // what a process that was killed left of it
  try {
    const flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
    const file = await folder.use(newName, (step) => open(step, flags, OWNER_ONLY));
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await folder.use(newName, (from) => folder.use(name, (to) => rename(from, to)));
  } catch (error) {
    await discard(); // what a full disk took of it
    throw error;
  }
}

function parseEntry(text: string, taskId: string): JournalEntry {
  const raw = JSON.parse(text) as JournalEntry & { version?: unknown };
  if (raw.version !== JOURNAL_VERSION) throw new Error(`journal version ${String(raw.version)}`);
  const task = checked(DispatchTaskDto, raw.task, 'task');
  if (task.taskId !== taskId) throw new Error(`journal of task ${task.taskId}`);
  if (!Number.isSafeInteger(raw.runs)) throw new Error('bad field runs');
  if (raw.chain !== undefined && !isTextList(raw.chain)) throw new Error('bad field chain');
  if (raw.speed !== undefined && !isSpeed(raw.speed)) throw new Error('bad field speed');
  return {
    task,
    runs: raw.runs,
    ...(raw.speed !== undefined && { speed: raw.speed }),
    ...(raw.chain && { chain: raw.chain }),
    ...(raw.plan && { plan: checked(PullPlanDto, raw.plan, 'plan') }),
    ...(raw.completed && { completed: true }),
    ...(raw.failure && { failure: raw.failure }),
    ...(raw.isOver && { isOver: true }),
  };
}

/** @param field what is named when `raw` is no object at all */
function checked<T extends object>(shape: new () => T, raw: T, field: string): T {
  const value = plainToInstance(shape, raw);
  const problems = validateSync(value, { whitelist: true, forbidNonWhitelisted: true });
  if (problems.length > 0) throw new Error(`bad field ${problems[0]?.property ?? field}`);
  return value;
}

/** A limiter of 0 bytes a second would never let anything go. */
function isSpeed(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
