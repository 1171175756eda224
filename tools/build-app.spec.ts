/** What the build writes: one folder that runs wherever it is put, native addons included. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const BUILD = fileURLToPath(new URL('build-app.mjs', import.meta.url));
const ADDONS = 'node_modules/@napi-rs';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gofd-build-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, args, { encoding: 'utf8', cwd: folder });
}

/** Builds into one folder and moves that to another, outside the workspace. */
function deployed(app: string): string {
  const built = join(folder, `${app}-built`);
  const { status, stderr } = run(BUILD, app, built);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const moved = join(folder, app);
  renameSync(built, moved);
  return moved;
}

/** Hashes "abc" as the bundle at `main` would: by the addon that is found from there. */
const HASH_FROM = `
  import { createRequire } from 'node:module';
  const require = createRequire(process.argv[1]);
  const name = '@napi-rs/blake-hash';
  const { blake3 } = require(name);
  console.log(require.resolve(name), blake3(Buffer.from('abc')).toString('hex'));
`;
const BLAKE3_OF_ABC = '6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85';

describe('a built agent, moved to where there is no workspace', () => {
  let agent: string;

  beforeAll(() => {
    agent = deployed('agent');
  });

  it('starts, with nothing but its own folder', () => {
    const { status, stdout, stderr } = run(join(agent, 'main.js'), '--version');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('gofd-agent');
  });

  it('hashes by the addon of its own folder', () => {
    const { stdout } = run('--input-type=module', '-e', HASH_FROM, join(agent, 'main.js'));
    const [path, digest] = stdout.trim().split(' ');
    expect(path?.startsWith(join(agent, ADDONS))).toBe(true);
    expect(digest).toBe(BLAKE3_OF_ABC);
  });

  it('does not fall into a stack on a machine for which the addon has no binary', () => {
    const binaries = readdirSync(join(agent, ADDONS)).filter((name) => name !== 'blake-hash');
    expect(binaries).not.toEqual([]);
    for (const name of binaries) rmSync(join(agent, ADDONS, name), { recursive: true });
    const { status, stderr } = run(join(agent, 'main.js'), '--version');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

it('an app that hashes nothing carries no addon', () => {
  expect(existsSync(join(deployed('cli'), 'node_modules'))).toBe(false);
});
