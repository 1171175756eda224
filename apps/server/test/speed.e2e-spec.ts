/** PATCH /tasks/:id: the upload limit of a task that runs. */
import { describe, expect, it } from 'vitest';
import {
  ChangeAgentTaskDto,
  MAX_TASK_SPEED_MIB_PER_SECOND,
  type ErrorBody,
} from '@gofd/task-model';
import { refusalOf } from './agent-side-validation.ts';
import type { FakeAgent } from './fake-agent.ts';
import { AUTHORIZATION, someAgents, someV2Agents, ServerUnderTest } from './server-under-test.ts';
import { waitUntil } from './wait-until.ts';

const BYTES_PER_MIB = 1_048_576;
/** control.speed of the server under test. */
const USUAL_BYTES_PER_SECOND = 50 * BYTES_PER_MIB;

async function aRunningTask(agentCount: number) {
  const server = await ServerUnderTest.start();
  const agents = await someV2Agents(agentCount);
  await server.create(
    't1',
    agents.map(({ host }) => host),
  );
  await server.waitForTask('t1', ({ hostCounts }) => hostCounts.inProgress === agentCount);
  return { server, agents };
}

describe('a new speed', () => {
  it('reaches the server itself and every agent of the task, in bytes a second', async () => {
    const { server, agents } = await aRunningTask(3);
    expect(server.seeder.seeded[0]?.bytesPerSecond).toBe(USUAL_BYTES_PER_SECOND);
    const { status, body } = await server.call('PATCH', '/tasks/t1', { speed: 2.5 });
    expect([status, body]).toEqual([200, await server.view('t1')]);
    expect(server.seeder.rates).toEqual([2.5 * BYTES_PER_MIB]);
    for (const agent of agents) {
      expect(agent.calls('speed')).toEqual([
        {
          call: 'PATCH /api/v1/agent/tasks/t1',
          authorization: AUTHORIZATION,
          text: JSON.stringify({ speed: 2.5 * BYTES_PER_MIB }),
        },
      ]);
    }
  });

  it.each([
    [Number.MIN_VALUE, 1],
    [1 / 3, 349_525],
    [MAX_TASK_SPEED_MIB_PER_SECOND, MAX_TASK_SPEED_MIB_PER_SECOND * BYTES_PER_MIB],
  ])('of %d MiB/s is %i bytes/s, which agents take', async (speed, bytesPerSecond) => {
    const { server, agents } = await aRunningTask(1);
    expect((await server.call('PATCH', '/tasks/t1', { speed })).status).toBe(200);
    expect(server.seeder.rates).toEqual([bytesPerSecond]);
    expect(agents[0]?.speeds).toEqual([bytesPerSecond]);
    expect(await refusalOf(ChangeAgentTaskDto, { speed: bytesPerSecond })).toBeUndefined();
  });

  it('is set whether or not every agent takes it: one of v1 cannot, one may be gone', async () => {
    const { server, agents } = await aRunningTask(3);
    const [old, gone, good] = agents as [FakeAgent, FakeAgent, FakeAgent];
    old.willAnswer('speed', { status: 404, body: { message: 'Not Found' } });
    await gone.stop();
    expect((await server.call('PATCH', '/tasks/t1', { speed: 1 })).status).toBe(200);
    expect(good.speeds).toEqual([BYTES_PER_MIB]);
    expect((await server.view('t1')).hostCounts).toMatchObject({ inProgress: 3, failed: 0 });
  });

  it('is not told to agents that have ended', async () => {
    const { server, agents } = await aRunningTask(2);
    const [done, busy] = agents as [FakeAgent, FakeAgent];
    await server.report({ taskId: 't1', ip: done.host, percentComplete: 100 });
    await server.call('PATCH', '/tasks/t1', { speed: 1 });
    expect([done.speeds, busy.speeds]).toEqual([[], [BYTES_PER_MIB]]);
  });

  it('of a task that waits its turn is what it starts with', async () => {
    const server = await ServerUnderTest.start({ maxActive: 1 });
    const [agent] = (await someV2Agents(1)) as [FakeAgent];
    await server.create('first', [agent.host]);
    await server.create('next', [agent.host]);
    expect((await server.call('PATCH', '/tasks/next', { speed: 3 })).status).toBe(200);
    await waitUntil('the first create call', () => agent.created.length === 1);
    await server.call('DELETE', '/tasks/first');
    await waitUntil('the second create call', () => agent.created.length === 2);
    expect(agent.created.map(({ taskId, speed }) => [taskId, speed])).toEqual([
      ['first', USUAL_BYTES_PER_SECOND],
      ['next', 3 * BYTES_PER_MIB],
    ]);
    expect(server.seeder.seeded[1]?.bytesPerSecond).toBe(3 * BYTES_PER_MIB);
    expect(agent.speeds).toEqual([]);
  });

  it('reaches an agent that was just being told the old one', async () => {
    const server = await ServerUnderTest.start();
    const [agent] = (await someAgents(1)) as [FakeAgent];
    const release = agent.hold('create');
    await server.create('t1', [agent.host]);
    await waitUntil('the create call', () => agent.created.length === 1);
    await server.call('PATCH', '/tasks/t1', { speed: 3 });
    expect(agent.speeds).toEqual([]);
    release();
    await waitUntil('the new speed', () => agent.speeds.length === 1);
    expect(agent.created[0]?.speed).toBe(USUAL_BYTES_PER_SECOND);
    expect(agent.speeds).toEqual([3 * BYTES_PER_MIB]);
  });
});

