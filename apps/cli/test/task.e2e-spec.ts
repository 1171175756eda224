import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { anEndedTask, aTask } from './a-task.ts';
import { FakeServer, ok, refusal } from './fake-server.ts';
import { buildGofd, runGofd, type Run, type RunOptions } from './run-gofd.ts';

const server = new FakeServer();
let folder = '';
beforeAll(async () => {
  buildGofd();
  folder = mkdtempSync(join(tmpdir(), 'gofd-task-'));
  await server.start();
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});
afterEach(() => server.willAnswer());

function gofdTask(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const env = { GOFD_SERVER: server.url, GOFD_USER: 'gofd', GOFD_PASSWORD: 'pässword' };
  return runGofd(['task', ...args], { ...options, env: { ...env, ...options.env } });
}

describe('gofd task create', () => {
  it('sends files and hosts, prints what was created and the next command', async () => {
    server.willAnswer(ok(aTask({ status: 'INIT', files: ['/a', '/b'] })));
    const args = ['--id', 'release-7', '--file', '/a', '--file', '/b', '--host', 'h1', 'h2:45010'];
    const run = await gofdTask(['create', ...args]);
    expect(run).toEqual({
      status: 0,
      stdout: 'task release-7: 2 files to 1 host, INIT\nnext: gofd task watch release-7\n',
      stderr: '',
      pid: run.pid,
    });
    expect(server.seen).toEqual([
      {
        call: 'POST /api/v1/server/tasks',
        user: 'gofd:pässword',
        body: { id: 'release-7', dispatchFiles: ['/a', '/b'], destIPs: ['h1', 'h2:45010'] },
      },
    ]);
  });

  it('makes an id, and joins --host with the hosts of standard input', async () => {
    server.willAnswer(ok(aTask()));
    const args = ['create', '--file', '/a', '--host', 'h1', '--hosts-file', '-'];
    const run = await gofdTask(args, { stdin: '# rack\nh2\n\nh3 # spare\n' });
    expect(run.status).toBe(0);
    expect(server.seen[0]?.body).toMatchObject({
      id: expect.stringMatching(/^\d{8}-\d{6}-[0-9a-f]{4}$/),
      destIPs: ['h1', 'h2', 'h3'],
    });
  });

  it('repeats in the next command what was said on the command line, but no password', async () => {
    server.willAnswer(ok(aTask()));
    const args = [
      'create',
      '--file',
      '/a',
      '--host',
      'h',
      '--server',
      server.url,
      '--user',
      'ann:pw',
    ];
    const run = await gofdTask(args, { env: { GOFD_SERVER: '' } });
    expect(run.stdout).toContain(`gofd task watch release-7 --server ${server.url} --user ann\n`);
    expect(server.seen[0]?.user).toBe('ann:pw');
  });

  it('waits in silence for the end and sums it up', async () => {
    const ended = anEndedTask('PARTIAL', {
      hosts: {
        h1: { status: 'COMPLETED', percentComplete: 100 },
        h2: { status: 'FAILED', code: 'NO_SPACE', message: 'h2 has no room' },
      },
    });
    server.willAnswer(ok(aTask()), ok(aTask()), ok(ended));
    const run = await gofdTask(['create', '--file', '/a', '--host', 'h1', 'h2', '--wait']);
    expect(run.status).toBe(2);
    expect(run.stdout.split('\n').slice(1)).toEqual([
      'task release-7 PARTIAL in 1:23',
      '  1 of 2 hosts hold 1 file (100 MiB)',
      '  the server sent 104 MiB, 1.04 times the files',
      'failed host:',
      '  h2  NO_SPACE  h2 has no room',
      '',
    ]);
    expect(run.stderr).toContain('hint: when the cause is mended');
  });

  it('prints with --json --wait nothing but the last answer', async () => {
    const ended = ok(anEndedTask('COMPLETED'));
    server.willAnswer(ok(aTask()), ok(aTask()), ended);
    const run = await gofdTask(['create', '--file', '/a', '--host', 'h', '--wait', '--json']);
    expect(run).toMatchObject({ status: 0, stdout: `${ended.body}\n` });
  });

  it('takes a hosts file without a host as a mistake', async () => {
    const path = join(folder, 'hosts.txt');
    writeFileSync(path, '# none\n');
    const run = await gofdTask(['create', '--file', '/a', '--hosts-file', path]);
    expect(run).toMatchObject({ status: 78, stderr: expect.stringContaining('names no host') });
    expect(server.seen).toEqual([]);
  });
});

