/** The dry run of a create call, and the check of one host, against agents that answer as told. */
import { describe, expect, it } from 'vitest';
import { MAX_PLANS } from '../src/planning/plans.service.ts';
import { MAX_PLAN_CALLS_IN_FLIGHT } from '../src/planning/host-planner.ts';
import { SourceError } from '../src/seeding/source-catalog.port.ts';
import { A_READY_PLAN, type FakeAgent } from './fake-agent.ts';
import { ServerUnderTest, someAgents } from './server-under-test.ts';
import { waitUntil } from './wait-until.ts';

const NO_SPACE = { code: 'NO_SPACE', message: '/data has 5 bytes free, 9 are needed' };
const NO_ROUTE = { statusCode: 404, code: 'ROUTE_NOT_FOUND', message: 'no such path' };

function aTask(hosts: readonly string[], id = 't1') {
  return { id, dispatchFiles: ['/src/two.bin', '/src/one.txt'], destIPs: hosts };
}

async function agentsOf(count: number): Promise<[FakeAgent, FakeAgent, FakeAgent]> {
  return (await someAgents(count)) as [FakeAgent, FakeAgent, FakeAgent];
}

describe('POST /api/v1/server/tasks/plan', () => {
  it('asks every host with names and lengths, and creates nothing anywhere', async () => {
    const server = await ServerUnderTest.start();
    const [one, two] = await agentsOf(2);
    const plan = await server.client.planTask(aTask([one.host, two.host]));
    expect(plan).toEqual({
      isReady: true,
      fileCount: 2,
      totalBytes: server.catalog.totalBytes,
      problems: [],
      hosts: [one, two].map(({ host }) => ({ host, verdict: 'READY', ...A_READY_PLAN })),
    });
    expect(JSON.parse(one.calls('plan')[0]?.text ?? '')).toEqual({
      taskId: 't1',
      files: [
        { name: 'two.bin', length: server.catalog.totalBytes },
        { name: 'one.txt', length: 0 },
      ],
    });
    expect(one.seen).toHaveLength(1);
    expect(server.catalog.prepared).toEqual([]);
    expect((await server.client.listTasks()).tasks).toEqual([]);
    const audit = await server.call<{ entries: { action: string }[] }>('GET', '/audit');
    expect(audit.body.entries.map(({ action }) => action)).not.toContain('create');
  });

  it('has one code for each problem of a host, in the order of the hosts', async () => {
    const server = await ServerUnderTest.start();
    const [full, wary, old] = await agentsOf(3);
    const [gone] = await agentsOf(1);
    full.willAnswer('plan', { status: 200, body: { ...A_READY_PLAN, problems: [NO_SPACE] } });
    wary.willAnswer('plan', { status: 401 });
    old.willAnswer('plan', { status: 404, body: NO_ROUTE });
    const hosts = [full, wary, old, gone].map(({ host }) => host);
    await gone.stop();
    const { isReady, hosts: plans } = await server.client.planTask(aTask(hosts));
    expect(isReady).toBe(false);
    expect(plans.map(({ verdict, problems }) => [verdict, problems[0]?.code])).toEqual([
      ['NOT_READY', 'NO_SPACE'],
      ['NOT_READY', 'AGENT_AUTH_REFUSED'],
      ['UNKNOWN', 'PLAN_UNSUPPORTED'],
      ['NOT_READY', 'AGENT_UNREACHABLE'],
    ]);
    expect(plans[2]).toMatchObject({ version: '0.1.0' });
  });

  it('takes a bare 404, as of the Go version, for an agent that cannot be asked', async () => {
    const server = await ServerUnderTest.start();
    const [old] = await agentsOf(1);
    old.willAnswer('plan', { status: 404 });
    const { hosts } = await server.client.planTask(aTask([old.host]));
    expect(hosts[0]).toMatchObject({
      verdict: 'UNKNOWN',
      problems: [{ code: 'PLAN_UNSUPPORTED' }],
    });
  });

  it('names what is wrong with a source, and asks the hosts all the same', async () => {
    const server = await ServerUnderTest.start();
    const [agent] = await agentsOf(1);
    server.catalog.refuse('/src/one.txt', new SourceError('SOURCE_NOT_FOUND', 'not there'));
    const plan = await server.client.planTask(aTask([agent.host]));
    expect(plan).toMatchObject({
      isReady: false,
      problems: [{ code: 'SOURCE_NOT_FOUND', message: 'not there' }],
      hosts: [{ verdict: 'READY' }],
    });
    expect(plan.totalBytes).toBeUndefined();
  });

  it('predicts from what hosts received a second in tasks that they completed', async () => {
    const server = await ServerUnderTest.start();
    const [one, two] = await agentsOf(2);
    await server.create('before', [one.host]);
    await server.waitForTask('before', ({ hostCounts }) => hostCounts.inProgress === 1);
    await waitUntil('some time has passed', async () => {
      const { startedAt } = (await server.view('before')).dispatchInfos[one.host] ?? {};
      return startedAt !== undefined && Date.now() > Date.parse(startedAt) + 20;
    });
    await server.report({ taskId: 'before', ip: one.host, percentComplete: 100 });
    await server.waitForEnd('before');
    const plan = await server.client.planTask(aTask([one.host, two.host]));
    const [measured, unknown] = plan.hosts;
    const rate = measured?.measuredBytesPerSecond ?? 0;
    expect(rate).toBeGreaterThan(0);
    const expected = server.catalog.totalBytes / rate;
    expect(measured?.predictedSeconds).toBeGreaterThanOrEqual(expected);
    expect(measured?.predictedSeconds).toBeLessThan(expected + 0.11);
    expect(plan.predictedSeconds).toBe(measured?.predictedSeconds);
    expect(unknown).not.toHaveProperty('predictedSeconds');
  });

  it.each([
    [{ destIPs: ['10.0.0.1', '10.0.0.1'] }, 'DUPLICATE_HOST', 'destIPs[1]'],
    [{ destIPs: ['10.0.0.1:0'] }, 'INVALID_HOST', 'destIPs'],
    [{ dispatchFiles: ['/a/x', '/b/x'] }, 'DUPLICATE_FILE_NAME', 'dispatchFiles[1]'],
    [{ dispatchFiles: ['/a/..'] }, 'UNSAFE_PATH', 'dispatchFiles[0]'],
    [{ id: '' }, 'INVALID_TASK_ID', 'id'],
    [{ destGroups: ['role=none'] }, 'DEST_GROUP_EMPTY', 'destGroups[0]'],
    [{ speed: 1 }, 'FIELD_UNKNOWN', 'speed'],
  ])('refuses %j exactly as the create call does: %s', async (change, code, field) => {
    const server = await ServerUnderTest.start();
    const body = { ...aTask(['10.0.0.1']), ...change };
    const planned = await server.refusal('POST', '/tasks/plan', body);
    expect([planned.body.code, planned.body.details?.[0]?.field]).toEqual([code, field]);
    expect(planned).toEqual(await server.refusal('POST', '/tasks', body));
  });

  it('refuses the id of a task with other content, and takes that of the same', async () => {
    const server = await ServerUnderTest.start();
    const [one, two] = await agentsOf(2);
    await server.call('POST', '/tasks', aTask([one.host]));
    const refused = await server.refusal('POST', '/tasks/plan', aTask([two.host]));
    expect([refused.status, refused.body.code]).toEqual([409, 'TASK_EXISTED']);
    expect((await server.client.planTask(aTask([one.host]))).isReady).toBe(true);
  });

  it('asks so many hosts at once and no more', async () => {
    const server = await ServerUnderTest.start();
    const agents = await someAgents(MAX_PLAN_CALLS_IN_FLIGHT + 3);
    const releases = agents.map((agent) => agent.hold('plan'));
    const asked = (): number => agents.filter((agent) => agent.calls('plan').length > 0).length;
    const plan = server.client.planTask(aTask(agents.map(({ host }) => host)));
    await waitUntil('the first are asked', () => asked() === MAX_PLAN_CALLS_IN_FLIGHT);
    releases[0]?.();
    await waitUntil('one more is asked', () => asked() === MAX_PLAN_CALLS_IN_FLIGHT + 1);
    for (const release of releases) release();
    expect((await plan).hosts).toHaveLength(agents.length);
  });

  it('makes so many plans at once and refuses a further one', async () => {
    const server = await ServerUnderTest.start();
    const [agent] = await agentsOf(1);
    const release = agent.hold('plan');
    const ids = Array.from({ length: MAX_PLANS }, (_, index) => `t${index}`);
    const plans = ids.map((id) => server.client.planTask(aTask([agent.host], id)));
    await waitUntil('all are asked', () => agent.calls('plan').length === MAX_PLANS);
    const refused = await server.refusal('POST', '/tasks/plan', aTask([agent.host]));
    expect([refused.status, refused.body.code]).toEqual([429, 'TOO_MANY_PLANS']);
    release();
    await Promise.all(plans);
    expect((await server.client.planTask(aTask([agent.host]))).isReady).toBe(true);
  });
});

