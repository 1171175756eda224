/** `gofd simulate` hands over to the simulator, which is built beside it. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGofd, CLI_FOLDER, runGofd } from './run-gofd.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

let folder: string;
let main: string;

beforeAll(() => {
  buildGofd();
  folder = mkdtempSync(join(tmpdir(), 'gofd-simulate-'));
  main = join(folder, 'cli', 'main.js');
  cpSync(CLI_FOLDER, join(folder, 'cli'), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('gofd simulate', () => {
  it('says what to do where the simulator is not built', async () => {
    const run = await runGofd(['simulate', '--agents', '5'], { main });
    expect(run).toMatchObject({ status: 70, stdout: '' });
    expect(run.stderr).toMatch(/the simulator is not built[^]*npm run build/);
  });

  describe('with the simulator beside it', () => {
    beforeAll(() => {
      const args = [`${ROOT}tools/build-app.mjs`, 'simulator', join(folder, 'simulator')];
      execFileSync(process.execPath, args, { cwd: ROOT });
    });

    it('becomes it: options, result and status are its own', async () => {
      const line = 'simulate --agents 4 --size 1MiB --rate 1Gbit --json';
      const run = await runGofd(line.split(' '), { main });
      expect(run).toMatchObject({ status: 0, stderr: '' });
      expect(JSON.parse(run.stdout)).toMatchObject({
        options: { agents: 4, totalBytes: 2 ** 20 },
        result: { incomplete: 0 },
        command: 'gofd simulate --agents 4 --size 1MiB --rate 1Gbit --seed 1',
      });
    });

    it('hands --help and wrong options over as well', async () => {
      const help = await runGofd(['simulate', '--help'], { main });
      expect(help).toMatchObject({ status: 0, stderr: '' });
      expect(help.stdout).toMatch(/--oversubscription[^]*Examples:/);
      const wrong = await runGofd(['simulate', '--agents', '-3'], { main });
      expect(wrong).toMatchObject({ status: 64, stdout: '' });
    });
  });
});
