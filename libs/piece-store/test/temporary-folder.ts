/** Folders, mounts and fingerprints for tests; everything made here is gone when its test ends. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that only this test knows. */
export async function temporaryFolder(): Promise<string> {
  const path = await fs.mkdtemp(join(os.tmpdir(), 'gofd-'));
  onTestFinished(() => fs.rm(path, { recursive: true, force: true }));
  return path;
}

/**
 * A file system of its own. @returns its folder, or why this machine refuses to mount one
 * @param options as mount(8) takes them, for instance `size=4m`
 */
export async function mountedFolder(
  options: string,
): Promise<{ folder?: string; refusal: string }> {
  const folder = await fs.mkdtemp(join(os.tmpdir(), 'gofd-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'pipe' });
  } catch (error) {
    await fs.rmdir(folder);
    const refusal = `needs root and mount(8): ${error instanceof Error ? error.message : 'failed'}`;
    process.stderr.write(`TEST SKIPPED, ${refusal}\n`);
    return { refusal };
  }
  onTestFinished(async () => {
    execFileSync('umount', [folder]);
    await fs.rmdir(folder);
  });
  return { folder, refusal: '' };
}

/** One line for each entry below a folder: path, kind, size, modification time, content. */
export async function fingerprint(folder: string): Promise<string[]> {
  const lines: string[] = [];
  for (const name of (await fs.readdir(folder, { recursive: true })).sort()) {
    const path = join(folder, name);
    const stat = await fs.lstat(path);
    const content = stat.isFile() ? sha256(await fs.readFile(path)) : '';
    lines.push(`${name} ${stat.mode} ${stat.ino} ${stat.size} ${stat.mtimeMs} ${content}`);
  }
  return lines;
}

/** Descriptors of this process that are open below a folder. */
export async function openDescriptorsBelow(folder: string): Promise<number> {
  const descriptors = await fs.readdir('/proc/self/fd');
  const targets = await Promise.all(
    descriptors.map((descriptor) => fs.readlink(`/proc/self/fd/${descriptor}`).catch(() => '')),
  );
  return targets.filter((target) => target.startsWith(`${folder}/`)).length;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
