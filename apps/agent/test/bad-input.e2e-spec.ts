/** One bad input, one exact code that names its field, and nothing is created. */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorBody } from '@gofd/task-model';
import { AgentUnderTest } from './agent-under-test.ts';
import { badBodies, expectRefusal } from './bad-body-rows.ts';

let agent: AgentUnderTest;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ agent, remove } = await AgentUnderTest.startForMany());
});
afterAll(() => remove());

const CREATE = badBodies('create-v1');
const metaInfo = CREATE.good['metaInfo'] as object;

describe('B53: POST /tasks', () => {
  it.each(CREATE.rows)('$id: $what', async ({ body, ...expected }) => {
    expectRefusal(await agent.create(body), expected);
    expect(readdirSync(agent.downdir)).toEqual([]);
    expect(await agent.call('GET', '/tasks/t1')).toMatchObject({ status: 404 });
  });

  it('lists every field that is wrong', async () => {
    const body = { ...CREATE.good, speed: 0, metaInfo: { ...metaInfo, PieceLen: 'large' } };
    const { details } = (await agent.create(body)).body;
    expect(details?.map(({ field }) => field).sort()).toEqual(['metaInfo.PieceLen', 'speed']);
  });

  it('answers hashes of the largest size there may be, before it looks at the disk', async () => {
    const pieces = Buffer.alloc(40 * 1024 * 1024, 1).toString('base64');
    const refused = await agent.create({ ...CREATE.good, metaInfo: { ...metaInfo, pieces } });
    expectRefusal(refused, { status: 400, code: 'INVALID_META_INFO', field: 'metaInfo.pieces' });
    const tooLarge = await agent.create(`{"taskId":"${'a'.repeat(64 * 1024 * 1024)}"}`);
    expect([tooLarge.status, tooLarge.body.code]).toEqual([413, 'BODY_TOO_LARGE']);
  });
});

describe('POST /tasks/start', () => {
  it.each(badBodies('start').rows)('$id: $what', async ({ body, ...expected }) => {
    expectRefusal(await agent.call('POST', '/tasks/start', body), expected);
  });
});

describe('a path', () => {
  it.each([
    ['GET', '/tasks/none', 404, 'TASK_NOT_EXISTED'],
    ['GET', '/tasks/constructor', 404, 'TASK_NOT_EXISTED'],
    ['GET', '/tasks/%2e%2e%2f%2e%2e%2fetc', 404, 'TASK_NOT_EXISTED'],
    ['GET', '/tasks/%ff', 404, 'ROUTE_NOT_FOUND'],
    ['GET', '/nothing', 404, 'ROUTE_NOT_FOUND'],
    ['GET', '/tasks', 405, 'METHOD_NOT_ALLOWED'],
    ['PUT', '/tasks/t1', 405, 'METHOD_NOT_ALLOWED'],
    ['DELETE', '/tasks', 405, 'METHOD_NOT_ALLOWED'],
  ])('%s %s is answered %i %s', async (method, path, status, code) => {
    const answer = await agent.call<ErrorBody>(method, path);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
});
