/** The life of a task as a caller sees it. */
import { describe, expect, it } from 'vitest';
import type { TaskSummary } from '@gofd/task-model';
import { SourceError } from '../src/seeding/source-catalog.port.ts';
import type { FakeAgent } from './fake-agent.ts';
import { someAgents, ServerUnderTest } from './server-under-test.ts';
import { waitUntil } from './wait-until.ts';

/** A server, agents, and a task that all of them were started on. */
async function aRunningTask(agentCount: number, id = 't1') {
  const server = await ServerUnderTest.start();
  const agents = await someAgents(agentCount);
  const hosts = agents.map(({ host }) => host);
  await server.create(id, hosts);
  await server.waitForTask(id, ({ hostCounts }) => hostCounts.inProgress === agentCount);
  return { server, agents, hosts, first: hosts[0] ?? '', firstAgent: agents[0] as FakeAgent };
}

const missing = new SourceError('SOURCE_NOT_FOUND', '/src/two.bin does not exist on the server');

describe('creating', () => {
  it('B82: 200 identical calls at once make one task', async () => {
    const server = await ServerUnderTest.start();
    const [agent] = await someAgents(1);
    const calls = Array.from({ length: 200 }, () => server.create('once', [agent?.host ?? '']));
    const answers = await Promise.all(calls);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.attempt))).toEqual(new Set([1]));
    await waitUntil('the start call', () => agent?.started.length === 1);
    expect(agent?.created).toHaveLength(1);
    expect(server.catalog.checked).toHaveLength(1);
  });

  it('B83: two files and two hosts again in the same order are the same task', async () => {
    const { server, hosts } = await aRunningTask(2);
    const files = ['/src/two.bin', '/src/one.txt'];
    expect((await server.create('t2', hosts, files)).status).toBe(200);
    const again = await server.create('t2', hosts, files);
    expect([again.status, again.body.attempt]).toEqual([200, 1]);
  });

  it('B55: the same id with other content is refused and the running task goes on', async () => {
    const { server, first, hosts } = await aRunningTask(2);
    const otherHosts = await server.refusal('POST', '/tasks', createBody('t1', [first]));
    const otherFiles = await server.refusal(
      'POST',
      '/tasks',
      createBody('t1', hosts, ['/src/other']),
    );
    for (const { status, body: error } of [otherHosts, otherFiles]) {
      expect([status, error.code]).toEqual([409, 'TASK_EXISTED']);
    }
    for (const ip of hosts) await server.report({ taskId: 't1', ip, percentComplete: 100 });
    expect((await server.view('t1')).status).toBe('COMPLETED');
  });

  it('a completed task stays as it is when it is created again', async () => {
    const { server, first, hosts, firstAgent } = await aRunningTask(1);
    await server.report({ taskId: 't1', ip: first, percentComplete: 100 });
    const again = await server.create('t1', hosts);
    expect(again.body).toMatchObject({ status: 'COMPLETED', attempt: 1 });
    expect(firstAgent.created).toHaveLength(1);
  });

  it('B39: a missing source ends the task, and the same call tries again', async () => {
    const server = await ServerUnderTest.start();
    const [agent] = await someAgents(1);
    const host = agent?.host ?? '';
    server.catalog.refuse('/src/two.bin', missing);
    expect((await server.create('late', [host])).status).toBe(200);
    const failed = await server.waitForEnd('late');
    expect(failed).toMatchObject({ status: 'FILE_NOT_EXISTED', code: 'SOURCE_NOT_FOUND' });
    expect(failed.message).toContain('/src/two.bin');
    expect(failed.dispatchInfos[host]).toMatchObject({
      status: 'FAILED',
      code: 'SOURCE_NOT_FOUND',
    });
    expect(agent?.seen).toEqual([]);

    server.catalog.allow('/src/two.bin');
    expect((await server.create('late', [host])).body).toMatchObject({ attempt: 2 });
    await waitUntil('the start call', () => agent?.started.length === 1);
    expect(agent?.created[0]).toMatchObject({ taskId: 'late', host, attempt: 2 });
  });

  it.each([
    ['SOURCE_NOT_REGULAR', '/dev/zero is not a regular file'],
    ['SOURCE_UNREADABLE', '/src/secret cannot be read: EACCES'],
  ] as const)('B38: a source refused with %s fails the task', async (code, message) => {
    const server = await ServerUnderTest.start();
    server.catalog.refuse('/src/two.bin', new SourceError(code, message));
    await server.create('t1', ['10.0.0.1']);
    expect(await server.waitForEnd('t1')).toMatchObject({ status: 'FAILED', code, message });
  });

  it('B85: an id of 120 characters is taken', async () => {
    const server = await ServerUnderTest.start();
    expect((await server.create('a'.repeat(120), ['10.0.0.1'])).status).toBe(200);
  });
});

