/** The command as npm carries it: packed, installed without a network, run. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const ROOT_MANIFEST = JSON.parse(readFileSync(script('../package.json'), 'utf8')) as {
  version: string;
};

let folder: string;
let place: string;
let packed: string[];

function run(cwd: string, command: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  return { status, stdout, stderr };
}

function succeed(cwd: string, command: string, ...args: string[]): string {
  const { status, stdout, stderr } = run(cwd, command, ...args);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${status}\n${stdout}${stderr}`);
  return stdout;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gofd-npm-'));
  const [built, prepared] = [join(folder, 'built'), join(folder, 'prepared')];
  succeed(folder, process.execPath, script('build-app.mjs'), 'cli', built);
  succeed(folder, process.execPath, script('package-cli.mjs'), built, prepared);
  const [archive] = JSON.parse(succeed(prepared, 'npm', 'pack', '--json')) as [
    { filename: string; files: { path: string }[] },
  ];
  packed = archive.files.map(({ path }) => path);
  place = join(folder, 'place');
  mkdirSync(place);
  const quiet = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  succeed(place, 'npm', 'install', ...quiet, '--prefix', place, join(prepared, archive.filename));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const gofd = (...args: string[]) => run(place, join(place, 'node_modules/.bin/gofd'), ...args);

describe('the package of the command', () => {
  it('holds the command, its words and its licence, and no maps', () => {
    expect(packed).toEqual(expect.arrayContaining(['main.js', 'README.md', 'LICENSE']));
    expect(packed.filter((path) => !/^(chunks\/[^/]+\.js|main\.js|[^/]+)$/.test(path))).toEqual([]);
    expect(packed.filter((path) => path.endsWith('.map'))).toEqual([]);
  });

  it('brings no other package along', () => {
    const installed = readdirSync(join(place, 'node_modules')).filter((name) => !/^\./.test(name));
    expect(installed).toEqual(['gofd']);
  });

  it('runs: its version is that of the repository', () => {
    const { status, stdout } = gofd('--version');
    expect({ status, stdout: stdout.trim() }).toMatchObject({ status: 0 });
    expect(stdout).toContain(ROOT_MANIFEST.version);
  });

  it('runs: it explains itself', () => {
    const { status, stdout, stderr } = gofd('--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('task');
  });

  it('says in one line that the services are not in it', () => {
    const { status, stderr } = gofd('-s', 'server.yml');
    expect(status).not.toBe(0);
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
    expect(stderr).not.toContain('at file:');
  });
});
