/**
 * Where one task keeps what is not finished: `<downdir>/.gofd/<task id>/`, on the same file system as
 * the final names, so that placing a file is one rename. Removing the directory removes all traces.
 */
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, StoreError, toDestinationError } from '../errors.ts';
import { WORK_DIRECTORY } from '../layout/file-name.ts';

const OWNER_ONLY = 0o700;

/** Path of a task's own directory; task ids are safe as file names. */
export function taskDirectory(downdir: string, taskId: string): string {
  return join(downdir, WORK_DIRECTORY, taskId);
}

/** Makes the task's directory; refuses anything that stands there and is not a real directory. */
export async function createTaskDirectory(downdir: string, taskId: string): Promise<string> {
  const path = taskDirectory(downdir, taskId);
  for (const directory of [join(downdir, WORK_DIRECTORY), path]) {
    try {
      await fs.mkdir(directory, { mode: OWNER_ONLY });
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') {
        throw toDestinationError(error, `cannot create ${directory}`);
      }
      await isRealDirectory(directory);
    }
  }
  return path;
}

/** Task ids that left a directory behind. */
export async function listTaskDirectories(downdir: string): Promise<string[]> {
  const path = join(downdir, WORK_DIRECTORY);
  if (!(await isRealDirectory(path))) return [];
  try {
    const entries = await fs.readdir(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    throw toDestinationError(error, `cannot list ${path}`);
  }
}

/** Removes a task's directory with everything in it. */
export async function removeTaskDirectory(downdir: string, taskId: string): Promise<void> {
  const path = taskDirectory(downdir, taskId);
  if (!(await isRealDirectory(join(downdir, WORK_DIRECTORY)))) return;
  try {
    await fs.rm(path, { recursive: true, force: true });
  } catch (error) {
    throw toDestinationError(error, `cannot remove ${path}`);
  }
}

/** Removes a task's directory if there is nothing in it; parts of an earlier attempt stay. */
export async function removeEmptyTaskDirectory(downdir: string, taskId: string): Promise<void> {
  const path = taskDirectory(downdir, taskId);
  if (!(await isRealDirectory(join(downdir, WORK_DIRECTORY)))) return;
  try {
    await fs.rmdir(path);
  } catch (error) {
    if (['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(errnoOf(error) ?? '')) return;
    throw toDestinationError(error, `cannot remove ${path}`);
  }
}

/** @returns false when nothing is there. @throws StoreError for a link or anything else */
async function isRealDirectory(path: string): Promise<boolean> {
  try {
    if ((await fs.lstat(path)).isDirectory()) return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw toDestinationError(error, `cannot look at ${path}`);
  }
  throw new StoreError('DEST_NOT_REGULAR', `${path} exists and is not a directory`);
}
