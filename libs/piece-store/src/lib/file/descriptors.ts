/**
 * Open file descriptors of one task, at most MAX_OPEN_FILES at a time: a task may have more files
 * than a process may have descriptors. The least recently used idle one is closed for the next.
 */
import fs from 'node:fs';
import { promisify } from 'node:util';

const closeFile = promisify(fs.close);

/** Files of one task that are open at once; further ones wait for an idle one to be closed. */
export const MAX_OPEN_FILES = 128;

interface OpenFile {
  readonly descriptor: Promise<number>;
  users: number;
}

export class Descriptors {
  readonly #open: (file: number) => Promise<number>;
  readonly #files = new Map<number, OpenFile>();
  readonly #limit: number;

  /** @param open opens a file by its index in the task */
  constructor(open: (file: number) => Promise<number>, limit = MAX_OPEN_FILES) {
    this.#open = open;
    this.#limit = limit;
  }

  /** Runs `action` with the file's descriptor, which stays open at least until it is done. */
  async use<T>(file: number, action: (descriptor: number) => Promise<T>): Promise<T> {
    const entry = this.#take(file);
    entry.users += 1;
    try {
      return await action(await entry.descriptor);
    } catch (error) {
      if (entry.users === 1 && (await failed(entry.descriptor))) this.#files.delete(file);
      throw error;
    } finally {
      entry.users -= 1;
      await this.#closeIdle();
    }
  }

  /** Indices of the files that are open now. */
  openFiles(): number[] {
    return [...this.#files.keys()];
  }

  /** Closes one file if it is open and idle; the next use opens it again. */
  async forget(file: number): Promise<void> {
    const entry = this.#files.get(file);
    if (!entry) return;
    this.#files.delete(file);
    await closeFile(await entry.descriptor);
  }

  /** Closes every file; close errors are errors (delayed write failures surface there). */
  async close(): Promise<void> {
    for (const file of [...this.#files.keys()]) await this.forget(file);
  }

  #take(file: number): OpenFile {
    const known = this.#files.get(file);
    const entry = known ?? { descriptor: this.#open(file), users: 0 };
    this.#files.delete(file);
    this.#files.set(file, entry);
    return entry;
  }

  async #closeIdle(): Promise<void> {
    if (this.#files.size <= this.#limit) return;
    for (const [file, { users }] of this.#files) {
      if (users === 0) return this.forget(file);
    }
  }
}

async function failed(promise: Promise<unknown>): Promise<boolean> {
  return promise.then(
    () => false,
    () => true,
  );
}
