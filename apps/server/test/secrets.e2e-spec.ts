/** The key of a v2 task goes to the task's agents and nowhere else. */
import { expect, it } from 'vitest';
import type { FakeAgent } from './fake-agent.ts';
import { MESH_BYTES } from './fake-seeding.ts';
import { someV2Agents, ServerUnderTest } from './server-under-test.ts';
import { waitUntil } from './wait-until.ts';

/** A key as it could be written: part of one is as bad as all of it. */
function spellingsOf(key: Uint8Array): string[] {
  const bytes = Buffer.from(key);
  const lengthThatCannotBeChance = 12;
  return [
    bytes.toString('base64').slice(0, lengthThatCannotBeChance),
    bytes.toString('base64url').slice(0, lengthThatCannotBeChance),
    bytes.toString('hex').slice(0, lengthThatCannotBeChance),
    [...bytes.subarray(0, 4)].join(','),
    [...bytes.subarray(0, 4)].join(', '),
    bytes.toString('latin1').slice(0, lengthThatCannotBeChance),
  ];
}

it('the key of a task is in no log line and in no answer, however its agents fare', async () => {
  const server = await ServerUnderTest.start();
  server.catalog.totalBytes = MESH_BYTES;
  const agents = await someV2Agents(5);
  const [good, refusing, broken, replaced, unstartable] = agents as [
    FakeAgent,
    FakeAgent,
    FakeAgent,
    FakeAgent,
    FakeAgent,
  ];
  refusing.willAnswer('create', { status: 500, body: { code: 'INTERNAL', message: 'broken' } });
  broken.willAnswer('create', 'cut');
  replaced.willAnswer('create', { status: 200 });
  unstartable.willAnswer('start', { status: 400 });
  const answers: unknown[] = [];
  const call = async (method: string, path: string, body?: unknown): Promise<void> => {
    const answer = await server.call<unknown>(method, path, body);
    expect(answer.status).toBe(200);
    answers.push(answer.body);
  };
  const hosts = agents.map(({ host }) => host);
  await call('POST', '/tasks', { id: 't1', dispatchFiles: ['/src/two.bin'], destIPs: hosts });
  await server.waitForTask('t1', ({ hostCounts }) => hostCounts.failed === 4);
  await server.waitForTask('t1', ({ hostCounts }) => hostCounts.inProgress === 1);
  await call('GET', '/tasks/t1');
  await call('GET', '/tasks');
  await call('PATCH', '/tasks/t1', { speed: 1 });
  const token = good.created[0]?.reportToken ?? '';
  await call('POST', '/tasks/status', { taskId: 't1', ip: good.host, percentComplete: 100, token });
  await call('GET', '/tasks/t1');
  await waitUntil('the verdict in the log', () => server.logLines.join('').includes('task over'));

  const [seeded] = server.seeder.seeded;
  const key = seeded?.key ?? new Uint8Array();
  expect(good.created[0]?.key).toBe(Buffer.from(key).toString('base64'));
  expect(server.logLines.join('')).toContain('host failed');
  const said = `${server.logLines.join('')}${JSON.stringify(answers)}`;
  expect(token).not.toBe('');
  expect(said).not.toContain(token);
  for (const spelling of spellingsOf(key)) expect(said).not.toContain(spelling);
});
