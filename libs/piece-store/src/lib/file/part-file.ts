/** Opens the file in which the bytes of one half-received file are, and looks at what stands at a name. */
import fs from 'node:fs';
import fsp from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errnoOf, StoreError, toDestinationError } from '../errors.ts';
import type { HeldFolder } from './held-folder.ts';

const openFile = promisify(fs.open);
const closeFile = promisify(fs.close);
const statFile = promisify(fs.fstat);
const resizeFile = promisify(fs.ftruncate);
const changeMode = promisify(fs.fchmod);

const { O_RDONLY, O_RDWR, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
/** Of what is received, and the umask may take more away: never setuid, never executable. */
const FILE_MODE = 0o644;
const ALL_MODE_BITS = 0o7777;

/** Name of a file's part in the task's own directory. */
export function partName(file: number): string {
  return `${file}.part`;
}

/** Opens a finished file to be read. */
export function openFinal(downdir: HeldFolder, name: string): Promise<number> {
  return downdir.use(name, (step) => openFile(step, O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
}

/**
 * Opens a part to be written, and makes it where there is none, with its whole length.
 * @throws StoreError DEST_NOT_REGULAR when it is no plain file, or has a second name somewhere
 */
export async function openPart(work: HeldFolder, name: string, length: number): Promise<number> {
  const descriptor = await work.use(name, (step) =>
    openFile(step, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, FILE_MODE),
  );
  try {
    const { mode, nlink, size, isPlain } = await look(descriptor);
    if (!isPlain || nlink > 1) {
      const path = join(work.path, name);
      throw new StoreError('DEST_NOT_REGULAR', `${path} is not a plain file of this name alone`);
    }
    // A part of an earlier run has been at others' disposal.
    const excess = mode & ALL_MODE_BITS & ~FILE_MODE;
    if (excess !== 0) await changeMode(descriptor, mode & FILE_MODE);
    if (size !== length) await resizeFile(descriptor, length);
    return descriptor;
  } catch (error) {
    await closeFile(descriptor);
    throw error;
  }
}

/** Size of a regular file, undefined when nothing is there. @throws StoreError for anything else */
export async function regularFileBytes(
  folder: HeldFolder,
  name: string,
): Promise<number | undefined> {
  const path = join(folder.path, name);
  try {
    const stat = await folder.use(name, (step) => fsp.lstat(step));
    if (stat.isFile()) return stat.size;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw toDestinationError(error, `cannot look at ${path}`);
  }
  throw new StoreError('DEST_NOT_REGULAR', `${path} exists and is not a regular file`);
}

async function look(descriptor: number) {
  const stat = await statFile(descriptor);
  return { mode: stat.mode, nlink: stat.nlink, size: stat.size, isPlain: stat.isFile() };
}
