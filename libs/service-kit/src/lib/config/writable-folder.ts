import { mkdtempSync, realpathSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DiskCheck } from './config-key.ts';

const PROBE_PREFIX = '.gofd-probe-';

/** The folder exists, is not the root of the file system, and something can be made in it. */
export const writableFolderProblem: DiskCheck = (path) =>
  downdirProblem(path) ?? writeProblem(path);

/** The folder exists. */
export const folderProblem: DiskCheck = (path) => {
  try {
    return statSync(path).isDirectory() ? undefined : `${path} is not a folder`;
  } catch (error) {
    return cannotBeUsed(path, error);
  }
};

function downdirProblem(path: string): string | undefined {
  try {
    if (!statSync(path).isDirectory()) return `${path} is not a folder`;
    return realpathSync(path) === '/' ? 'must not be the root of the file system' : undefined;
  } catch (error) {
    return cannotBeUsed(path, error);
  }
}

function cannotBeUsed(path: string, error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `${path} does not exist; create it first`;
  return `${path} cannot be used (${code ?? 'unknown cause'})`;
}

/** Tries it: permission bits alone know nothing of read-only mounts, quotas and containers. */
function writeProblem(path: string): string | undefined {
  try {
    rmdirSync(mkdtempSync(join(path, PROBE_PREFIX)));
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return `${path} cannot be written by this process (${code ?? 'unknown cause'})`;
  }
}
