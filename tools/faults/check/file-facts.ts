/** Facts about files, told by the system's own tools: sizes, times and inodes by lstat, content by sha256sum. */
import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** More paths in one call would meet the limit of the command line. */
const MAX_PATHS_PER_CALL = 500;

export interface FileFacts {
  readonly bytes: bigint;
  readonly mtimeNs: bigint;
  readonly inode: bigint;
  readonly sha256: string;
}

/** @returns path → SHA-256 in hexadecimal */
export function sha256Of(paths: readonly string[]): Map<string, string> {
  const sums = new Map<string, string>();
  for (let at = 0; at < paths.length; at += MAX_PATHS_PER_CALL) {
    const some = paths.slice(at, at + MAX_PATHS_PER_CALL);
    const output = execFileSync('sha256sum', ['--zero', '--', ...some], { encoding: 'utf8' });
    for (const line of output.split('\0').filter((one) => one !== '')) {
      sums.set(line.slice(66), line.slice(0, 64));
    }
  }
  return sums;
}

export function factsOf(paths: readonly string[]): Map<string, FileFacts> {
  const sums = sha256Of(paths);
  return new Map(
    paths.map((path) => {
      const { size, mtimeNs, ino } = lstatSync(path, { bigint: true });
      return [path, { bytes: size, mtimeNs, inode: ino, sha256: sums.get(path) ?? '' }];
    }),
  );
}

/** @returns names of what differs */
export function differences(before: FileFacts, after: FileFacts | undefined): string[] {
  if (!after) return ['is gone'];
  const names = ['bytes', 'mtimeNs', 'inode', 'sha256'] as const;
  return names.filter((name) => before[name] !== after[name]);
}

/** Every path below a folder that is none of `except` and in none of them; links are not followed. */
export function walk(folder: string, except: readonly string[]): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (except.includes(path)) return [];
    return entry.isDirectory() ? [path, ...walk(path, except)] : [path];
  });
}

/** Regular files at the top of a folder: what stands under final names. */
export function finalFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(folder, entry.name));
  } catch {
    return []; // gone or replaced by a file: nothing stands there under a final name
  }
}
