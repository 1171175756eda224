/** `gofd plan` and `gofd doctor` against a server that answers as told. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HostCheck, PlanView } from '@gofd/task-model';
import { FakeServer, ok, refusal } from './fake-server.ts';
import { buildGofd, runGofd, type Run, type RunOptions } from './run-gofd.ts';

const server = new FakeServer();
beforeAll(async () => {
  buildGofd();
  await server.start();
});
afterAll(() => server.stop());
afterEach(() => server.willAnswer());

function gofd(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  return runGofd(args, { ...options, env: { GOFD_SERVER: server.url, GOFD_USER: 'gofd:gofd' } });
}

const READY = {
  host: '10.0.0.7',
  verdict: 'READY',
  version: '0.1.0',
  freeBytes: 20 * 1024 ** 3,
  problems: [],
  replaces: ['a'],
  replacedCount: 1,
  measuredBytesPerSecond: 1024 ** 2,
  predictedSeconds: 100,
} as const;

const PLAN: PlanView = {
  isReady: true,
  fileCount: 1,
  totalBytes: 100 * 1024 ** 2,
  problems: [],
  hosts: [READY],
  predictedSeconds: 100,
};

const TO_ONE = ['plan', '--id', 'release-7', '--file', '/a', '--host', '10.0.0.7'];

describe('gofd plan', () => {
  it('is 0 when every host would take it, and sends what create would', async () => {
    server.willAnswer(ok(PLAN));
    const run = await gofd(TO_ONE);
    expect(run.status).toBe(0);
    expect(run.stdout.split('\n')).toEqual([
      'plan for release-7: 1 file (100 MiB) to 1 host; nothing was sent',
      'HOST      VERDICT  VERSION  FREE      REPLACES  TIME  WHY',
      '10.0.0.7  ready    0.1.0    20.0 GiB  1 file    1:40',
      '1 host would take it',
      'about 1:40 at the rates of the last tasks',
      '',
    ]);
    expect(run.stderr).toContain('hint: `gofd task create` with the same options');
    expect(server.seen).toMatchObject([
      {
        call: 'POST /api/v1/server/tasks/plan',
        body: { id: 'release-7', dispatchFiles: ['/a'], destIPs: ['10.0.0.7'] },
      },
    ]);
  });

  it('is 2 when one would not, which comes first, with what to do next', async () => {
    const bad = {
      host: '10.0.0.8',
      verdict: 'NOT_READY',
      problems: [
        { code: 'NO_SPACE', message: 'full' },
        { code: 'DEST_BUSY', message: '"a" is being written' },
      ],
    } as const;
    const old = {
      host: '10.0.0.9',
      verdict: 'UNKNOWN',
      problems: [{ code: 'PLAN_UNSUPPORTED', message: 'too old' }],
    } as const;
    const problems = [{ code: 'SOURCE_NOT_FOUND', message: '/a does not exist' }];
    const { totalBytes: _totalBytes, ...unsized } = PLAN;
    server.willAnswer(ok({ ...unsized, isReady: false, problems, hosts: [READY, old, bad] }));
    const run = await gofd(TO_ONE);
    expect(run.status).toBe(2);
    const lines = run.stdout.split('\n');
    expect(lines[1]).toBe('  source: SOURCE_NOT_FOUND: /a does not exist');
    expect(lines.slice(3, 6).map((line) => line.split(' ')[0])).toEqual([
      '10.0.0.8',
      '10.0.0.9',
      '10.0.0.7',
    ]);
    expect(lines[3]).toContain('NO_SPACE: full; DEST_BUSY: "a" is being written');
    expect(lines[6]).toBe(
      '1 of 3 hosts would take it, 1 would not, 1 cannot be asked, the server could not send it',
    );
    expect(lines[7]).toContain('(1 of 3 hosts have any)');
    for (const code of ['SOURCE_NOT_FOUND', 'NO_SPACE', 'DEST_BUSY', 'PLAN_UNSUPPORTED']) {
      expect(run.stderr).toContain(`hint: ${code}: `);
    }
  });

  it('takes a task from standard input, and prints with --json exactly the answer', async () => {
    const answer = ok({ ...PLAN, isReady: false });
    server.willAnswer(answer);
    const stdin = 'id: a\ndispatchFiles: [/a]\ndestGroups: [zone=b]\n';
    const run = await gofd(['plan', '--from', '-', '--json'], { stdin });
    expect(run).toMatchObject({ status: 2, stdout: `${answer.body}\n`, stderr: '' });
    expect(server.seen[0]?.body).toEqual({
      id: 'a',
      dispatchFiles: ['/a'],
      destGroups: ['zone=b'],
    });
  });

  it('passes refusals on as create does', async () => {
    const details = [{ field: 'destIPs[1]', code: 'DUPLICATE_HOST', message: 'h is destIPs[0]' }];
    server.willAnswer(refusal('DUPLICATE_HOST', 'twice', [...details, ...details]));
    const run = await gofd(TO_ONE);
    expect(run).toMatchObject({ status: 65, stdout: '' });
    expect(run.stderr).toContain('destIPs[1]: DUPLICATE_HOST: h is destIPs[0]');
    expect(run.stderr).toContain('hint: name each host once');
  });

  it('says that a server without plans is too old', async () => {
    server.willAnswer(refusal('METHOD_NOT_ALLOWED', 'POST is not allowed here'));
    const run = await gofd(TO_ONE);
    expect(run.status).toBe(65);
    expect(run.stderr).toMatch(/hint: .*GoFD server/);
  });
});

describe('gofd doctor', () => {
  const CHECK: HostCheck = { plan: { ...READY, problems: [] }, tasks: [] };

  it('is 0 when nothing is wrong', async () => {
    server.willAnswer(ok(CHECK));
    const run = await gofd(['doctor', '10.0.0.7']);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout).toMatch(/^host 10\.0\.0\.7\n {2}ok +agent +answers, version 0\.1\.0\n/);
    expect(run.stdout).toMatch(/\nnothing is wrong\n$/);
    expect(server.seen[0]?.call).toBe('GET /api/v1/server/agents/check?host=10.0.0.7');
  });

  it('is 2 with a problem, and says what to do next', async () => {
    const problems = [{ code: 'AGENT_AUTH_REFUSED', message: 'refused the password' }];
    const answer = ok({ plan: { host: 'h', verdict: 'NOT_READY', problems }, tasks: [] });
    server.willAnswer(answer);
    const run = await gofd(['doctor', '[2001:db8::7]:45010']);
    expect(run.status).toBe(2);
    expect(run.stdout).toMatch(/AGENT_AUTH_REFUSED: refused the password\n +next: give server/);
    expect(server.seen[0]?.call).toContain('host=%5B2001%3Adb8%3A%3A7%5D%3A45010');
    const json = await gofd(['doctor', 'h', '--json']);
    expect(json).toMatchObject({ status: 2, stdout: `${answer.body}\n` });
  });

  it('knows what a host is', async () => {
    const run = await gofd(['doctor', '10.0.0']);
    expect(run).toMatchObject({ status: 64, stderr: expect.stringContaining('hint: a host is') });
  });
});
