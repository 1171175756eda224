/** Which wire version a task speaks, and what its agents are told in v2. */
import { describe, expect, it } from 'vitest';
import { DispatchTaskDto, MAX_INLINE_MANIFEST_BYTES, StartTaskDto } from '@gofd/task-model';
import { SURVEY_GRACE_MS } from '../src/dispatch/agent-survey.ts';
import { START_GRACE_MS } from '../src/dispatch/dispatcher.ts';
import { refusalOf } from './agent-side-validation.ts';
import type { FakeAgent } from './fake-agent.ts';
import { aManifest, MESH_BYTES, META_INFO } from './fake-seeding.ts';
import { ManualClock } from './manual-clock.ts';
import {
  someAgents,
  someV2Agents,
  ServerUnderTest,
  type ServerOptions,
} from './server-under-test.ts';
import { waitUntil } from './wait-until.ts';

const SERVER = { data: '127.0.0.1:45001', management: '127.0.0.1:45000' };
const SERVER_ALONE = { dispatchAddrs: [SERVER.data], serverAddr: SERVER.management };

function hostsOf(agents: readonly FakeAgent[]): string[] {
  return agents.map(({ host }) => host);
}

function dataAddressesOf(agents: readonly FakeAgent[]): string[] {
  return agents.map(({ dataAddress }) => dataAddress);
}

/** A server whose tasks are long enough for a swarm. */
async function aServer(options: ServerOptions = {}): Promise<ServerUnderTest> {
  const server = await ServerUnderTest.start(options);
  server.catalog.totalBytes = 10 * MESH_BYTES;
  return server;
}

/** Creates a task and waits until all its agents are on it. */
async function running(server: ServerUnderTest, agents: readonly FakeAgent[], id = 't1') {
  await server.create(id, hostsOf(agents));
  return server.waitForTask(id, ({ hostCounts }) => hostCounts.inProgress === agents.length);
}

/** Every call is one that an agent takes. */
async function expectAgentsToTake(agents: readonly FakeAgent[]): Promise<void> {
  for (const { created, started } of agents) {
    for (const body of created) expect(await refusalOf(DispatchTaskDto, body)).toBeUndefined();
    for (const body of started) expect(await refusalOf(StartTaskDto, body)).toBeUndefined();
  }
}

