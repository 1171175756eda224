/** No task waits for ever for an agent that is gone. */
import { describe, expect, it } from 'vitest';
import type { AgentTaskView } from '@gofd/task-model';
import {
  LOST_AFTER_MS,
  NO_REPORT_AFTER_MS,
  SILENT_AFTER_MS,
} from '../src/liveness/liveness-watch.ts';
import type { FakeAgent } from './fake-agent.ts';
import { ManualClock } from './manual-clock.ts';
import { someAgents, ServerUnderTest } from './server-under-test.ts';
import { waitUntil } from './wait-until.ts';

const STEP_MS = 5_000;
const RUNNING: AgentTaskView = {
  taskId: 't1',
  attempt: 1,
  status: 'INPROGRESS',
  percentComplete: 10,
};

async function aSilentAgent() {
  const clock = new ManualClock();
  const server = await ServerUnderTest.start({ clock });
  const [agent] = (await someAgents(1)) as [FakeAgent];
  const { host } = agent;
  await server.create('t1', [host]);
  await server.waitForTask('t1', ({ hostCounts }) => hostCounts.inProgress === 1);
  return { clock, server, agent, host };
}

/** Moves time on step by step until `isThere`, letting calls under way come back in between. */
async function passTime(clock: ManualClock, isThere: () => boolean | Promise<boolean>) {
  const startMs = clock.nowMs();
  await waitUntil('time to bring it', async () => {
    if (await isThere()) return true;
    clock.advance(STEP_MS);
    return false;
  });
  return clock.nowMs() - startMs;
}

describe('an agent that is silent', () => {
  it('is asked, and left alone while it answers', async () => {
    const { clock, server, agent } = await aSilentAgent();
    agent.willAnswer('view', { status: 200, body: RUNNING });
    const askedAfterMs = await passTime(clock, () => agent.calls('view').length > 0);
    expect(askedAfterMs).toBeGreaterThanOrEqual(SILENT_AFTER_MS);
    await passTime(clock, () => agent.calls('view').length > 3);
    expect((await server.view('t1')).status).toBe('INPROGRESS');
  });

  it('and of the reference counts as alive with any answer', async () => {
    const { clock, server, agent } = await aSilentAgent();
    agent.willAnswer('view', { status: 404, body: { message: 'Not Found' } });
    await passTime(clock, () => agent.calls('view').length > 3);
    expect((await server.view('t1')).status).toBe('INPROGRESS');
  });

  it('B30: and whose 100 % report was lost has completed all the same', async () => {
    const { clock, server, agent, host } = await aSilentAgent();
    const done: AgentTaskView = { ...RUNNING, status: 'COMPLETED', percentComplete: 100 };
    agent.willAnswer('view', { status: 200, body: done });
    await passTime(clock, async () => (await server.view('t1')).status !== 'INPROGRESS');
    const task = await server.view('t1');
    expect(task.status).toBe('COMPLETED');
    expect(task.dispatchInfos[host]).toMatchObject({ status: 'COMPLETED', percentComplete: 100 });
  });

  it('and speaks of another attempt is not believed', async () => {
    const { clock, server, agent } = await aSilentAgent();
    const other: AgentTaskView = {
      ...RUNNING,
      attempt: 7,
      status: 'COMPLETED',
      percentComplete: 100,
    };
    agent.willAnswer('view', { status: 200, body: other });
    await passTime(clock, () => agent.calls('view').length > 2);
    expect((await server.view('t1')).status).toBe('INPROGRESS');
  });

  it('and of the reference, alive but without a report for long, is lost in the end', async () => {
    const { clock, server, agent, host } = await aSilentAgent();
    agent.willAnswer('view', { status: 404, body: { message: 'Not Found' } });
    const afterMs = await passTime(
      clock,
      async () => (await server.view('t1')).status !== 'INPROGRESS',
    );
    expect(afterMs).toBeGreaterThanOrEqual(NO_REPORT_AFTER_MS);
    const { dispatchInfos } = await server.view('t1');
    expect(dispatchInfos[host]).toMatchObject({ status: 'FAILED', code: 'AGENT_LOST' });
  });

  it('and cannot be reached is lost', async () => {
    const { clock, server, agent, host } = await aSilentAgent();
    await agent.stop();
    const afterMs = await passTime(
      clock,
      async () => (await server.view('t1')).status !== 'INPROGRESS',
    );
    expect(afterMs).toBeGreaterThanOrEqual(LOST_AFTER_MS);
    const task = await server.view('t1');
    expect(task).toMatchObject({ status: 'FAILED', code: 'ALL_HOSTS_FAILED' });
    expect(task.dispatchInfos[host]).toMatchObject({ status: 'FAILED', code: 'AGENT_LOST' });
    expect(task.dispatchInfos[host]?.message).toContain(host);
  });

  it('and has forgotten the task has failed', async () => {
    const { clock, server, agent, host } = await aSilentAgent();
    agent.willAnswer('view', { status: 404, body: { code: 'TASK_NOT_EXISTED', message: '' } });
    await passTime(clock, async () => (await server.view('t1')).status !== 'INPROGRESS');
    const { dispatchInfos } = await server.view('t1');
    expect(dispatchInfos[host]).toMatchObject({ status: 'FAILED', code: 'AGENT_FORGOT_TASK' });
  });
});

describe('an agent that reports', () => {
  it('is not asked', async () => {
    const { clock, server, agent, host } = await aSilentAgent();
    for (let percentComplete = 1; percentComplete <= 20; percentComplete++) {
      clock.advance(STEP_MS);
      await server.report({ taskId: 't1', ip: host, percentComplete });
    }
    expect(agent.calls('view')).toEqual([]);
  });

  it('and has ended is not asked any more', async () => {
    const { clock, server, agent, host } = await aSilentAgent();
    await server.report({ taskId: 't1', ip: host, percentComplete: 100 });
    await waitUntil('the agent to be told', () => agent.calls('end').length === 1);
    clock.advance(10 * LOST_AFTER_MS);
    expect(agent.calls('view')).toEqual([]);
    expect(clock.alarmCount).toBe(0);
  });
});
