/** A server that dies at any moment goes on where it was, without a new create call. */
import { describe, expect, it } from 'vitest';
import { LOST_AFTER_MS } from '../src/liveness/liveness-watch.ts';
import { StateError } from '../src/state/task-store.port.ts';
import type { FakeAgent } from './fake-agent.ts';
import { MESH_BYTES } from './fake-seeding.ts';
import { ManualClock } from './manual-clock.ts';
import { someAgents, someV2Agents, ServerUnderTest } from './server-under-test.ts';
import { waitUntil } from './wait-until.ts';

async function aServer(stateFolder?: string, maxActive = 5): Promise<ServerUnderTest> {
  const server = await ServerUnderTest.start({
    maxActive,
    ...(stateFolder !== undefined && { stateFolder }),
  });
  server.catalog.totalBytes = 10 * MESH_BYTES;
  return server;
}

/** The server is killed and started again. */
async function restarted(server: ServerUnderTest, maxActive = 5): Promise<ServerUnderTest> {
  await server.die();
  return aServer(server.stateFolder, maxActive);
}

/** A task that all its agents are on. */
async function running(server: ServerUnderTest, agents: readonly FakeAgent[], id = 't1') {
  await server.create(
    id,
    agents.map(({ host }) => host),
  );
  await server.waitForTask(id, ({ hostCounts }) => hostCounts.inProgress === agents.length);
}

function done(server: ServerUnderTest, { host }: FakeAgent, sequence = 9, id = 't1') {
  return server.report({ taskId: id, ip: host, percentComplete: 100, attempt: 1, sequence });
}

function hostOf(agents: readonly FakeAgent[], index: number): FakeAgent {
  return agents[index] as FakeAgent;
}

