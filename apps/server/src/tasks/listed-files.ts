/** The files of a task by the names under which they land, as a summary lists them. Pure. */
import { basename } from 'node:path';
import { MAX_FILES_IN_SUMMARY, type TaskFile } from '@gofd/task-model';

/**
 * @param totalBytes of all files together: that of the file itself where there is one
 * @param fileBytes of each file; after a restart they are unknown until the sources are opened again
 */
export function listFiles(
  paths: readonly string[],
  totalBytes: number | undefined,
  fileBytes?: readonly number[],
): TaskFile[] {
  return paths.slice(0, MAX_FILES_IN_SUMMARY).map((path, index) => {
    const length = paths.length === 1 ? totalBytes : fileBytes?.[index];
    return { name: basename(path), ...(length !== undefined && { length }) };
  });
}