describe('GET /api/v1/server/agents/check', () => {
  it('says what the host says now, announced, and did in the last tasks', async () => {
    const server = await ServerUnderTest.start();
    const [agent] = await agentsOf(1);
    const said = {
      name: 'web-1',
      address: agent.host,
      dataPort: 1,
      version: '0.1.0',
      freeBytes: 7,
    };
    await server.call('POST', '/agents/announce', said);
    await server.create('t1', [agent.host]);
    await server.waitForTask('t1', ({ hostCounts }) => hostCounts.inProgress === 1);
    await server.report({ taskId: 't1', ip: agent.host, percentComplete: -1, code: 'NO_SPACE' });
    await server.create('t2', ['10.255.0.1:1']);
    const check = await server.client.checkHost(agent.host);
    expect(check).toMatchObject({
      plan: { host: agent.host, verdict: 'READY', freeBytes: A_READY_PLAN.freeBytes },
      announced: { name: 'web-1', isAlive: true },
      tasks: [{ id: 't1', row: { status: 'FAILED', code: 'NO_SPACE' } }],
    });
    expect(check.tasks).toHaveLength(1);
    expect(JSON.parse(agent.calls('plan')[0]?.text ?? '')).toEqual({ files: [] });
  });

  it.each([
    ['', 'FIELD_MISSING'],
    ['?host=a_b', 'INVALID_HOST'],
    ['?host=a&host=b', 'FIELD_TYPE'],
    ['?host=a&task=b', 'FIELD_UNKNOWN'],
  ])('refuses %j with %s', async (query, code) => {
    const server = await ServerUnderTest.start();
    const { status, body } = await server.refusal('GET', `/agents/check${query}`);
    expect([status, body.code]).toEqual([400, code]);
  });
});
