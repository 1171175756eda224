/** Bad bodies of what wire v2 added: manifest, key, plan, and the change of a running task. */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentUnderTest } from './agent-under-test.ts';
import { badBodies, expectRefusal } from './bad-body-rows.ts';

const CREATE = badBodies('create-v2');
const START = badBodies('start-v2');
const manifest = CREATE.good['manifest'] as object;

let agent: AgentUnderTest;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ agent, remove } = await AgentUnderTest.startForMany());
});
afterAll(() => remove());

describe('POST /tasks of a v2 task', () => {
  it.each(CREATE.rows)('$id: $what', async ({ body, ...expected }) => {
    expectRefusal(await agent.create(body), expected);
    expect(readdirSync(agent.downdir)).toEqual([]);
    expect(await agent.call('GET', '/tasks/t1')).toMatchObject({ status: 404 });
  });

  it('lists every field that is wrong', async () => {
    const body = { ...CREATE.good, key: 'short', manifest: { ...manifest, bytes: 0 } };
    const { details } = (await agent.create(body)).body;
    expect(details?.map(({ field }) => field).sort()).toEqual(['key', 'manifest.bytes']);
  });

  it('never repeats a key in its answer', async () => {
    const key = `${Buffer.alloc(31, 0xfb).toString('base64')}-secret`;
    const answer = await agent.create({ ...CREATE.good, key });
    expect(answer.body.code).toBe('FIELD_RANGE');
    expect(JSON.stringify(answer.body)).not.toContain('secret');
  });
});

describe('POST /tasks/start of a v2 task', () => {
  it.each(START.rows)('$id: $what', async ({ body, ...expected }) => {
    expectRefusal(await agent.call('POST', '/tasks/start', body), expected);
  });

  it('takes a plan at its limits', async () => {
    const sources = Array.from({ length: 256 }, (_, n) => `host-${n}:1`);
    const rack = { name: 'r'.repeat(100), members: Array.from({ length: 10_000 }, () => 'host:1') };
    const plan = { sources, degree: 256, rack };
    const answer = await agent.call('POST', '/tasks/start', { ...START.good, plan });
    expect(answer).toMatchObject({ status: 404, body: { code: 'TASK_NOT_EXISTED' } });
  });
});

describe('PATCH /tasks/:id', () => {
  it.each(badBodies('change').rows)('$id: $what', async ({ body, ...expected }) => {
    expectRefusal(await agent.call('PATCH', '/tasks/t1', body), expected);
  });

  it.each([1, Number.MAX_SAFE_INTEGER])(
    'of an unknown task is 404, for a speed of %d',
    async (n) => {
      const answer = await agent.setSpeed(n, 'none');
      expectRefusal(answer, { status: 404, code: 'TASK_NOT_EXISTED', field: undefined });
    },
  );
});