describe('gofd task get, list, cancel', () => {
  const FAILED = anEndedTask('FAILED', {
    code: 'ALL_HOSTS_FAILED',
    message: 'no host was reached',
  });

  it('get succeeds when the call does, however the task stands', async () => {
    server.willAnswer(ok(FAILED));
    const run = await gofdTask(['get', 'release-7']);
    expect(run.status).toBe(0);
    expect(run.stdout).toContain('ALL_HOSTS_FAILED: no host was reached');
    expect(server.seen[0]?.call).toBe('GET /api/v1/server/tasks/release-7');
  });

  it('asks for an id with special characters as one part of the path', async () => {
    server.willAnswer(ok(FAILED));
    await gofdTask(['get', 'a@b:c=d+e']);
    expect(server.seen[0]?.call).toBe('GET /api/v1/server/tasks/a%40b%3Ac%3Dd%2Be');
  });

  it('list prints a table', async () => {
    server.willAnswer(ok({ tasks: [FAILED, aTask({ id: 'b' })] }));
    const run = await gofdTask(['list']);
    expect(run.status).toBe(0);
    expect(run.stdout.split('\n').map((line) => line.split(/ +/)[0])).toEqual([
      'ID',
      'release-7',
      'b',
      '',
    ]);
  });

  it.each([
    ['CANCELLED', 'task release-7 is cancelled; 0 of 1 hosts hold the files\n'],
    ['COMPLETED', 'task release-7 had ended before: COMPLETED; nothing was changed\n'],
  ] as const)('cancel tells that the task is %s', async (status, stdout) => {
    server.willAnswer(ok(anEndedTask(status)));
    expect(await gofdTask(['cancel', 'release-7'])).toMatchObject({ status: 0, stdout });
    expect(server.seen[0]?.call).toBe('DELETE /api/v1/server/tasks/release-7');
  });

  it('retry says for how many hosts the new attempt is', async () => {
    server.willAnswer(ok({ ...anEndedTask('FAILED'), status: 'INIT', attempt: 2 }));
    const { status, stdout } = await gofdTask(['retry', 'release-7']);
    expect([status, stdout]).toEqual([0, 'task release-7: attempt 2 for 1 host\n']);
    expect(server.seen[0]).toMatchObject({
      call: 'POST /api/v1/server/tasks/release-7/retry',
      body: undefined,
    });
  });

  it.each([
    ['COMPLETED', 0],
    ['FAILED', 1],
  ] as const)('retry --wait ends as the task does: %s', async (verdict, status) => {
    const begun = { ...anEndedTask('FAILED'), status: 'INIT', attempt: 2 };
    server.willAnswer(ok(begun), ok(anEndedTask(verdict)));
    expect(await gofdTask(['retry', 'release-7', '--wait'])).toMatchObject({ status });
  });

  it.each([['get', 'x'], ['cancel', 'x'], ['retry', 'x'], ['list']])(
    '%s --json prints exactly the answer of the server',
    async (...args) => {
      const body = JSON.stringify(args[0] === 'list' ? { tasks: [FAILED] } : FAILED, null, 1);
      server.willAnswer({ status: 200, body });
      expect(await gofdTask([...args, '--json'])).toMatchObject({ status: 0, stdout: `${body}\n` });
    },
  );
});

describe('answers that are not success', () => {
  it.each([
    ['a wrong password', refusal('UNAUTHORIZED', 'sign in'), 77, 'hint: give the user'],
    ['an unknown task', refusal('TASK_NOT_EXISTED', 'no task x'), 65, '`gofd task list`'],
    ['a conflict', refusal('TASK_EXISTED', 'x is another'), 65, 'gofd: TASK_EXISTED: x is another'],
    ['a server that fails', refusal('INTERNAL', 'internal'), 70, 'gofd: INTERNAL'],
    ['a foreign error', { status: 502, body: '<html>' }, 70, 'HTTP_502'],
    ['a redirect', { status: 302, body: '' }, 70, 'HTTP_302'],
    ['a foreign success', { status: 200, body: '"hello"' }, 70, 'not one of a GoFD server'],
  ])('%s', async (_title, answer, status, words) => {
    server.willAnswer(answer);
    const run = await gofdTask(['get', 'x']);
    expect(run).toMatchObject({ status, stdout: '' });
    expect(run.stderr).toContain(words);
    expect(run.stderr).not.toContain('pässword');
  });

  it('shows each field at fault, and with --json the answer too', async () => {
    const details = [
      { field: 'destIPs[1]', code: 'INVALID_HOST', message: 'port must be 1 to 65535' },
      { field: 'id', code: 'INVALID_TASK_ID', message: 'id is reserved' },
    ];
    const answer = refusal('INVALID_HOST', 'two fields are wrong', details);
    server.willAnswer(answer);
    const run = await gofdTask(['create', '--file', '/a', '--host', 'h', 'h:0', '--json']);
    expect(run).toMatchObject({ status: 65, stdout: `${answer.body}\n` });
    expect(run.stderr).toContain('  destIPs[1]: INVALID_HOST: port must be 1 to 65535\n');
    expect(run.stderr).toContain('  id: INVALID_TASK_ID: id is reserved\n');
  });

  it('a refused connection is 69 and says where', async () => {
    const gone = new FakeServer();
    await gone.start();
    const { url } = gone;
    await gone.stop();
    const run = await gofdTask(['list', '--server', url]);
    expect(run).toMatchObject({ status: 69, stdout: '' });
    expect(run.stderr).toBe(
      `gofd: ECONNREFUSED: ${url} refused the connection\n` +
        'hint: is the server running there? --server or GOFD_SERVER names it\n',
    );
  });

  it('goes through no proxy of the environment', async () => {
    server.willAnswer(ok({ tasks: [] }));
    const env = { http_proxy: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9' };
    expect(await gofdTask(['list'], { env })).toMatchObject({ status: 0, stdout: 'no tasks\n' });
  });
});
