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
      if (errnoOf(error) !== 'EEXIST')
        throw toDestinationError(error, `cannot create ${directory}`);
      if (!(await fs.lstat(directory)).isDirectory()) {
        throw new StoreError('DEST_NOT_REGULAR', `${directory} exists and is not a directory`);
      }
    }
  }
  return path;
}

/** Task ids that left a directory behind. */
export async function listTaskDirectories(downdir: string): Promise<string[]> {
  try {
    const entries = await fs.readdir(join(downdir, WORK_DIRECTORY), { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw toDestinationError(error, `cannot list ${join(downdir, WORK_DIRECTORY)}`);
  }
}

/** Removes a task's directory with everything in it. */
export async function removeTaskDirectory(downdir: string, taskId: string): Promise<void> {
  await fs.rm(taskDirectory(downdir, taskId), { recursive: true, force: true });
}
