/** What agents are told, in which order, and what happens when they do not play along. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MAX_CALLS_IN_FLIGHT, START_GRACE_MS } from '../src/dispatch/dispatcher.ts';
import { FakeAgent } from './fake-agent.ts';
import { ManualClock } from './manual-clock.ts';
import { AUTHORIZATION, someAgents, ServerUnderTest } from './server-under-test.ts';
import { waitUntil } from './wait-until.ts';

interface RestVectors {
  readonly agentCreate: { metaInfo: { files: { sum: string }[] } };
  readonly agentStart: object;
  readonly statusReport: { taskId: string; percentComplete: number };
  readonly query: { dispatchInfos: Record<string, object> };
}

const VECTORS_FILE = new URL('./test-vectors/wire-v1.json', import.meta.url);
const { rest } = JSON.parse(readFileSync(VECTORS_FILE, 'utf8')) as { rest: RestVectors };
const SERVER_DATA_ADDRESS = '127.0.0.1:45001';
const FILES = ['/src/two.bin', '/src/one.txt'];

async function twoAgents(): Promise<[FakeAgent, FakeAgent]> {
  return (await someAgents(2)) as [FakeAgent, FakeAgent];
}

/** The three hosts of a task in which one agent misbehaves. */
async function failureOf(prepare: (agent: FakeAgent) => void | Promise<void>) {
  const server = await ServerUnderTest.start();
  const [good, bad] = await twoAgents();
  const { host } = bad;
  await prepare(bad);
  await server.create('t1', [good.host, host]);
  const task = await server.waitForTask(
    't1',
    ({ dispatchInfos }) => dispatchInfos[host]?.status === 'FAILED',
  );
  await waitUntil('the good agent to be started', () => good.started.length === 1);
  expect(good.started[0]?.linkChain.dispatchAddrs).toHaveLength(2);
  const { code, message } = task.dispatchInfos[host] ?? {};
  expect(message).toContain(host);
  return { code, message };
}

describe('vectors', () => {
  it('the create call is that of the reference, with host, attempt and token after it', async () => {
    const server = await ServerUnderTest.start();
    const [agent] = await twoAgents();
    await server.create('t1', [agent.host], FILES);
    await waitUntil('the create call', () => agent.created.length === 1);
    for (const file of rest.agentCreate.metaInfo.files) file.sum = '';
    const reportToken = agent.created[0]?.reportToken;
    expect(reportToken).toMatch(/^[\w-]{43}$/);
    const expected = { ...rest.agentCreate, host: agent.host, attempt: 1, reportToken };
    expect(agent.calls('create')[0]).toEqual({
      call: 'POST /api/v1/agent/tasks',
      authorization: AUTHORIZATION,
      text: JSON.stringify(expected),
    });
  });

  it('the start call is that of the reference: the server first, then the agents in order', async () => {
    const server = await ServerUnderTest.start();
    const agents = await twoAgents();
    for (const [index, agent] of agents.entries()) {
      agent.willAnswer('create', { status: 200, body: { dataPort: 50_001 + index } });
    }
    await server.create(
      't1',
      agents.map(({ host }) => host),
      FILES,
    );
    await waitUntil('both start calls', () => agents.every(({ started }) => started.length === 1));
    const expected = JSON.stringify(rest.agentStart)
      .replace('127.0.0.2:45011', '127.0.0.1:50001')
      .replace('127.0.0.3:45011', '127.0.0.1:50002');
    for (const agent of agents) expect(agent.calls('start')[0]?.text).toBe(expected);
  });

  it('a report with the key IP and no port is understood, and the query has every key of it', async () => {
    const server = await ServerUnderTest.start();
    const [agent] = await twoAgents();
    await server.create('t1', [agent.host], FILES);
    await server.waitForTask('t1', ({ hostCounts }) => hostCounts.inProgress === 1);
    const report = { ...rest.statusReport, IP: '127.0.0.1' };
    expect((await server.report(report)).status).toBe(200);
    expect((await server.view('t1')).dispatchInfos[agent.host]?.percentComplete).toBe(50);
    await server.report({ ...report, percentComplete: 100 });
    const task = await server.view('t1');
    const [expectedHost = {}] = Object.values(rest.query.dispatchInfos);
    expect(Object.keys(task)).toEqual(expect.arrayContaining(Object.keys(rest.query)));
    const host = task.dispatchInfos[agent.host];
    expect(Object.keys(host ?? {}).sort()).toEqual(Object.keys(expectedHost).sort());
    expect(host).toMatchObject({
      status: 'COMPLETED',
      percentComplete: 100,
      dispatchFiles: FILES.map((filename) => ({ filename })),
    });
  });
});