describe('after the death of the server', () => {
  it.each([
    ['v2', someV2Agents],
    ['v1', someAgents],
  ])('a running task of %s goes on with the same content, key and attempt', async (_, some) => {
    const first = await aServer();
    const agents = await some(2);
    await running(first, agents);
    const second = await restarted(first);
    await waitUntil('the second start calls', () =>
      agents.every(({ started }) => started.length === 2),
    );
    for (const { created } of agents) expect(created[1]).toEqual(created[0]);
    const keyOf = ({ seeder }: ServerUnderTest) => Buffer.from(seeder.seeded[0]?.key ?? []);
    expect(keyOf(second)).toEqual(keyOf(first));
    for (const agent of agents) await done(second, agent);
    const task = await second.waitForEnd('t1');
    expect(task).toMatchObject({ status: 'COMPLETED', attempt: 1 });
  });

  it('what hosts had reported stands, and they are left alone', async () => {
    const first = await aServer();
    const agents = await someV2Agents(3);
    await running(first, agents);
    await done(first, hostOf(agents, 0));
    const why = { percentComplete: -1, attempt: 1, sequence: 3, code: 'NO_SPACE', message: 'full' };
    await first.report({ taskId: 't1', ip: hostOf(agents, 1).host, ...why });
    const before = await first.view('t1');
    const second = await restarted(first);
    await waitUntil('the call to the third', () => hostOf(agents, 2).started.length === 2);
    expect(hostOf(agents, 0).created).toHaveLength(1);
    expect(hostOf(agents, 1).created).toHaveLength(1);
    const after = await second.view('t1');
    for (const { host } of agents.slice(0, 2)) {
      expect(after.dispatchInfos[host]).toEqual(before.dispatchInfos[host]);
    }
    expect(after).toMatchObject({ createdAt: before.createdAt, startedAt: before.startedAt });
    await done(second, hostOf(agents, 2));
    expect((await second.waitForEnd('t1')).status).toBe('PARTIAL');
  });

  it('a report that comes before the agent was called again counts', async () => {
    const first = await aServer();
    const agents = await someV2Agents(2);
    await running(first, agents);
    const release = hostOf(agents, 0).hold('create');
    const second = await restarted(first);
    expect((await done(second, hostOf(agents, 0))).status).toBe(200);
    release();
    await done(second, hostOf(agents, 1));
    expect((await second.waitForEnd('t1')).status).toBe('COMPLETED');
  });

  it('tasks that waited still wait, in their order', async () => {
    const first = await aServer(undefined, 1);
    const agents = await someV2Agents(1);
    await running(first, agents, 'a');
    for (const id of ['b', 'c']) await first.create(id, [hostOf(agents, 0).host]);
    const second = await restarted(first, 1);
    const statuses = async () =>
      Promise.all(['a', 'b', 'c'].map(async (id) => (await second.view(id)).status));
    expect(await statuses()).toEqual(['INPROGRESS', 'INIT', 'INIT']);
    await done(second, hostOf(agents, 0), 1, 'a');
    await second.waitForTask('b', ({ hostCounts }) => hostCounts.inProgress === 1);
    expect(await statuses()).toEqual(['COMPLETED', 'INPROGRESS', 'INIT']);
  });

  it('a task that is over stays what it was, and agents that do not know yet are told', async () => {
    const first = await aServer();
    const agents = await someV2Agents(1);
    await running(first, agents);
    hostOf(agents, 0).hold('end');
    await first.call('DELETE', '/tasks/t1');
    await waitUntil('the first end call', () => hostOf(agents, 0).calls('end').length === 1);
    const before = await first.view('t1');
    const second = await restarted(first);
    await waitUntil('the second end call', () => hostOf(agents, 0).calls('end').length === 2);
    expect(await second.view('t1')).toEqual(before);
    expect(hostOf(agents, 0).created).toHaveLength(1);
  });

  it('agents that were told are not told again', async () => {
    const first = await aServer();
    const agents = await someV2Agents(1);
    await running(first, agents);
    await first.call('DELETE', '/tasks/t1');
    await waitUntil('the end call to be stored', () => first.store.loadAll()[0]?.isClosed);
    const second = await restarted(first);
    await running(second, agents, 't2');
    expect(hostOf(agents, 0).calls('end')).toHaveLength(1);
  });

  it('nothing of a task that is over is kept that could open it', async () => {
    const first = await aServer();
    const agents = await someV2Agents(1);
    await running(first, agents);
    expect(first.store.loadAll()[0]?.content?.key).toHaveLength(32);
    await done(first, hostOf(agents, 0));
    await waitUntil('the end', () => first.store.loadAll()[0]?.isClosed);
    expect(first.store.loadAll()[0]?.content).toBeUndefined();
  });

  it.each([
    ['v2', someV2Agents],
    ['v1', someAgents],
  ])(
    'F06: an agent of %s that is away as well has as long to come back as any',
    async (_, some) => {
      const first = await aServer();
      const agents = await some(2);
      await running(first, agents);
      for (const kind of ['info', 'create', 'start'] as const) {
        hostOf(agents, 0).willAnswer(kind, 'cut');
      }
      const second = await restarted(first);
      await waitUntil('the end of the calls', () => hostOf(agents, 1).started.length === 2);
      await done(second, hostOf(agents, 1));
      await second.waitForTask('t1', ({ hostCounts }) => hostCounts.completed === 1);
      expect((await second.view('t1')).status).toBe('INPROGRESS');
      await done(second, hostOf(agents, 0));
      expect((await second.waitForEnd('t1')).status).toBe('COMPLETED');
    },
  );

  it('F06: so has one whose create call was under way', async () => {
    const first = await aServer();
    const agents = await someV2Agents(2);
    const [steady, away] = [hostOf(agents, 0), hostOf(agents, 1)];
    const release = away.hold('create');
    await first.create(
      't1',
      agents.map(({ host }) => host),
    );
    await first.waitForTask('t1', ({ hostCounts }) => hostCounts.inProgress === 1);
    await waitUntil('the call that is held', () => away.created.length === 1);
    away.willAnswer('info', 'cut');
    release();
    const second = await restarted(first);
    await waitUntil('two calls in vain', () => away.calls('info').length >= 3);
    await done(second, steady);
    expect((await second.view('t1')).dispatchInfos[away.host]?.status).toBe('INIT');
    away.willAnswer('info', {
      status: 200,
      body: { version: '0.1.0', wireVersions: [1, 2], dataPort: 50_002 },
    });
    await waitUntil('the create call', () => away.created.length === 2);
    await done(second, away);
    expect((await second.waitForEnd('t1')).status).toBe('COMPLETED');
  });

  it('F06: and is lost when it does not come back', async () => {
    const first = await aServer();
    const agents = await someV2Agents(1);
    await running(first, agents);
    for (const kind of ['info', 'create', 'view'] as const)
      hostOf(agents, 0).willAnswer(kind, 'cut');
    await first.die();
    const clock = new ManualClock();
    const second = await ServerUnderTest.start({ clock, stateFolder: first.stateFolder });
    await waitUntil('the minute to pass', async () => {
      clock.advance(5_000);
      return (await second.view('t1')).status !== 'INPROGRESS';
    });
    expect(clock.nowMs()).toBeGreaterThanOrEqual(LOST_AFTER_MS);
    const { dispatchInfos } = await second.view('t1');
    expect(dispatchInfos[hostOf(agents, 0).host]).toMatchObject({ code: 'AGENT_LOST' });
  });

  it('a speed that was set holds', async () => {
    const first = await aServer();
    const agents = await someV2Agents(1);
    await running(first, agents);
    await first.call('PATCH', '/tasks/t1', { speed: 7 });
    const second = await restarted(first);
    await waitUntil('the second create call', () => hostOf(agents, 0).created.length === 2);
    expect(hostOf(agents, 0).created[1]?.speed).toBe(7 * 1024 * 1024);
    expect(second.seeder.seeded[0]?.bytesPerSecond).toBe(7 * 1024 * 1024);
  });

  it('the same create call is the same task, and another one is a conflict', async () => {
    const first = await aServer();
    const agents = await someV2Agents(1);
    await running(first, agents);
    const second = await restarted(first);
    const hosts = [hostOf(agents, 0).host];
    expect((await second.create('t1', hosts)).body).toMatchObject({ attempt: 1 });
    expect((await second.create('t1', hosts, ['/src/other'])).status).toBe(409);
  });
});

describe('while the state cannot be written', () => {
  it('no task is taken, and the caller is told why', async () => {
    const server = await aServer();
    const [agent] = await someV2Agents(1);
    server.store.add = () => {
      throw new StateError("the server's state cannot be written: disk full");
    };
    const { status, body } = await server.refusal('POST', '/tasks', {
      id: 't1',
      dispatchFiles: ['/src/two.bin'],
      destIPs: [agent?.host],
    });
    expect(status).toBe(503);
    expect(body).toMatchObject({ code: 'STATE_UNAVAILABLE' });
    expect((await server.call('GET', '/tasks/t1')).status).toBe(404);
  });

  it('a task that runs goes on to its end', async () => {
    const server = await aServer();
    const agents = await someV2Agents(1);
    server.store.update = () => {
      throw new StateError('disk full');
    };
    await running(server, agents);
    await done(server, hostOf(agents, 0));
    expect((await server.waitForEnd('t1')).status).toBe('COMPLETED');
    expect(server.logLines.filter((line) => line.includes('state cannot be written'))).toHaveLength(
      1,
    );
  });
});