describe('a task', () => {
  it('of v2 agents has a manifest and a key, and no meta info', async () => {
    const server = await aServer();
    const agents = await someV2Agents(2);
    await running(server, agents);
    const { digest, bytes } = server.catalog.manifest;
    const [seeded] = server.seeder.seeded;
    for (const { created } of agents) {
      expect(created).toHaveLength(1);
      expect(created[0]).toMatchObject({
        manifest: { digest: digest.toString('base64'), content: bytes.toString('base64') },
        key: Buffer.from(seeded?.key ?? '').toString('base64'),
      });
      expect(created[0]).not.toHaveProperty('metaInfo');
    }
    await expectAgentsToTake(agents);
  });

  it('with one v1 agent among v2 is a v1 chain for all of them', async () => {
    const server = await aServer();
    const agents = [...(await someV2Agents(2)), ...(await someAgents(1))];
    await running(server, agents);
    const chain = [SERVER.data, ...dataAddressesOf(agents)];
    for (const { created, started } of agents) {
      expect(created[0]).toMatchObject({ metaInfo: META_INFO });
      expect(Object.keys(created[0] ?? {})).not.toContain('manifest');
      expect(Object.keys(created[0] ?? {})).not.toContain('key');
      expect(started).toEqual([
        { taskId: 't1', linkChain: { dispatchAddrs: chain, serverAddr: SERVER.management } },
      ]);
    }
    expect(server.seeder.seeded[0]).toMatchObject({ scatters: false, scattersManifest: false });
    await expectAgentsToTake(agents);
  });

  it('with an agent that does not know the question what it can do is of v1', async () => {
    const server = await aServer();
    const [own, reference] = (await someV2Agents(2)) as [FakeAgent, FakeAgent];
    reference.willAnswer('info', { status: 404, body: { message: 'Not Found' } });
    await running(server, [own, reference]);
    expect(own.created[0]).toMatchObject({ metaInfo: META_INFO });
  });

  it('has another key for each attempt', async () => {
    const server = await aServer();
    const agents = await someV2Agents(2);
    await running(server, agents);
    await server.call('DELETE', '/tasks/t1');
    await running(server, agents);
    const keys = agents.flatMap(({ created }) => created.map(({ key }) => key));
    expect(keys).toHaveLength(4);
    expect(new Set(keys).size).toBe(2);
    expect(agents[0]?.created.map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it('asks the same agents once, and not again for the next task', async () => {
    const server = await aServer();
    const agents = await someV2Agents(2);
    await running(server, agents, 'first');
    await running(server, agents, 'second');
    for (const agent of agents) expect(agent.calls('info')).toHaveLength(1);
  });
});

describe('an agent that is another than it said', () => {
  it('fails alone with AGENT_VERSION, is told of the end, and is asked again next time', async () => {
    const server = await aServer();
    const [good, replaced] = (await someV2Agents(2)) as [FakeAgent, FakeAgent];
    await running(server, [good, replaced], 'before');
    replaced.willAnswer('info', { status: 404 });
    replaced.willAnswer('create', { status: 200 }); // as the reference does
    await server.create('now', hostsOf([good, replaced]));
    const task = await server.waitForTask('now', ({ hostCounts }) => hostCounts.failed === 1);
    const failed = task.dispatchInfos[replaced.host];
    expect(failed).toMatchObject({ status: 'FAILED', code: 'AGENT_VERSION' });
    expect(failed?.message).toContain(replaced.host);
    expect(replaced.calls('info')).toHaveLength(1);
    await waitUntil('the start of the good one', () => good.started.length === 2);
    expect(good.started[1]?.plan?.sources).toEqual([]);
    await server.report({ taskId: 'now', ip: good.host, percentComplete: 100 });
    await waitUntil('it to be told of the end', () => replaced.calls('end').length === 1);
    expect(replaced.calls('end')[0]?.call).toContain('/tasks/now');

    await server.create('after', hostsOf([good, replaced]));
    await waitUntil('the third create call', () => replaced.created.length === 3);
    expect(replaced.calls('info')).toHaveLength(2);
    expect(replaced.created[2]).toMatchObject({ taskId: 'after', metaInfo: META_INFO });
  });

  it('or refuses the create call, is asked again next time', async () => {
    const server = await aServer();
    const [agent] = (await someV2Agents(1)) as [FakeAgent];
    agent.willAnswer('create', { status: 400, body: { code: 'FIELD_UNKNOWN', message: 'key' } });
    await server.create('t1', [agent.host]);
    const failed = await server.waitForEnd('t1');
    expect(failed.dispatchInfos[agent.host]).toMatchObject({ code: 'FIELD_UNKNOWN' });
    await server.create('t1', [agent.host]);
    await waitUntil('the second question', () => agent.calls('info').length === 2);
  });
});

describe('an agent that is silent at the survey', () => {
  /** The task has begun without a word of the last agent, which holds back what it can do. */
  async function begunWithout(silent: FakeAgent, others: readonly FakeAgent[]) {
    const clock = new ManualClock();
    const server = await aServer({ clock });
    const release = silent.hold('info');
    await server.create('t1', [...hostsOf(others), silent.host]);
    await waitUntil('the first answer', () => clock.alarmCount === 1);
    await waitUntil('the question', () => silent.calls('info').length === 1);
    clock.advance(SURVEY_GRACE_MS);
    await waitUntil('a second question', () => silent.calls('info').length === 2);
    return { server, clock, release };
  }

  it('and turns out to speak v1 alone fails alone, and never gets the task', async () => {
    const [good] = (await someV2Agents(1)) as [FakeAgent];
    const [old] = (await someAgents(1)) as [FakeAgent];
    const { server, release } = await begunWithout(old, [good]);
    release();
    const task = await server.waitForTask('t1', ({ hostCounts }) => hostCounts.failed === 1);
    expect(task.dispatchInfos[old.host]).toMatchObject({ code: 'AGENT_VERSION' });
    await waitUntil('the start of the good one', () => good.started.length === 1);
    expect(good.created[0]).toHaveProperty('manifest');
    expect(old.created).toEqual([]);
  });

  it('and speaks v2 joins, and its rack counts', async () => {
    const [one, other, slow] = (await someV2Agents(3, (index) => (index === 0 ? 'a' : 'b'))) as [
      FakeAgent,
      FakeAgent,
      FakeAgent,
    ];
    const { server, release } = await begunWithout(slow, [one, other]);
    release();
    await server.waitForTask('t1', ({ hostCounts }) => hostCounts.inProgress === 3);
    const members = dataAddressesOf([other, slow]);
    for (const { started } of [other, slow]) {
      expect(started[0]?.plan?.rack).toEqual({ name: 'b', members });
    }
  });
});

describe('a task that is sent direct', () => {
  it.each([
    { what: 'has few bytes', agentCount: 3, totalBytes: META_INFO.length },
    { what: 'has one host', agentCount: 1, totalBytes: 100 * MESH_BYTES },
  ])('because it $what has the plan in its only call', async ({ agentCount, totalBytes }) => {
    const server = await ServerUnderTest.start();
    server.catalog.totalBytes = totalBytes;
    const agents = await someV2Agents(agentCount);
    await running(server, agents);
    for (const { created, started } of agents) {
      expect(created[0]?.plan).toEqual({ sources: [SERVER.data], degree: 1 });
      expect(created[0]?.linkChain).toEqual(SERVER_ALONE);
      expect(started).toEqual([]);
    }
    expect(server.seeder.seeded[0]).toMatchObject({ scatters: false, scattersManifest: false });
    await expectAgentsToTake(agents);
  });
});

describe('a mesh', () => {
  it('tells each agent of the others and of the server beside them', async () => {
    const server = await aServer();
    const agents = await someV2Agents(3);
    await running(server, agents);
    for (const agent of agents) {
      expect(agent.created[0]).not.toHaveProperty('plan');
      expect(agent.started).toEqual([
        {
          taskId: 't1',
          linkChain: SERVER_ALONE,
          plan: { sources: expect.any(Array) as string[], degree: 2, origin: SERVER.data },
        },
      ]);
      const others = dataAddressesOf(agents.filter((other) => other !== agent));
      expect([...(agent.started[0]?.plan?.sources ?? [])].sort()).toEqual(others.sort());
    }
    expect(server.seeder.seeded[0]).toMatchObject({ scatters: true });
    await expectAgentsToTake(agents);
  });

  it.each([
    ['a short', MAX_INLINE_MANIFEST_BYTES, false],
    ['a long', 10_000_000, true],
  ])('gets %s manifest (%i bytes) scattered: %s', async (_what, byteCount, isScattered) => {
    const server = await aServer();
    server.catalog.manifest = aManifest(byteCount);
    const agents = await someV2Agents(2);
    await running(server, agents);
    expect(agents[0]?.created[0]?.manifest?.content === undefined).toBe(isScattered);
    expect(server.seeder.seeded[0]).toMatchObject({ scattersManifest: isScattered });
  });

  it('is told of the racks that the agents name, those without one included', async () => {
    const server = await aServer();
    const agents = await someV2Agents(4, (index) => (index % 2 === 0 ? 'r7' : undefined));
    await running(server, agents);
    const [one, two, three, four] = dataAddressesOf(agents);
    const racks = agents.map(({ started }) => started[0]?.plan?.rack);
    expect(racks[0]).toEqual({ name: 'r7', members: [one, three] });
    expect(racks[1]?.members).toEqual([two, four]);
    await expectAgentsToTake(agents);
  });
});

describe('a v2 chain (control.topology)', () => {
  it('tells each agent of the one before it, and of the server last', async () => {
    const server = await aServer({ topology: 'chain' });
    const agents = await someV2Agents(3);
    await running(server, agents);
    const [one, two] = dataAddressesOf(agents);
    expect(agents.map(({ started }) => started[0]?.plan)).toEqual([
      { sources: [SERVER.data], degree: 1 },
      { sources: [one, SERVER.data], degree: 1 },
      { sources: [two, one, SERVER.data], degree: 1 },
    ]);
    expect(server.seeder.seeded[0]).toMatchObject({ scatters: false, scattersManifest: false });
    await expectAgentsToTake(agents);
  });
});

describe('an agent that answers the create call late', () => {
  it.each(['mesh', 'chain'] as const)('joins the %s of those that are there', async (topology) => {
    const clock = new ManualClock();
    const server = await aServer({ clock, topology });
    const agents = await someV2Agents(3);
    const [late, ...quick] = agents as [FakeAgent, FakeAgent, FakeAgent];
    const release = late.hold('create');
    await server.create('t1', hostsOf(agents));
    const idleAlarms = 1; // the check of who fell silent
    await waitUntil('the first answer', () => clock.alarmCount > idleAlarms);
    await waitUntil('both others to be created', () =>
      quick.every(({ created }) => created.length === 1),
    );
    clock.advance(START_GRACE_MS);
    await server.waitForTask('t1', ({ hostCounts }) => hostCounts.inProgress === 2);
    release();
    await server.waitForTask('t1', ({ hostCounts }) => hostCounts.inProgress === 3);
    const there = dataAddressesOf(quick);
    const { sources = [], degree, origin } = late.started[0]?.plan ?? {};
    if (topology === 'chain') {
      expect([sources, degree, origin]).toEqual([[...there.reverse(), SERVER.data], 1, undefined]);
    } else {
      expect([[...sources].sort(), degree, origin]).toEqual([there.sort(), 2, SERVER.data]);
    }
    for (const { started } of quick) {
      expect(started[0]?.plan?.sources).not.toContain(late.dataAddress);
    }
    await expectAgentsToTake(agents);
  });
});
