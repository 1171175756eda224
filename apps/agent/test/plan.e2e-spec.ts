/** The dry run of an agent: it says what would be in the way, and leaves everything as it was. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AgentPlan, ErrorBody } from '@gofd/task-model';
import { aCreateCall, aFile } from './a-create-call.ts';
import { AgentUnderTest } from './agent-under-test.ts';

function plan(agent: AgentUnderTest, body: unknown) {
  return agent.call<AgentPlan & ErrorBody>('POST', '/plan', body);
}

describe('POST /api/v1/agent/plan', () => {
  it('says version and free space, and makes nothing', async () => {
    const agent = await AgentUnderTest.start();
    const before = readdirSync(agent.downdir);
    const { status, body } = await plan(agent, {
      taskId: 't1',
      files: [{ name: 'a', length: 10 }],
    });
    expect([status, body]).toEqual([
      200,
      {
        version: expect.stringMatching(/^\d+\./) as string,
        freeBytes: expect.any(Number) as number,
        problems: [],
        replaces: [],
        replacedCount: 0,
      },
    ]);
    expect(readdirSync(agent.downdir)).toEqual(before);
  });

  it('names what is in the way and what would be replaced, and changes neither', async () => {
    const agent = await AgentUnderTest.start();
    mkdirSync(agent.path('folder'));
    writeFileSync(agent.path('old'), 'still here');
    const files = [
      { name: 'folder', length: 1 },
      { name: 'old', length: 1 },
      { name: 'huge', length: Number.MAX_SAFE_INTEGER },
    ];
    const { body } = await plan(agent, { files });
    expect(body.problems.map(({ code }) => code)).toEqual(['DEST_NOT_REGULAR', 'NO_SPACE']);
    expect(body).toMatchObject({ replaces: ['old'], replacedCount: 1 });
    expect(readFileSync(agent.path('old'), 'utf8')).toBe('still here');
  });

  it('knows names that another task is writing, which are not in the way of that task itself', async () => {
    const agent = await AgentUnderTest.start();
    const files = [aFile('two.bin'), aFile('one.txt')];
    const call = aCreateCall(files);
    expect((await agent.create(call)).status).toBe(200);
    const wanted = files.map(({ name, bytes }) => ({ name, length: bytes.length }));
    const other = await plan(agent, { taskId: 'other', files: wanted });
    expect(other.body.problems.map(({ code }) => code)).toEqual(['DEST_BUSY']);
    const same = await plan(agent, { taskId: call.taskId, files: wanted });
    expect(same.body.problems).toEqual([]);
    expect(agent.files).toEqual([]);
  });

  it.each([
    [{}, 'FIELD_MISSING', 'files'],
    [{ files: 'a' }, 'FIELD_TYPE', 'files'],
    [{ files: [{ name: 'a', length: -1 }] }, 'FIELD_RANGE', 'files[0].length'],
    [{ files: [{ name: 7, length: 1 }] }, 'FIELD_TYPE', 'files[0].name'],
    [{ taskId: '../x', files: [] }, 'INVALID_TASK_ID', 'taskId'],
    [{ files: [], dir: '/' }, 'FIELD_UNKNOWN', 'dir'],
  ])('refuses %j with %s', async (body, code, field) => {
    const agent = await AgentUnderTest.start();
    const answer = await plan(agent, body);
    expect([answer.status, answer.body.code, answer.body.details?.[0]?.field]).toEqual([
      400,
      code,
      field,
    ]);
  });
});