describe('while the server hashes', () => {
  it('B32: view, list, report, cancel and other tasks are answered', async () => {
    const server = await ServerUnderTest.start();
    server.catalog.gate = new Promise(() => undefined);
    await server.create('slow', ['10.0.0.1']);
    expect(await server.view('slow')).toMatchObject({ status: 'INPROGRESS' });
    const list = await server.call<{ tasks: TaskSummary[] }>('GET', '/tasks');
    expect(list.body.tasks.map(({ id }) => id)).toEqual(['slow']);
    const report = { taskId: 'slow', ip: '10.0.0.1', percentComplete: 1 };
    expect((await server.refusal('POST', '/tasks/status', report)).body.code).toBe('STALE_REPORT');
    expect((await server.create('other', ['10.0.0.2'])).status).toBe(200);
    expect((await server.call('DELETE', '/tasks/slow')).body.status).toBe('CANCELLED');
  });

  it('a cancelled task lets go of its source', async () => {
    const server = await ServerUnderTest.start();
    let finishHashing: () => void = () => undefined;
    server.catalog.gate = new Promise((resolve) => {
      finishHashing = resolve;
    });
    await server.create('slow', ['10.0.0.1']);
    await server.call('DELETE', '/tasks/slow');
    finishHashing();
    expect(server.catalog.openCount).toBe(0);
    expect(server.seeder.isServing('slow')).toBe(false);
  });
});

describe('the queue', () => {
  it('B87: at most maxActive tasks run; the others wait in order', async () => {
    const server = await ServerUnderTest.start({ maxActive: 2 });
    const [agent] = await someAgents(1);
    const host = agent?.host ?? '';
    const ids = ['a', 'b', 'c', 'd'];
    for (const id of ids) await server.create(id, [host]);
    const statuses = async () => Promise.all(ids.map(async (id) => (await server.view(id)).status));
    expect(await statuses()).toEqual(['INPROGRESS', 'INPROGRESS', 'INIT', 'INIT']);
    await server.call('DELETE', '/tasks/c');
    await waitUntil('the start of b', () => agent?.started.length === 2);
    await server.report({ taskId: 'b', ip: host, percentComplete: 100 });
    await server.waitForTask('d', ({ status }) => status === 'INPROGRESS');
    expect(await statuses()).toEqual(['INPROGRESS', 'COMPLETED', 'CANCELLED', 'INPROGRESS']);
    expect(server.catalog.checked).toHaveLength(3);
  });
});