describe('a speed that cannot be', () => {
  it.each([
    ['missing', {}, 'FIELD_MISSING'],
    ['null', { speed: null }, 'FIELD_NULL'],
    ['a text', { speed: '5' }, 'FIELD_TYPE'],
    ['a list', { speed: [5] }, 'FIELD_TYPE'],
    ['without end', '{"speed":1e309}', 'FIELD_TYPE'],
    ['0', { speed: 0 }, 'FIELD_RANGE'],
    ['negative', { speed: -1 }, 'FIELD_RANGE'],
    ['too large', { speed: MAX_TASK_SPEED_MIB_PER_SECOND + 0.001 }, 'FIELD_RANGE'],
    ['beside an unknown field', { speed: 5, colour: 'red' }, 'FIELD_UNKNOWN'],
    ['in a list', '[{"speed":5}]', 'BODY_NOT_OBJECT'],
    ['no JSON', '{"speed":', 'BAD_JSON'],
  ])(
    'because it is %s is refused with its code, and nothing changes',
    async (_what, body, code) => {
      const { server, agents } = await aRunningTask(1);
      const refused = await server.refusal('PATCH', '/tasks/t1', body);
      expect([refused.status, refused.body.code]).toEqual([400, code]);
      expect(refused.body.statusCode).toBe(400);
      expect([server.seeder.rates, agents[0]?.speeds]).toEqual([[], []]);
    },
  );

  it('names the field', async () => {
    const { server } = await aRunningTask(1);
    const { body } = await server.refusal('PATCH', '/tasks/t1', { speed: 0 });
    expect(body.details?.map(({ field, code }) => [field, code])).toEqual([
      ['speed', 'FIELD_RANGE'],
    ]);
  });
});

describe('a speed for a task that has no use for it', () => {
  it('because there is no such task: 404', async () => {
    const server = await ServerUnderTest.start();
    const { status, body } = await server.refusal('PATCH', '/tasks/none', { speed: 5 });
    expect([status, body.code]).toEqual([404, 'TASK_NOT_EXISTED']);
  });

  it('because it is over: 409, and nobody is told', async () => {
    const { server, agents } = await aRunningTask(1);
    await server.report({ taskId: 't1', ip: agents[0]?.host, percentComplete: 100 });
    const { status, body } = await server.refusal('PATCH', '/tasks/t1', { speed: 5 });
    expect([status, body.code]).toEqual([409, 'TASK_OVER']);
    expect([server.seeder.rates, agents[0]?.speeds]).toEqual([[], []]);
  });

  it('and comes without the password: 401', async () => {
    const { server, agents } = await aRunningTask(1);
    const response = await fetch(`${server.url}/tasks/t1`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: '{"speed":5}',
    });
    const { code } = (await response.json()) as ErrorBody;
    expect([response.status, code]).toEqual([401, 'UNAUTHORIZED']);
    expect([server.seeder.rates, agents[0]?.speeds]).toEqual([[], []]);
  });
});
