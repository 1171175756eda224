/** `task hosts` and `agents`, and tasks from a file, against a server that answers as told. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { aTask } from './a-task.ts';
import { FakeServer, ok, refusal } from './fake-server.ts';
import { buildGofd, runGofd, type Run, type RunOptions } from './run-gofd.ts';

const server = new FakeServer();
let folder = '';
beforeAll(async () => {
  buildGofd();
  folder = mkdtempSync(join(tmpdir(), 'gofd-lists-'));
  await server.start();
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});
afterEach(() => server.willAnswer());

function gofd(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  return runGofd(args, { ...options, env: { GOFD_SERVER: server.url, GOFD_USER: 'gofd:gofd' } });
}

const FAILED_ROW = {
  host: 'h2',
  status: 'FAILED',
  percentComplete: 40,
  code: 'NO_SPACE',
  message: 'the disk is full',
  explanation: 'disk-bound',
  attempt: 1,
  updatedAt: '2026-11-22T23:16:00.000Z',
};

describe('gofd task hosts', () => {
  it('reads page after page and tells why', async () => {
    const done = { ...FAILED_ROW, host: 'h3', status: 'COMPLETED', percentComplete: 100 };
    const { code: _code, message: _message, explanation: _explanation, ...plain } = done;
    server.willAnswer(
      ok({ hosts: [FAILED_ROW], next: '7' }),
      ok({ hosts: [{ ...plain, bytesPerSecond: 1048576 }] }),
    );
    const run = await gofd(['task', 'hosts', 'release-7']);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout.split('\n')).toEqual([
      'HOST  STATUS     DONE     RATE        WHY',
      'h2    FAILED      40.0 %  -           NO_SPACE: the disk is full (disk-bound)',
      'h3    COMPLETED  100.0 %  1.00 MiB/s',
      '',
    ]);
    expect(server.seen.map(({ call }) => call)).toEqual([
      'GET /api/v1/server/tasks/release-7/hosts',
      'GET /api/v1/server/tasks/release-7/hosts?after=7',
    ]);
  });

  it('asks for states, and says when no host is in them', async () => {
    server.willAnswer(ok({ hosts: [] }));
    const run = await gofd(['task', 'hosts', 'release-7', '--state', 'failed,CANCELLED']);
    expect(run).toMatchObject({ status: 0, stdout: 'no host is FAILED or CANCELLED\n' });
    expect(server.seen[0]?.call).toContain('hosts?state=FAILED%2CCANCELLED');
  });

  it('prints with --json each page as it came', async () => {
    const pages = [ok({ hosts: [FAILED_ROW], next: '7' }), ok({ hosts: [] })];
    server.willAnswer(...pages);
    const run = await gofd(['task', 'hosts', 'release-7', '--json']);
    expect(run.stdout).toBe(pages.map(({ body }) => `${body}\n`).join(''));
  });

  it('knows the states', async () => {
    const run = await gofd(['task', 'hosts', 'release-7', '--state', 'BROKEN']);
    expect(run).toMatchObject({ status: 64, stdout: '' });
    expect(run.stderr).toContain('hint: there are INIT, INPROGRESS,');
  });
});

describe('gofd agents', () => {
  const AGENT = {
    name: 'web-1',
    address: '10.0.0.7:45010',
    dataPort: 45011,
    version: '0.1.0',
    freeBytes: 5 * 1024 ** 3,
    zone: 'b',
    labels: { role: 'web', tier: 'one' },
    lastSeenAt: '2026-11-22T23:16:00.000Z',
    isAlive: false,
  };

  it('prints who has announced itself', async () => {
    server.willAnswer(ok({ agents: [AGENT] }));
    const run = await gofd(['agents']);
    expect(run.stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['NAME', 'ADDRESS', 'ALIVE', 'VERSION', 'FREE', 'ZONE', 'LABELS', 'LAST SEEN'],
      [
        ...['web-1', '10.0.0.7:45010', 'no', '0.1.0', '5.00 GiB', 'b'],
        ...['role=web,tier=one', '2026-11-22T23:16:00.000Z'],
      ],
      [''],
    ]);
  });

  it('says how agents come to be announced when there is none', async () => {
    server.willAnswer(ok({ agents: [] }));
    expect(await gofd(['agents'])).toMatchObject({
      status: 0,
      stdout: 'no agent has announced itself\n',
      stderr: expect.stringContaining('hint: set `server`'),
    });
  });

  it('prints with --json exactly the answer', async () => {
    const answer = ok({ agents: [AGENT] });
    server.willAnswer(answer);
    expect(await gofd(['agents', '--json'])).toMatchObject({ stdout: `${answer.body}\n` });
  });
});

describe('gofd task create --from', () => {
  const BODY = { id: 'release-7', dispatchFiles: ['/a'], destGroups: ['zone=b'] };

  it.each([
    ['JSON', 'task.json', JSON.stringify(BODY)],
    ['YAML', 'task.yml', 'id: release-7\ndispatchFiles:\n  - /a\ndestGroups: ["zone=b"] # all\n'],
  ])('sends what a file says as %s', async (_title, name, text) => {
    server.willAnswer(ok(aTask()));
    writeFileSync(join(folder, name), text);
    expect((await gofd(['task', 'create', '--from', join(folder, name)])).status).toBe(0);
    expect(server.seen[0]?.body).toEqual(BODY);
  });

  it('reads standard input, and --group alone names the hosts', async () => {
    server.willAnswer(ok(aTask()));
    const args = ['task', 'create', '--from', '-', '--group', 'role=web', '--group', 'zone=c'];
    expect((await gofd(args, { stdin: JSON.stringify(BODY) })).status).toBe(0);
    expect(server.seen[0]?.body).toEqual({ ...BODY, destGroups: ['role=web', 'zone=c'] });
  });

  it('passes on which field the server does not take', async () => {
    const details = [{ field: 'speeed', code: 'FIELD_UNKNOWN', message: 'speeed: no such field' }];
    server.willAnswer(refusal('FIELD_UNKNOWN', 'speeed: no such field', details));
    const stdin = JSON.stringify({ ...BODY, speeed: 1 });
    const run = await gofd(['task', 'create', '--from', '-'], { stdin });
    expect(run).toMatchObject({ status: 65, stderr: expect.stringContaining('speeed') });
  });

  it('a file that is no task is 78, before any call', async () => {
    const run = await gofd(['task', 'create', '--from', '-'], { stdin: '[1' });
    expect(run).toMatchObject({ status: 78, stdout: '' });
    expect(run.stderr).toMatch(/--from - cannot be used: .*\nhint: it is the body/);
    expect(server.seen).toEqual([]);
  });
});
