import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEndedTask, aTask } from './a-task.ts';
import { FakeServer, ok, refusal } from './fake-server.ts';
import { buildGofd, runGofd, type Run, type RunOptions } from './run-gofd.ts';

const server = new FakeServer();
beforeAll(async () => {
  buildGofd();
  await server.start();
});
afterAll(() => server.stop());

function watch(args: readonly string[] = [], options: RunOptions = {}): Promise<Run> {
  const env = { GOFD_SERVER: server.url, GOFD_USER: 'gofd:gofd' };
  return runGofd(['task', 'watch', 'release-7', ...args], { ...options, env });
}

const at = (percentComplete: number) => ok(aTask({ hosts: { h1: { percentComplete } } }));

describe('gofd task watch', () => {
  it.each([
    ['COMPLETED', 0],
    ['FAILED', 1],
    ['FILE_NOT_EXISTED', 1],
    ['PARTIAL', 2],
    ['CANCELLED', 3],
  ] as const)('a task that ends %s exits %d', async (status, exitStatus) => {
    server.willAnswer(ok(anEndedTask(status)));
    const run = await watch();
    expect(run.status).toBe(exitStatus);
    expect(run.stdout).toContain(`task release-7 ${status} in 1:23\n`);
  });

  it('writes plain lines with the time into a pipe, and no escape sequence', async () => {
    server.willAnswer(at(10), at(20), at(30), at(40), ok(anEndedTask('COMPLETED')));
    const run = await watch();
    const lines = run.stdout
      .split('\n')
      .filter((line) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ {2}/.test(line));
    expect(lines[0]).toContain('INPROGRESS  10.0 %  0/1 hosts done');
    expect(lines.at(-1)).toContain('COMPLETED');
    // Five answers came in two seconds.
    expect(lines.length).toBeLessThan(5);
    expect(run.stdout).not.toContain('\u001b');
  });

  it('writes with --json each changed answer on a line, and nothing else', async () => {
    const answers = [at(10), at(10), at(20), ok(anEndedTask('COMPLETED'))];
    server.willAnswer(...answers);
    const run = await watch(['--json']);
    const changed = [answers[0], answers[2], answers[3]];
    expect(run.stdout).toBe(changed.map((answer) => `${answer?.body}\n`).join(''));
    expect(run).toMatchObject({ status: 0, stderr: '' });
  });

  it('goes on through answers of a server in trouble', async () => {
    const trouble = refusal('INTERNAL', 'stopping');
    server.willAnswer(at(10), trouble, trouble, trouble, ok(anEndedTask('COMPLETED')));
    const run = await watch();
    expect(run.status).toBe(0);
    expect(run.stdout).toMatch(/server unreachable since \d\d:\d\d:\d\d \(INTERNAL\), retrying/);
  });

  it('goes on when the server is gone for a while', async () => {
    const passing = new FakeServer();
    await passing.start();
    const { port, url } = passing;
    passing.willAnswer(at(10));
    const back = new FakeServer();
    let restart: Promise<void> | undefined;
    const run = await runGofd(['task', 'watch', 'release-7', '--server', url, '--user', 'a:b'], {
      onOutput: (stdout) => {
        if (!restart && stdout.includes('10.0 %')) restart = passing.stop();
        else if (restart && stdout.includes('unreachable') && back.seen.length === 0) {
          back.willAnswer(ok(anEndedTask('COMPLETED')));
          restart = restart.then(() => back.start(port)).catch(() => {});
        }
      },
    });
    await back.stop();
    expect(run.stdout).toMatch(/server unreachable since \S+ \(ECONN[A-Z]+\), retrying/);
    expect(run.status).toBe(0);
  });

  it('ends when the server has forgotten the task', async () => {
    server.willAnswer(at(10), refusal('TASK_NOT_EXISTED', 'no task release-7'));
    const run = await watch();
    expect(run).toMatchObject({ status: 65, stderr: expect.stringContaining('TASK_NOT_EXISTED') });
  });

  it.each([
    ['a pipe', false],
    ['a terminal', true],
  ])(
    'leaves the task running on Ctrl-C and says how to cancel it: %s',
    async (_title, onTerminal) => {
      server.willAnswer(at(10));
      let pressed = false;
      const onOutput: RunOptions['onOutput'] = (stdout, signal) => {
        if (pressed || !stdout.includes('10.0 %')) return;
        pressed = true;
        signal('SIGINT');
      };
      const run = await watch([], { onOutput, onTerminal });
      expect(run.status).toBe(130);
      expect(stripVTControlCharacters(run.stderr)).toBe(
        'task release-7 goes on.\n' +
          '  see it again:  gofd task watch release-7\n' +
          '  stop it:       gofd task cancel release-7\n',
      );
      expect(server.seen.every(({ call }) => call.startsWith('GET '))).toBe(true);
    },
  );

  it('draws a live view on a terminal, gives the cursor back and leaves the summary', async () => {
    server.willAnswer(at(10), at(20), ok(anEndedTask('COMPLETED')));
    const run = await watch([], { onTerminal: true });
    expect(run.stdout).toContain('h1  ##........  20.0 %  in progress');
    expect(run.stdout).toMatch(
      new RegExp(
        `^\u001b\\[\\?25l[^]*\u001b\\[\\?25htask release-7 COMPLETED in 1:23\\n[^\u001b]*$`,
      ),
    );
    // It may be a file.
    expect(run.stderr).toBe('');
  });
});
