/**
 * Open file descriptors of one task: a task may have more files than a process may have descriptors.
 * Idle ones stay open up to a limit, beyond which the least recently used is closed. Invariant: a
 * descriptor is closed only when nobody uses it, since its number may be another file's right after.
 */
import fs from 'node:fs';
import { promisify } from 'node:util';

const closeFile = promisify(fs.close);

/** Files of one task that stay open at once; files in use at the same moment may exceed it. */
export const MAX_OPEN_FILES = 128;

interface OpenFile {
  readonly descriptor: Promise<number>;
  users: number;
}

export class Descriptors {
  readonly #open: (file: number) => Promise<number>;
  /** Least recently used first. */
  readonly #files = new Map<number, OpenFile>();
  readonly #running = new Set<Promise<unknown>>();
  readonly #limit: number;
  #isClosed = false;

  /** @param open opens a file by its index in the task */
  constructor(open: (file: number) => Promise<number>, limit = MAX_OPEN_FILES) {
    this.#open = open;
    this.#limit = limit;
  }

  /**
   * Runs `action` with the file's descriptor, which stays open at least until it is done. A file that
   * could not be opened is tried anew by the next use.
   */
  async use<T>(file: number, action: (descriptor: number) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new Error('the files of this task are closed');
    const running = this.#run(this.#take(file), action);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Indices of the files that are open now. */
  openFiles(): number[] {
    return [...this.#files.keys()];
  }

  /** Closes one file if it is open and idle; the next use opens it again. */
  async forget(file: number): Promise<void> {
    const entry = this.#files.get(file);
    if (!entry || entry.users > 0) return;
    this.#files.delete(file);
    await closeFile(await entry.descriptor);
  }

  /**
   * Waits for those in use, then closes every file; nothing is opened afterwards. Close errors are
   * errors (delayed write failures surface there).
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#running);
    const closings = await Promise.allSettled(this.openFiles().map((file) => this.forget(file)));
    const failed = closings.find((closing) => closing.status === 'rejected');
    if (failed) throw failed.reason as Error;
  }

  async #run<T>(entry: OpenFile, action: (descriptor: number) => Promise<T>): Promise<T> {
    entry.users += 1;
    try {
      return await action(await entry.descriptor);
    } finally {
      entry.users -= 1;
      await this.#closeIdle();
    }
  }

  #take(file: number): OpenFile {
    const entry = this.#files.get(file) ?? this.#openEntry(file);
    this.#files.delete(file);
    this.#files.set(file, entry);
    return entry;
  }

  #openEntry(file: number): OpenFile {
    const entry = { descriptor: this.#open(file), users: 0 };
    entry.descriptor.catch(() => {
      if (this.#files.get(file) === entry) this.#files.delete(file);
    });
    return entry;
  }

  async #closeIdle(): Promise<void> {
    if (this.#files.size <= this.#limit) return;
    for (const [file, { users }] of this.#files) {
      if (users === 0) return this.forget(file);
    }
  }
}
