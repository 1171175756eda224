/** S08: an agent reports for itself and for nobody else. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SECRET_FILE } from '../src/reports/report-secret.ts';
import type { FakeAgent } from './fake-agent.ts';
import { ServerUnderTest, someAgents, someV2Agents } from './server-under-test.ts';

async function aTaskOn(agents: readonly FakeAgent[]) {
  const server = await ServerUnderTest.start();
  await server.create(
    't1',
    agents.map(({ host }) => host),
  );
  await server.waitForTask('t1', ({ hostCounts }) => hostCounts.inProgress === agents.length);
  const [a, b] = agents.map(({ host, created }) => ({ host, token: created[0]?.reportToken }));
  const report = (ip: string | undefined, token?: string) =>
    server.call('POST', '/tasks/status', {
      taskId: 't1',
      ip,
      percentComplete: 100,
      ...(token !== undefined && { token }),
    });
  return { server, a, b, report };
}

const FORBIDDEN = { status: 403, body: { code: 'REPORT_FORBIDDEN' } };

describe('S08: a report in a v2 task', () => {
  it('counts with the token of its host, and with no other', async () => {
    const { server, a, b, report } = await aTaskOn(await someV2Agents(2));
    expect(a?.token).not.toBe(b?.token);
    for (const token of [undefined, '', 'made up', a?.token]) {
      expect(await report(b?.host, token)).toMatchObject(FORBIDDEN);
    }
    expect((await server.view('t1')).hostCounts.completed).toBe(0);
    expect((await report(b?.host, b?.token)).status).toBe(200);
    expect((await server.view('t1')).dispatchInfos[b?.host ?? '']?.status).toBe('COMPLETED');
  });

  it('counts with the token of this attempt only', async () => {
    const agents = await someV2Agents(2);
    const { server, a, report } = await aTaskOn(agents);
    await server.call('DELETE', '/tasks/t1');
    await server.call('POST', '/tasks/t1/retry');
    await server.waitForTask('t1', ({ attempt, hostCounts }) => {
      return attempt === 2 && hostCounts.inProgress === 2;
    });
    expect(await report(a?.host, a?.token)).toMatchObject(FORBIDDEN);
  });

  it('counts after a restart of the server with the token from before', async () => {
    const { server, a } = await aTaskOn(await someV2Agents(2));
    const { stateFolder } = server;
    expect(statSync(join(stateFolder, SECRET_FILE)).mode & 0o777).toBe(0o600);
    await server.die();
    const next = await ServerUnderTest.start({ stateFolder });
    const { host: ip, token } = a ?? {};
    const answer = await next.call('POST', '/tasks/status', {
      taskId: 't1',
      ip,
      percentComplete: 5,
      token,
    });
    expect(answer.status).toBe(200);
  });
});

describe('S08: a report in a v1 task', () => {
  it('counts without a token, which agents of the Go version do not know, but not with a wrong one', async () => {
    const { a, b, report } = await aTaskOn(await someAgents(2));
    expect(await report(b?.host, a?.token)).toMatchObject(FORBIDDEN);
    expect((await report(a?.host)).status).toBe(200);
    expect((await report(b?.host, b?.token)).status).toBe(200);
  });
});