describe('agents of the reference', () => {
  it('that answer with no body are reached on net.agentDataPort', async () => {
    const server = await ServerUnderTest.start();
    const [agent] = await twoAgents();
    agent.willAnswer('create', { status: 200 });
    agent.willAnswer('start', { status: 200 });
    await server.create('t1', [agent.host]);
    const task = await server.waitForTask('t1', ({ hostCounts }) => hostCounts.inProgress === 1);
    expect(agent.started[0]?.linkChain.dispatchAddrs[1]).toBe('127.0.0.1:45011');
    expect(task.dispatchInfos[agent.host]?.status).toBe('INPROGRESS');
  });

  it('without a port in destIPs are called on net.agentMgntPort', async () => {
    const [agent] = await twoAgents();
    const server = await ServerUnderTest.start({ agentMgntPort: agent.port });
    await server.create('t1', ['127.0.0.1']);
    await waitUntil('the start call', () => agent.started.length === 1);
    expect(agent.created[0]?.host).toBe('127.0.0.1');
  });
});

describe('an agent that cannot be used fails alone, with its reason:', () => {
  it('nothing listens there', async () => {
    const failure = await failureOf((agent) => agent.stop());
    expect(failure).toMatchObject({ code: 'AGENT_UNREACHABLE' });
    expect(failure.message).toMatch(/ECONNREFUSED.*is the agent running/);
  });

  it('it refuses the password', async () => {
    const failure = await failureOf((agent) => agent.willAnswer('create', { status: 401 }));
    expect(failure).toMatchObject({ code: 'AGENT_AUTH_REFUSED' });
  });

  it.each(['NO_SPACE', 'DEST_BUSY', 'DEST_NOT_REGULAR'])('it says %s', async (code) => {
    const failure = await failureOf((agent) =>
      agent.willAnswer('create', { status: 507, body: { code, message: 'the very reason' } }),
    );
    expect(failure.code).toBe(code);
    expect(failure.message).toContain('the very reason');
  });

  it('it refuses and does not say why', async () => {
    const failure = await failureOf((agent) => agent.willAnswer('create', { status: 400 }));
    expect(failure).toMatchObject({ code: 'AGENT_REFUSED' });
    expect(failure.message).toContain('400');
  });

  it('it refuses the start call', async () => {
    const server = await ServerUnderTest.start();
    const [good, bad] = await twoAgents();
    bad.willAnswer('start', { status: 500, body: { code: 'INTERNAL', message: 'broken' } });
    await server.create('t1', [bad.host, good.host]);
    const task = await server.waitForTask('t1', ({ hostCounts }) => hostCounts.failed === 1);
    expect(task.dispatchInfos[bad.host]).toMatchObject({ code: 'INTERNAL' });
    expect(task.status).toBe('INPROGRESS');
  });

  it('it names a data port that cannot be; the default one is used', async () => {
    const server = await ServerUnderTest.start();
    const [odd] = await twoAgents();
    odd.willAnswer('create', { status: 200, body: { dataPort: 70_000 } });
    await server.create('t1', [odd.host]);
    await waitUntil('the start call', () => odd.started.length === 1);
    expect(odd.started[0]?.linkChain.dispatchAddrs[1]).toBe('127.0.0.1:45011');
  });

  it('and one that may hold the task, though its answer never came, is told of the end', async () => {
    const server = await ServerUnderTest.start();
    const [good, broken] = await twoAgents();
    broken.willAnswer('create', 'cut');
    await server.create('t1', [good.host, broken.host]);
    const task = await server.waitForTask('t1', ({ hostCounts }) => hostCounts.failed === 1);
    expect(task.dispatchInfos[broken.host]).toMatchObject({ code: 'AGENT_UNREACHABLE' });
    await server.call('DELETE', '/tasks/t1');
    await waitUntil('the broken agent to be told', () => broken.calls('end').length === 1);
  });

  it('and a task none of whose agents can be used fails', async () => {
    const server = await ServerUnderTest.start();
    const agents = await twoAgents();
    for (const agent of agents) agent.willAnswer('create', { status: 401 });
    await server.create(
      't1',
      agents.map(({ host }) => host),
    );
    const task = await server.waitForEnd('t1');
    expect(task).toMatchObject({ status: 'FAILED', code: 'ALL_HOSTS_FAILED' });
    expect(agents.flatMap(({ started }) => started)).toEqual([]);
  });
});

