/** A second try for the hosts that failed, and the trail that says who asked for it. */
import { describe, expect, it } from 'vitest';
import { MAX_AUDIT_LIMIT, type ErrorBody } from '@gofd/task-model';
import type { FakeAgent } from './fake-agent.ts';
import { someV2Agents, ServerUnderTest } from './server-under-test.ts';
import { waitUntil } from './wait-until.ts';

interface Entry {
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly taskId?: string;
  readonly detail: string;
}

const FULL = { percentComplete: -1, code: 'NO_SPACE', message: 'full' };

function report(server: ServerUnderTest, { host }: FakeAgent, attempt: number, verdict: object) {
  return server.report({ taskId: 't1', ip: host, attempt, sequence: 1, ...verdict });
}

/** Two hosts, the second of which has failed. */
async function aPartialTask() {
  const server = await ServerUnderTest.start();
  const [good, bad] = (await someV2Agents(2)) as [FakeAgent, FakeAgent];
  await server.create('t1', [good.host, bad.host]);
  await server.waitForTask('t1', ({ hostCounts }) => hostCounts.inProgress === 2);
  await report(server, good, 1, { percentComplete: 100 });
  await report(server, bad, 1, FULL);
  await server.waitForEnd('t1');
  await waitUntil('the end calls', () => server.store.loadAll()[0]?.isClosed);
  return { server, good, bad };
}

function auditOf(server: ServerUnderTest, query = '') {
  return server.call<{ entries: Entry[] }>('GET', `/audit${query}`);
}

describe('a retry', () => {
  it('is for the failed hosts; the others keep their result and hear nothing', async () => {
    const { server, good, bad } = await aPartialTask();
    const before = await server.view('t1');
    const calls = good.seen.length;
    const { status, body } = await server.call('POST', '/tasks/t1/retry');
    expect(status).toBe(200);
    expect(body).toMatchObject({ attempt: 2, hostCounts: { completed: 1, waiting: 1 } });
    await waitUntil('the second call', () => bad.created.length === 2);
    expect(bad.created[1]?.attempt).toBe(2);
    await report(server, bad, 2, { percentComplete: 100 });
    const task = await server.waitForEnd('t1');
    expect(task).toMatchObject({ status: 'COMPLETED', attempt: 2 });
    expect(task.dispatchInfos[good.host]).toEqual(before.dispatchInfos[good.host]);
    const asked = good.seen.slice(calls).filter(({ call }) => call !== 'GET /api/v1/agent');
    expect(asked).toEqual([]);
  });

  it('of a task that runs is refused', async () => {
    const server = await ServerUnderTest.start();
    const [agent] = await someV2Agents(1);
    await server.create('t1', [agent?.host ?? '']);
    const { status, body } = await server.refusal('POST', '/tasks/t1/retry');
    expect([status, body.code]).toEqual([409, 'TASK_NOT_OVER']);
  });

  it('of a task that every host has is refused', async () => {
    const server = await ServerUnderTest.start();
    const [agent] = (await someV2Agents(1)) as [FakeAgent];
    await server.create('t1', [agent.host]);
    await server.waitForTask('t1', ({ hostCounts }) => hostCounts.inProgress === 1);
    await report(server, agent, 1, { percentComplete: 100 });
    await server.waitForEnd('t1');
    const { status, body } = await server.refusal('POST', '/tasks/t1/retry');
    expect([status, body.code]).toEqual([409, 'NOTHING_TO_RETRY']);
  });

  it('with a body is refused', async () => {
    const { server } = await aPartialTask();
    const { status, body } = await server.refusal('POST', '/tasks/t1/retry', { hosts: [] });
    expect([status, body.code]).toEqual([413, 'BODY_TOO_LARGE']);
    expect(await server.view('t1')).toMatchObject({ status: 'PARTIAL', attempt: 1 });
  });

  it('of no task is refused', async () => {
    const server = await ServerUnderTest.start();
    const { status, body } = await server.refusal('POST', '/tasks/none/retry');
    expect([status, body.code]).toEqual([404, 'TASK_NOT_EXISTED']);
  });

  it('of a cancelled task takes the hosts that had not finished', async () => {
    const server = await ServerUnderTest.start();
    const [good, late] = (await someV2Agents(2)) as [FakeAgent, FakeAgent];
    await server.create('t1', [good.host, late.host]);
    await server.waitForTask('t1', ({ hostCounts }) => hostCounts.inProgress === 2);
    await report(server, good, 1, { percentComplete: 100 });
    await server.call('DELETE', '/tasks/t1');
    const { body } = await server.call('POST', '/tasks/t1/retry');
    expect(body.hostCounts).toMatchObject({ completed: 1, waiting: 1, cancelled: 0 });
  });
});

describe('the audit trail', () => {
  it('says who asked for what, and how it ended', async () => {
    const { server, bad } = await aPartialTask();
    await server.call('POST', '/tasks/t1/retry');
    await waitUntil('the second call', () => bad.created.length === 2);
    await server.call('PATCH', '/tasks/t1', { speed: 3 });
    await server.call('DELETE', '/tasks/t1');
    await waitUntil('the end', async () => (await auditOf(server)).body.entries.length === 6);
    const { entries } = (await auditOf(server, '?task=t1')).body;
    const lines = entries.map(({ actor, action, detail }) => `${actor} ${action} ${detail}`);
    expect(lines.reverse()).toEqual([
      '127.0.0.1 create attempt 1, 1 files to 2 hosts',
      'server over attempt 1, PARTIAL, 1/2 hosts',
      '127.0.0.1 retry attempt 2, 1 hosts',
      '127.0.0.1 speed 3 MiB/s',
      '127.0.0.1 cancel attempt 2',
      'server over attempt 2, CANCELLED, 1/2 hosts',
    ]);
    expect(new Date(entries[0]?.at ?? '').getTime()).toBeGreaterThan(0);
  });

  it('has nothing of calls that changed nothing', async () => {
    const { server, good, bad } = await aPartialTask();
    await server.call('DELETE', '/tasks/t1');
    await server.create('t1', [good.host, bad.host, '10.0.0.1']);
    await server.call('PATCH', '/tasks/t1', { speed: 3 });
    expect((await auditOf(server)).body.entries).toHaveLength(2);
  });

  it('gives as many entries as asked for, the newest', async () => {
    const { server } = await aPartialTask();
    const { entries } = (await auditOf(server, '?limit=1')).body;
    expect(entries.map(({ action }) => action)).toEqual(['over']);
    expect((await auditOf(server, '?task=other')).body.entries).toEqual([]);
  });

  it.each([
    ['?limit=0', 'FIELD_RANGE', 'limit'],
    [`?limit=${MAX_AUDIT_LIMIT + 1}`, 'FIELD_RANGE', 'limit'],
    ['?limit=x', 'FIELD_TYPE', 'limit'],
    ['?limit=1.5', 'FIELD_TYPE', 'limit'],
    ['?limit=1&limit=2', 'FIELD_TYPE', 'limit'],
    ['?task=', 'INVALID_TASK_ID', 'task'],
    ['?task=..', 'INVALID_TASK_ID', 'task'],
    ['?task=a&task=b', 'INVALID_TASK_ID', 'task'],
    ['?who=me', 'FIELD_UNKNOWN', 'who'],
  ])('refuses %s with %s', async (query, code, field) => {
    const server = await ServerUnderTest.start();
    const { status, body } = await server.call<ErrorBody>('GET', `/audit${query}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code, details: [{ field }] });
  });
});