describe('ending', () => {
  it('all hosts at 100 complete the task; agents are told and the seed is closed', async () => {
    const { server, agents, hosts } = await aRunningTask(3);
    server.seeder.sentBytes = 4_711;
    expect(server.seeder.isServing('t1')).toBe(true);
    for (const ip of hosts) await server.report({ taskId: 't1', ip, percentComplete: 100 });
    const task = await server.view('t1');
    expect(task).toMatchObject({ status: 'COMPLETED', serverSentBytes: 4_711 });
    expect(task.finishedAt).toBeDefined();
    await waitUntil('agents to be told', () =>
      agents.every((agent) => agent.calls('end').length === 1),
    );
    expect(agents[0]?.calls('end')[0]?.call).toMatch(/^DELETE \/api\/v1\/agent\/tasks\/t1\b/);
    expect(server.seeder.isServing('t1')).toBe(false);
    expect(server.catalog.openCount).toBe(0);
  });

  it('B03: all agents failed makes the task FAILED', async () => {
    const { server, hosts } = await aRunningTask(2);
    for (const ip of hosts) {
      await server.report({
        taskId: 't1',
        ip,
        percentComplete: -1,
        code: 'NO_SPACE',
        message: 'full',
      });
    }
    const task = await server.view('t1');
    expect(task).toMatchObject({ status: 'FAILED', code: 'ALL_HOSTS_FAILED' });
    expect(task.hostCounts).toMatchObject({ total: 2, failed: 2 });
    for (const host of hosts) {
      expect(task.dispatchInfos[host]).toMatchObject({ code: 'NO_SPACE', message: 'full' });
    }
  });

  it('B03: some agents failed makes the task PARTIAL, and the same call tries again', async () => {
    const { server, agents, hosts } = await aRunningTask(2);
    await server.report({ taskId: 't1', ip: hosts[0], percentComplete: 100 });
    await server.report({ taskId: 't1', ip: hosts[1], percentComplete: -1 });
    const task = await server.view('t1');
    expect(task.status).toBe('PARTIAL');
    expect(task.dispatchInfos[hosts[1] ?? '']).toMatchObject({
      status: 'FAILED',
      code: 'AGENT_FAILED',
    });
    expect((await server.create('t1', hosts)).body.attempt).toBe(2);
    await waitUntil('all to be started again', () =>
      agents.every(({ started }) => started.length === 2),
    );
  });

  it('a source that changes while it is sent fails the task', async () => {
    const { server, agents, hosts } = await aRunningTask(2);
    await server.report({ taskId: 't1', ip: hosts[0], percentComplete: 100 });
    server.seeder.fail('t1', { code: 'SOURCE_CHANGED', message: '/src/two.bin changed' });
    const task = await server.view('t1');
    expect(task).toMatchObject({ status: 'FAILED', code: 'SOURCE_CHANGED' });
    expect(task.dispatchInfos[hosts[0] ?? '']).toMatchObject({ status: 'COMPLETED' });
    expect(task.dispatchInfos[hosts[1] ?? '']).toMatchObject({ code: 'SOURCE_CHANGED' });
    await waitUntil('agents to be told', () =>
      agents.every((agent) => agent.calls('end').length === 1),
    );
  });
});

