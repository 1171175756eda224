import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { inspectDestination } from './inspect-destination.ts';

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gofd-inspect-'));
  onTestFinished(() => {
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true });
  });
  return folder;
}

function look(downdir: string, files: { name: string; length: number }[], taskId?: string) {
  return inspectDestination({ downdir, files, taskId, maxListed: 3 });
}

const codesOf = async (report: ReturnType<typeof look>): Promise<string[]> =>
  (await report).problems.map(({ code }) => code);

describe('inspectDestination', () => {
  it('finds nothing in the way of an empty folder, and leaves it empty', async () => {
    const downdir = aFolder();
    const report = await look(downdir, [{ name: 'a', length: 5 }], 't1');
    expect(report).toMatchObject({ problems: [], replaces: [], replacedCount: 0 });
    expect(report.freeBytes).toBeGreaterThan(0);
    expect(readdirSync(downdir)).toEqual([]);
  });

  it('tells every problem of every file, and which files would be replaced', async () => {
    const downdir = aFolder();
    writeFileSync(join(downdir, 'old'), 'here');
    mkdirSync(join(downdir, 'folder'));
    symlinkSync('/etc/passwd', join(downdir, 'link'));
    const names = ['old', 'folder', 'link', '../out'];
    const report = await look(
      downdir,
      names.map((name) => ({ name, length: 1 })),
    );
    expect(report.problems.map(({ code }) => code)).toEqual([
      'DEST_NOT_REGULAR',
      'DEST_NOT_REGULAR',
      'UNSAFE_PATH',
    ]);
    expect([report.replaces, report.replacedCount]).toEqual([['old'], 1]);
  });

  it('counts all and lists as many as it may', async () => {
    const downdir = aFolder();
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) writeFileSync(join(downdir, name), 'x');
    const report = await look(
      downdir,
      names.map((name) => ({ name, length: 2 })),
    );
    expect([report.replaces.length, report.replacedCount]).toEqual([3, 5]);
  });

  it('says when the files do not fit, and counts what is there already', async () => {
    const downdir = aFolder();
    const length = Number.MAX_SAFE_INTEGER;
    expect(await codesOf(look(downdir, [{ name: 'a', length }]))).toEqual(['NO_SPACE']);
    writeFileSync(join(downdir, 'b'), 'four');
    expect(await codesOf(look(downdir, [{ name: 'b', length: 4 }]))).toEqual([]);
  });

  it('says when the folder is gone, is none, or the work folder is a link', async () => {
    const downdir = aFolder();
    expect(await codesOf(look(join(downdir, 'gone'), []))).toEqual(['DEST_UNWRITABLE']);
    expect(await look(join(downdir, 'gone'), [])).toMatchObject({ freeBytes: undefined });
    writeFileSync(join(downdir, 'file'), '');
    expect(await codesOf(look(join(downdir, 'file'), []))).toEqual(['DEST_UNWRITABLE']);
    symlinkSync('/tmp', join(downdir, '.gofd'));
    expect(await codesOf(look(downdir, [], 't1'))).toEqual(['DEST_NOT_REGULAR']);
  });

  it('says when nothing can be written there', async () => {
    const downdir = aFolder();
    chmodSync(downdir, 0o555);
    expect(await codesAsSomebodyElse(downdir)).toEqual(['DEST_UNWRITABLE']);
  });
});

/** Root may write anywhere, so a process of nobody looks in its place. */
async function codesAsSomebodyElse(downdir: string): Promise<string[]> {
  if (process.getuid?.() !== 0) return codesOf(look(downdir, []));
  const module = JSON.stringify(new URL('./inspect-destination.ts', import.meta.url).href);
  const options = JSON.stringify({ downdir, files: [], maxListed: 3 });
  const script = `import { inspectDestination } from ${module};
    process.setuid(65534);
    const { problems } = await inspectDestination(${options});
    console.log(JSON.stringify(problems.map(({ code }) => code)));`;
  const args = ['--input-type=module', '--eval', script];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as string[];
}
