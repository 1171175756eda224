import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decryptPassword } from '@gofd/auth-crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGofd, CLI_FOLDER, runGofd } from './run-gofd.ts';

beforeAll(buildGofd);

describe('gofd', () => {
  it.each([
    ['no words at all', [], 'nothing to do'],
    ['an unknown command', ['tusk'], 'unknown command "tusk"'],
    ['an unknown option', ['task', 'list', '--jsn'], 'Did you mean --json?'],
    ['two things at once', ['-s', 'a.yml', '-a', 'b.yml'], 'cannot be used with'],
    ['a service and a task', ['-s', 'a.yml', 'task', 'list'], '-s and task do not go together'],
    ['a missing file', ['task', 'create', '--host', 'a'], '--file'],
    ['missing hosts', ['task', 'create', '--file', '/a'], 'no hosts given'],
    [
      'both ways to wait',
      ['task', 'create', '--wait', '--watch', '--file', '/a'],
      'cannot be used',
    ],
    ['an id that is none', ['task', 'get', '../status'], 'is no task id'],
    ['an empty id', ['task', 'cancel', ''], 'is no task id'],
    ['no user', ['task', 'list'], 'no user name given'],
    ['a task without a verb', ['task'], 'Usage: gofd task'],
  ])('calls %s wrong usage: 64, on standard error', async (_title, args, words) => {
    const run = await runGofd(args);
    expect(run).toMatchObject({ status: 64, stdout: '' });
    expect(run.stderr).toContain(words);
  });

  it.each<[string, RegExp]>([
    ['--version', /^gofd \d+\.\d+\.\d+\n$/],
    ['--help', /Examples:[^]*Exit codes:/],
    ['task --help', /GOFD_PASSWORD[^]*Exit codes:/],
    ['task create --help', /Examples:\n {2}gofd task create/],
    ['task get --help', /Examples:\n {2}gofd task get/],
    ['task list --help', /Examples:\n {2}gofd task list/],
    ['task cancel --help', /Example:\n {2}gofd task cancel/],
    ['task watch --help', /Examples:\n {2}gofd task watch/],
    ['task hosts --help', /Examples:\n {2}gofd task hosts/],
    ['task retry --help', /Examples:\n {2}gofd task retry/],
    ['plan --help', /Examples:\n {2}gofd plan/],
    ['doctor --help', /Examples:\n {2}gofd doctor/],
    ['agents --help', /Examples:\n {2}gofd agents/],
    ['completion --help', /Examples:\n {2}source <\(gofd completion bash\)/],
  ])('teaches on %s', async (line, text) => {
    expect(await runGofd(line.split(' '))).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(text),
    });
  });
});

describe('a reader that goes away', () => {
  it('ends the command quietly with the status of a broken pipe', async () => {
    const child = spawn(process.execPath, [`${CLI_FOLDER}/main.js`, '--help']);
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    const [status] = (await once(child, 'close')) as [number | null];
    expect({ status, stderr }).toEqual({ status: 141, stderr: '' });
  });
});

describe('gofd -p', () => {
  const LINES =
    /^factor = (?<factor>[0-9a-f]{8})\ncrc = (?<crc>[0-9A-F]{4})\nstxt = (?<stxt>\S+)\n$/;

  it.each([
    ['on the command line', ['-p', 'gofd'], '', 'gofd'],
    ['beginning with a dash', ['-p-x-'], '', '-x-'],
    ['on standard input', ['-p'], 'gofd', 'gofd'],
    ['on standard input by a dash', ['-p', '-'], 'gofd\n', 'gofd'],
    ['whose spaces and inner line ends count', ['-p', '-'], ' a\nb \n\n', ' a\nb \n'],
    ['beyond ASCII', ['-p', '密码 🔑'], '', '密码 🔑'],
  ])('hides a password %s so that it decrypts back', async (_title, args, stdin, plain) => {
    const run = await runGofd(args, { stdin });
    expect(run).toMatchObject({ status: 0, stderr: '' });
    const { factor = '', crc = '', stxt = '' } = LINES.exec(run.stdout)?.groups ?? {};
    expect(decryptPassword({ factor, crc, stxt })).toBe(plain);
  });

  it.each([
    ['an empty password', ['-p', ''], '', 64],
    ['empty input', ['-p', '-'], '\n', 64],
    ['input without end', ['-p'], 'x'.repeat(64 * 1024 + 1), 78],
  ])('refuses %s', async (_title, args, stdin, status) => {
    expect(await runGofd(args, { stdin })).toMatchObject({ status, stdout: '' });
  });
});

describe('gofd -s and -a', () => {
  let apps = '';
  beforeAll(() => {
    apps = realpathSync(mkdtempSync(join(tmpdir(), 'gofd-apps-')));
    cpSync(CLI_FOLDER, join(apps, 'cli'), { recursive: true });
    mkdirSync(join(apps, 'server'));
    const service = `console.log(JSON.stringify({ pid: process.pid, argv: process.argv.slice(1) }));
process.stdin.on('data', (text) => console.log(String(text))).on('end', () => process.exit(7));`;
    writeFileSync(join(apps, 'server/main.js'), service);
    writeFileSync(join(apps, 'server/package.json'), '{"type":"module"}');
  });
  afterAll(() => rmSync(apps, { recursive: true }));

  it('become that very process: its id, arguments, input, output and exit code', async () => {
    const run = await runGofd(['-s', 'my server.yml'], {
      main: join(apps, 'cli/main.js'),
      stdin: 'through',
    });
    const [said = '', echoed] = run.stdout.split('\n');
    expect(JSON.parse(said)).toEqual({
      pid: run.pid,
      argv: [join(apps, 'server/main.js'), '-c', 'my server.yml'],
    });
    expect(echoed).toBe('through');
    expect(run).toMatchObject({ status: 7, stderr: '' });
  });

  it('say how to build a service that is not there', async () => {
    const run = await runGofd(['-a', 'agent.yml'], { main: join(apps, 'cli/main.js') });
    expect(run.status).toBe(70);
    expect(run.stderr).toContain(`the agent is not built: ${join(apps, 'agent/main.js')}`);
    expect(run.stderr).toContain('hint: run `npm run build`');
  });
});