describe('cancelling', () => {
  it('ends a running task at once, on the agents too', async () => {
    const { server, agents, hosts } = await aRunningTask(2);
    const { status, body: task } = await server.call('DELETE', '/tasks/t1');
    expect([status, task.status, task.hostCounts.cancelled]).toEqual([200, 'CANCELLED', 2]);
    expect(task.dispatchInfos[hosts[0] ?? '']?.status).toBe('CANCELLED');
    await waitUntil('agents to be told', () =>
      agents.every((agent) => agent.calls('end').length === 1),
    );
    await waitUntil('the seed to be closed', () => !server.seeder.isServing('t1'));
  });

  it('B04: a finished task stays what it was', async () => {
    const { server, first } = await aRunningTask(1);
    await server.report({ taskId: 't1', ip: first, percentComplete: 100 });
    const before = await server.view('t1');
    const { status, body: after } = await server.call('DELETE', '/tasks/t1');
    expect([status, after]).toEqual([200, before]);
  });

  it('B56: cancel and reports after the end change nothing and break nothing', async () => {
    const { server, first } = await aRunningTask(1);
    await server.call('DELETE', '/tasks/t1');
    const before = await server.view('t1');
    for (const percentComplete of [50, 100, -1]) {
      const answer = await server.report({ taskId: 't1', ip: first, percentComplete });
      expect(answer).toEqual({ status: 200, body: { taskId: 't1', taskStatus: 'CANCELLED' } });
    }
    expect((await server.call('DELETE', '/tasks/t1')).status).toBe(200);
    expect(await server.view('t1')).toEqual(before);
  });

  it('is not held up by an agent that does not answer', async () => {
    const server = await ServerUnderTest.start({ maxActive: 1 });
    const [quick, hung] = (await someAgents(2)) as [FakeAgent, FakeAgent];
    hung.hold('create');
    await server.create('stuck', [quick.host, hung.host]);
    await waitUntil('both create calls', () => quick.created.length + hung.created.length === 2);
    await server.create('next', [quick.host]);
    await server.call('DELETE', '/tasks/stuck');
    await waitUntil('the seed to be closed', () => !server.seeder.isServing('stuck'));
    await waitUntil('the quick agent to be told', () => quick.calls('end').length === 1);
    await waitUntil('the next task to be created', () => quick.created.length === 2);
  });

  it('makes no further create calls', async () => {
    const server = await ServerUnderTest.start();
    const [agent] = (await someAgents(1)) as [FakeAgent];
    const release = agent.hold('create');
    const hosts = Array.from({ length: 100 }, (_, index) => `127.0.0.${index + 1}:${agent.port}`);
    await server.create('wide', [agent.host, ...hosts.slice(1)]);
    await waitUntil('the first create call', () => agent.created.length > 0);
    const asked = agent.created.length;
    await server.call('DELETE', '/tasks/wide');
    release();
    await waitUntil('the agent to be told', () => agent.calls('end').length > 0);
    expect(agent.created.length).toBe(asked);
  });

  it('tells an agent whose answer to the create call was still under way', async () => {
    const server = await ServerUnderTest.start();
    const [agent] = (await someAgents(1)) as [FakeAgent];
    const release = agent.hold('create');
    await server.create('early', [agent.host]);
    await waitUntil('the create call', () => agent.created.length === 1);
    await server.call('DELETE', '/tasks/early');
    release();
    await waitUntil('the agent to be told', () => agent.calls('end').length === 1);
  });

  it('a new attempt is not ended by what is left of the old one', async () => {
    const server = await ServerUnderTest.start();
    const [agent, hung] = (await someAgents(2)) as [FakeAgent, FakeAgent];
    const release = hung.hold('create');
    const releaseEnd = agent.hold('end');
    const hosts = [agent.host, hung.host];
    await server.create('again', hosts);
    await waitUntil('both create calls', () => agent.created.length + hung.created.length === 2);
    await server.call('DELETE', '/tasks/again');
    await waitUntil('the agent to be told', () => agent.calls('end').length === 1);
    expect((await server.create('again', hosts)).body.attempt).toBe(2);
    release();
    releaseEnd();
    await waitUntil('both to be started', () => agent.started.length + hung.started.length >= 2);
    const order = agent.seen.map(({ call }) => call.split(' ')[0]);
    expect(order.lastIndexOf('DELETE')).toBeLessThan(order.lastIndexOf('POST') - 1);
    expect(server.seeder.isServing('again')).toBe(true);
    expect((await server.view('again')).status).toBe('INPROGRESS');
  });
});

describe('views', () => {
  it('lists tasks newest first, without their hosts', async () => {
    const server = await ServerUnderTest.start();
    for (const id of ['a', 'b', 'c']) await server.create(id, ['10.0.0.1']);
    const { body: list } = await server.call<{ tasks: object[] }>('GET', '/tasks');
    expect(list.tasks).toHaveLength(3);
    expect(list.tasks[0]).toMatchObject({ id: 'c', attempt: 1, hostCounts: { total: 1 } });
    expect(list.tasks[0]).not.toHaveProperty('dispatchInfos');
  });

  it('of 10,000 hosts and 10,000 files stay small enough to send', async () => {
    const server = await ServerUnderTest.start();
    server.catalog.gate = new Promise(() => undefined);
    const hosts = Array.from({ length: 10_000 }, (_, index) => `h${index}`);
    const files = Array.from({ length: 10_000 }, (_, index) => `/src/f${index}`);
    const { status } = await server.create('wide', hosts, files);
    expect(status).toBe(200);
    const response = await fetch(`${server.url}/tasks/wide`, {
      headers: { authorization: `Basic ${Buffer.from('gofd:gofd').toString('base64')}` },
    });
    expect((await response.text()).length).toBeLessThan(8 * 1024 * 1024);
  });
});

function createBody(
  id: string,
  destIPs: readonly string[],
  dispatchFiles = ['/src/two.bin'],
): object {
  return { id, dispatchFiles, destIPs };
}