describe('an agent that is late', () => {
  it('to listen is tried again', async () => {
    const clock = new ManualClock();
    const server = await ServerUnderTest.start({ clock });
    const [agent] = await twoAgents();
    const { port } = agent;
    await agent.stop();
    await server.create('t1', [`127.0.0.1:${port}`]);
    await server.waitForTask('t1', () => clock.alarmCount > 1);
    const late = await FakeAgent.start(port, { wireVersions: [1, 2] });
    await waitUntil('the create call', () => {
      clock.advance(1_000);
      return late.created.length === 1;
    });
    await late.stop();
  });

  it('to answer does not hold up the others, joins the chain at its end and is started then', async () => {
    const clock = new ManualClock();
    const server = await ServerUnderTest.start({ clock });
    const [late, quick] = await twoAgents();
    late.willAnswer('create', { status: 200, body: { dataPort: 50_001 } });
    quick.willAnswer('create', { status: 200, body: { dataPort: 50_002 } });
    const release = late.hold('create');
    await server.create('t1', [late.host, quick.host]);
    const idleAlarms = 1; // the check of who fell silent
    await waitUntil('the first answer', () => clock.alarmCount > idleAlarms);
    clock.advance(START_GRACE_MS - 1);
    expect(quick.started).toEqual([]);
    clock.advance(1);
    await waitUntil('the start of the quick agent', () => quick.started.length === 1);
    expect(quick.started[0]?.linkChain.dispatchAddrs).toEqual([
      SERVER_DATA_ADDRESS,
      '127.0.0.1:50002',
    ]);
    release();
    await waitUntil('the start of the late agent', () => late.started.length === 1);
    expect(late.started[0]?.linkChain.dispatchAddrs).toEqual([
      SERVER_DATA_ADDRESS,
      '127.0.0.1:50002',
      '127.0.0.1:50001',
    ]);
  });
});

describe('the calls of one task', () => {
  it('S20: are under way for MAX_CALLS_IN_FLIGHT hosts at once, and reach all in the end', async () => {
    const server = await ServerUnderTest.start();
    const agents = await someAgents(MAX_CALLS_IN_FLIGHT + 3);
    const releases = agents.map((agent) => agent.hold('create'));
    const asked = (): FakeAgent[] => agents.filter(({ created }) => created.length > 0);
    await server.create(
      't1',
      agents.map(({ host }) => host),
    );
    for (let released = 0; released < 3; released += 1) {
      const atCap = MAX_CALLS_IN_FLIGHT + released;
      await waitUntil(`${atCap} calls`, () => asked().length >= atCap);
      expect(asked()).toHaveLength(atCap);
      releases[agents.indexOf(asked()[released] as FakeAgent)]?.();
    }
    for (const release of releases) release();
    await server.waitForTask('t1', ({ hostCounts }) => hostCounts.inProgress === agents.length);
  });
});
