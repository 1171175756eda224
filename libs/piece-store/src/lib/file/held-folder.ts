/**
 * A folder that is held open, and what is reached through it. A path is walked anew by every call that
 * gets it, so between two calls another process can put a link in the place of a folder. A descriptor
 * stays with the folder that was opened: `/proc/self/fd/<descriptor>/<name>` is one step from there, and
 * O_NOFOLLOW keeps that step from following a link. Node has no openat(2); this is as good on Linux.
 * Where /proc is missing the folder's path is used instead, which is not safe from such a race.
 *
 * Invariant: the descriptor is closed only when nobody uses it, since its number may be another
 * folder's right after.
 */
import fs from 'node:fs';
import fsp from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errnoOf, StoreError, toDestinationError } from '../errors.ts';

const openFile = promisify(fs.open);
const closeFile = promisify(fs.close);
const statFile = promisify(fs.fstat);
const changeMode = promisify(fs.fchmod);

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = fs.constants;
const DESCRIPTORS = '/proc/self/fd';
const OWNER_ONLY = 0o700;
/** Write permission of group and others. */
const OTHERS_WRITE = 0o022;

/** Whether folders can be held here at all: Linux, with /proc. */
export const canHoldFolders = fs.existsSync(DESCRIPTORS);

export class HeldFolder {
  /** For people. */
  readonly path: string;
  readonly #descriptor: number;
  readonly #running = new Set<Promise<unknown>>();
  #isClosed = false;

  private constructor(path: string, descriptor: number) {
    this.path = path;
    this.#descriptor = descriptor;
  }

  /** Follows links: for a folder that the configuration names. @throws StoreError */
  static async open(path: string): Promise<HeldFolder> {
    try {
      return new HeldFolder(path, await openFile(path, O_RDONLY | O_DIRECTORY));
    } catch (error) {
      throw toDestinationError(error, `cannot open ${path}`);
    }
  }

  /**
   * Holds a folder in this one. @returns undefined when there is nothing of that name
   * @throws StoreError DEST_NOT_REGULAR for a link or anything else
   */
  async enter(name: string): Promise<HeldFolder | undefined> {
    const path = join(this.path, name);
    try {
      const descriptor = await this.use(name, (step) =>
        openFile(step, O_RDONLY | O_DIRECTORY | O_NOFOLLOW),
      );
      return new HeldFolder(path, descriptor);
    } catch (error) {
      const errno = errnoOf(error);
      if (errno === 'ENOENT') return undefined;
      if (errno !== 'ENOTDIR' && errno !== 'ELOOP') {
        throw toDestinationError(error, `cannot open ${path}`);
      }
      throw new StoreError('DEST_NOT_REGULAR', `${path} exists and is not a directory`);
    }
  }

  /** Holds a folder in this one that is ours alone, and makes it where there is none. @throws StoreError */
  async make(name: string): Promise<HeldFolder> {
    const path = join(this.path, name);
    try {
      await this.use(name, (step) => fsp.mkdir(step, { mode: OWNER_ONLY }));
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw toDestinationError(error, `cannot create ${path}`);
    }
    const folder = await this.enter(name);
    if (!folder) throw new StoreError('DEST_UNWRITABLE', `${path} was removed by others`);
    try {
      await folder.#shutOthersOut();
      return folder;
    } catch (error) {
      await folder.close();
      throw toDestinationError(error, `others can write to ${path}, and that cannot be changed`);
    }
  }

  /**
   * Runs `action` with a path of one step to `name` in this folder, which stays open until it is done.
   * The last step is the action's own to guard (O_NOFOLLOW, lstat, rename).
   */
  async use<T>(name: string, action: (step: string) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new Error(`${this.path} is closed`);
    const running = action(
      canHoldFolders ? `${DESCRIPTORS}/${this.#descriptor}/${name}` : join(this.path, name),
    );
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Whether its path, as it was opened, still leads here. */
  async isInPlace(): Promise<boolean> {
    const held = await statFile(this.#descriptor, { bigint: true });
    const found = await fsp.stat(this.path, { bigint: true }).catch(() => undefined);
    return found?.dev === held.dev && found.ino === held.ino;
  }

  /** Room that is left for us on its disk. */
  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await this.use('.', (step) => fsp.statfs(step));
    return Math.min(Number.MAX_SAFE_INTEGER, bavail * bsize);
  }

  /** Names in it, without order. @throws StoreError */
  async list(): Promise<fs.Dirent[]> {
    try {
      return await this.use('.', (step) => fsp.readdir(step, { withFileTypes: true }));
    } catch (error) {
      throw toDestinationError(error, `cannot list ${this.path}`);
    }
  }

  /** Removes what is in it; links are removed and not followed. @throws StoreError */
  async clear(): Promise<void> {
    for (const entry of await this.list()) {
      if (entry.isDirectory()) await this.remove(entry.name);
      else await this.#unlink(entry.name);
    }
  }

  /** Removes a folder in this one with everything in it; nothing where there is none. @throws StoreError */
  async remove(name: string): Promise<void> {
    const folder = await this.enter(name);
    if (!folder) return;
    try {
      await folder.clear();
    } finally {
      await folder.close();
    }
    try {
      await this.use(name, fsp.rmdir);
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return;
      throw toDestinationError(error, `cannot remove ${join(this.path, name)}`);
    }
  }

  /** Flushes the names in it to disk. */
  async flush(): Promise<void> {
    await this.use('.', async (step) => {
      const descriptor = await openFile(step, O_RDONLY | O_DIRECTORY);
      try {
        await promisify(fs.fsync)(descriptor);
      } finally {
        await closeFile(descriptor);
      }
    });
  }

  /** Waits for those in use. Safe to repeat. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await Promise.allSettled(this.#running);
    await closeFile(this.#descriptor);
  }

  async #unlink(name: string): Promise<void> {
    try {
      await this.use(name, fsp.unlink);
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return;
      throw toDestinationError(error, `cannot remove ${join(this.path, name)}`);
    }
  }

  /** It may have been here before us, made by somebody with another idea of who may write. */
  async #shutOthersOut(): Promise<void> {
    const { mode } = await statFile(this.#descriptor);
    if ((mode & OTHERS_WRITE) !== 0) await changeMode(this.#descriptor, OWNER_ONLY);
  }
}
