/**
 * Where one task keeps what is not finished: `<downdir>/.gofd/<task id>/`, on the same file system as
 * the final names, so that placing a file is one rename. Removing the directory removes all traces.
 * Every way into it goes step by step through folders that are held, and follows no link.
 */
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, toDestinationError } from '../errors.ts';
import { WORK_DIRECTORY } from '../layout/file-name.ts';
import { HeldFolder } from './held-folder.ts';

/** Path of a task's own directory, for people; task ids are safe as file names. */
export function taskDirectory(downdir: string, taskId: string): string {
  return join(downdir, WORK_DIRECTORY, taskId);
}

/** The folders that a task writes to, held until they are closed. */
export interface TaskFolders {
  /** Where the final names are. */
  readonly downdir: HeldFolder;
  /** The task's own directory. */
  readonly work: HeldFolder;
}

/** Makes the task's directory and holds it; refuses anything that stands there and is no directory. */
export async function openTaskFolders(downdir: string, taskId: string): Promise<TaskFolders> {
  const root = await HeldFolder.open(downdir);
  try {
    const shared = await root.make(WORK_DIRECTORY);
    try {
      return { downdir: root, work: await shared.make(taskId) };
    } finally {
      await shared.close();
    }
  } catch (error) {
    await root.close();
    throw error;
  }
}

/** Makes the task's directory. @returns its path, for people */
export async function createTaskDirectory(downdir: string, taskId: string): Promise<string> {
  const { downdir: root, work } = await openTaskFolders(downdir, taskId);
  await work.close();
  await root.close();
  return work.path;
}

/**
 * Runs `action` in the task's directory; does nothing where there is none.
 * @throws StoreError for a link or anything else in its place, and whatever `action` throws
 */
export async function inTaskDirectory<T>(
  downdir: string,
  taskId: string,
  action: (folder: HeldFolder) => Promise<T>,
): Promise<T | undefined> {
  return inWorkDirectory(downdir, async (shared) => {
    const folder = await shared.enter(taskId);
    try {
      return folder && (await action(folder));
    } finally {
      await folder?.close();
    }
  });
}

/** Task ids that left a directory behind. */
export async function listTaskDirectories(downdir: string): Promise<string[]> {
  const entries = await inWorkDirectory(downdir, (shared) => shared.list());
  return (entries ?? []).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

/** Removes a task's directory with everything in it; a link in its place is removed, not followed. */
export async function removeTaskDirectory(downdir: string, taskId: string): Promise<void> {
  await inWorkDirectory(downdir, async (shared) => {
    try {
      const { isDirectory } = await typeOf(shared, taskId);
      await (isDirectory ? shared.remove(taskId) : shared.use(taskId, fs.unlink));
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return;
      throw toDestinationError(error, `cannot remove ${taskDirectory(downdir, taskId)}`);
    }
  });
}

/** Removes a task's directory if there is nothing in it; parts of an earlier attempt stay. */
export async function removeEmptyTaskDirectory(downdir: string, taskId: string): Promise<void> {
  await inWorkDirectory(downdir, async (shared) => {
    try {
      await shared.use(taskId, fs.rmdir);
    } catch (error) {
      if (['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(errnoOf(error) ?? '')) return;
      throw toDestinationError(error, `cannot remove ${taskDirectory(downdir, taskId)}`);
    }
  });
}

async function typeOf(shared: HeldFolder, name: string): Promise<{ isDirectory: boolean }> {
  const stat = await shared.use(name, (step) => fs.lstat(step));
  return { isDirectory: stat.isDirectory() };
}

async function inWorkDirectory<T>(
  downdir: string,
  action: (shared: HeldFolder) => Promise<T>,
): Promise<T | undefined> {
  const root = await HeldFolder.open(downdir);
  try {
    const shared = await root.enter(WORK_DIRECTORY);
    try {
      return shared && (await action(shared));
    } finally {
      await shared?.close();
    }
  } finally {
    await root.close();
  }
}
