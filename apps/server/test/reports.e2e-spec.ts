/** How reports of agents move a task. */
import { describe, expect, it } from 'vitest';
import type { HostView } from '@gofd/task-model';
import { someAgents, ServerUnderTest } from './server-under-test.ts';

async function aRunningTask(agentCount = 2) {
  const server = await ServerUnderTest.start();
  const agents = await someAgents(agentCount);
  const hosts = agents.map(({ host }) => host);
  await server.create('t1', hosts);
  await server.waitForTask('t1', ({ hostCounts }) => hostCounts.inProgress === agentCount);
  const [ip = ''] = hosts;
  const report = (fields: object) => server.report({ taskId: 't1', ip, ...fields });
  const host = async (): Promise<HostView | undefined> =>
    (await server.view('t1')).dispatchInfos[ip];
  return { server, hosts, report, host };
}

describe('B05: reports out of order', () => {
  it('a lower figure, a late failure and a repetition change nothing after 100', async () => {
    const { report, host } = await aRunningTask();
    await report({ percentComplete: 100, sequence: 7 });
    const before = await host();
    for (const fields of [
      { percentComplete: 60, sequence: 6 },
      { percentComplete: -1, sequence: 8, code: 'IO_ERROR', message: 'late' },
      { percentComplete: 100, sequence: 7 },
      { percentComplete: 60 },
    ]) {
      expect((await report(fields)).status).toBe(200);
    }
    expect(before).toMatchObject({ status: 'COMPLETED', percentComplete: 100 });
    expect(await host()).toEqual(before);
  });

  it('the figure never goes back, with sequence or without', async () => {
    const { report, host } = await aRunningTask();
    await report({ percentComplete: 60, sequence: 2 });
    await report({ percentComplete: 90, sequence: 1 });
    expect((await host())?.percentComplete).toBe(60);
    await report({ percentComplete: 40, sequence: 3 });
    await report({ percentComplete: 30 });
    expect((await host())?.percentComplete).toBe(60);
    await report({ percentComplete: 99.9, sequence: 4 });
    expect(await host()).toMatchObject({ status: 'INPROGRESS', percentComplete: 99.9 });
  });

  it('a report of an earlier attempt is refused', async () => {
    const { server, hosts, report } = await aRunningTask();
    await server.call('DELETE', '/tasks/t1');
    await server.create('t1', hosts);
    const refused = await report({ percentComplete: 100, attempt: 1, sequence: 99 });
    expect(refused).toMatchObject({ status: 409, body: { code: 'STALE_REPORT' } });
    expect((await report({ percentComplete: 10, attempt: 2, sequence: 1 })).status).toBe(200);
  });
});

describe('a failed host', () => {
  it('keeps the code and the sentence that its agent gave', async () => {
    const { report, host } = await aRunningTask();
    await report({ percentComplete: 42 });
    await report({ percentComplete: -1, code: 'NO_SPACE', message: 'the disk is full' });
    expect(await host()).toMatchObject({
      status: 'FAILED',
      percentComplete: 42,
      code: 'NO_SPACE',
      message: 'the disk is full',
    });
  });

  it('of the reference, which gives no reason, gets a code and a sentence too', async () => {
    const { report, host } = await aRunningTask();
    await report({ percentComplete: -1 });
    const { code, message } = (await host()) ?? {};
    expect(code).toBe('AGENT_FAILED');
    expect(message).not.toBe('');
  });
});

describe('the reporting host', () => {
  it('is matched by its bare address only where that is clear', async () => {
    const two = await aRunningTask(2);
    const ambiguous = await two.server.report({
      taskId: 't1',
      ip: '127.0.0.1',
      percentComplete: 5,
    });
    expect(ambiguous).toMatchObject({ status: 404, body: { code: 'HOST_NOT_IN_TASK' } });
    const one = await aRunningTask(1);
    const clear = await one.server.report({ taskId: 't1', ip: '127.0.0.1', percentComplete: 5 });
    expect(clear.status).toBe(200);
  });

  it('learns from the answer how the task stands', async () => {
    const { report } = await aRunningTask(1);
    expect((await report({ percentComplete: 5 })).body).toEqual({
      taskId: 't1',
      taskStatus: 'INPROGRESS',
    });
    expect((await report({ percentComplete: 100 })).body.taskStatus).toBe('COMPLETED');
  });

  it('may spell the keys in any case', async () => {
    const { server, hosts, host } = await aRunningTask(1);
    await server.call('POST', '/tasks/status', {
      TaskID: 't1',
      Ip: hosts[0],
      PERCENTCOMPLETE: 12,
    });
    expect((await host())?.percentComplete).toBe(12);
  });
});
