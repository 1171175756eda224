/** The live view on a real terminal that is made larger while it is watched. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { anEndedTask, aTask } from './a-task.ts';
import { FakeServer, ok } from './fake-server.ts';
import { buildGofd, CLI_FOLDER } from './run-gofd.ts';

const DEADLINE_MS = 20_000;
const HOSTS = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`h${index}`, {}]));

const server = new FakeServer();
let folder = '';
beforeAll(async () => {
  buildGofd();
  folder = mkdtempSync(join(tmpdir(), 'gofd-terminal-'));
  await server.start();
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** `script` of util-linux makes the terminal, `stty` changes its size, the kernel sends SIGWINCH. */
function canMakeTerminals(): boolean {
  const { stdout } = spawnSync('script', ['--version'], { encoding: 'utf8' });
  if (stdout?.includes('util-linux')) return true;
  process.stderr.write('SKIPPED: the view on a real terminal: no `script` of util-linux here\n');
  return false;
}

it.skipIf(!canMakeTerminals())(
  'shows more hosts when the terminal grows, and leaves the summary',
  async () => {
    server.willAnswer(ok(aTask({ hosts: HOSTS })));
    const name = join(folder, 'tty');
    const size = 'stty rows 10 cols 70';
    const watch = `exec '${process.execPath}' '${CLI_FOLDER}/main.js' task watch release-7`;
    const child = spawn('script', ['-qfec', `${size}; tty > '${name}'; ${watch}`, '/dev/null'], {
      env: { PATH: process.env['PATH'] ?? '', GOFD_SERVER: server.url, GOFD_USER: 'gofd:gofd' },
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: DEADLINE_MS,
      killSignal: 'SIGKILL',
    });
    let output = '';
    let step = 0;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (step === 0 && output.includes('... and 36 more')) {
        step = 1;
        const terminal = readFileSync(name, 'utf8').trim();
        execFileSync('stty', ['-F', terminal, 'rows', '30', 'cols', '100']);
      } else if (step === 1 && output.includes('... and 16 more')) {
        step = 2;
        server.willAnswer(ok(anEndedTask('PARTIAL', { hosts: HOSTS })));
      }
    });
    const status = await new Promise((resolve) => child.once('close', resolve));
    expect({ step, status }).toEqual({ step: 2, status: 2 });
    const [, afterView = ''] = output.split('\u001b[?25h');
    expect(afterView).toMatch(/^task release-7 PARTIAL/);
  },
);
