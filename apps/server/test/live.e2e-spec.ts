/** Lists, pages and event streams, as the typed client sees them. */
import { describe, expect, it } from 'vitest';
import type { TaskEvent } from '@gofd/api-client';
import type { ErrorBody } from '@gofd/task-model';
import { MAX_STREAMS } from '../src/live/limits.ts';
import { ManualClock } from './manual-clock.ts';
import { AUTHORIZATION, ServerUnderTest, someAgents } from './server-under-test.ts';
import { waitUntil } from './wait-until.ts';

async function aRunningTask(agentCount: number, server?: ServerUnderTest) {
  const under = server ?? (await ServerUnderTest.start());
  const agents = await someAgents(agentCount);
  const hosts = agents.map(({ host }) => host);
  await under.create('t1', hosts);
  await under.waitForTask('t1', ({ hostCounts }) => hostCounts.inProgress === agentCount);
  return { server: under, hosts, client: under.client };
}

/** Events as they come, until the stream ends. */
function collect(events: AsyncGenerator<TaskEvent>) {
  const seen: TaskEvent[] = [];
  const ended = (async () => {
    for await (const event of events) seen.push(event);
  })();
  const names = (): string[] => seen.map(({ event }) => event);
  return { seen, ended, names };
}

describe('the hosts of a task', () => {
  it('come in pages, filtered by state', async () => {
    const { server, hosts, client } = await aRunningTask(3);
    const [failed = ''] = hosts;
    const report = { taskId: 't1', ip: failed, percentComplete: -1, code: 'NO_SPACE' };
    await server.report({ ...report, message: 'full' });
    const first = await client.listHosts('t1', { limit: 2 });
    const second = await client.listHosts('t1', { limit: 2, after: first.next ?? '' });
    expect([...first.hosts, ...second.hosts].map(({ host }) => host)).toEqual(hosts);
    expect(second.next).toBeUndefined();
    const { hosts: rows } = await client.listHosts('t1', { state: ['FAILED', 'CANCELLED'] });
    expect(rows).toEqual([
      {
        host: failed,
        status: 'FAILED',
        percentComplete: 0,
        code: 'NO_SPACE',
        message: 'full',
        explanation: 'no space left on its disk, with nothing received',
        attempt: 1,
        updatedAt: expect.any(String) as string,
      },
    ]);
  });

  it.each([
    ['/tasks?status=DONE', 'FIELD_RANGE', 'status'],
    ['/tasks?status=FAILED&status=INIT', 'FIELD_TYPE', 'status'],
    ['/tasks?limit=0', 'FIELD_RANGE', 'limit'],
    ['/tasks?limit=1001', 'FIELD_RANGE', 'limit'],
    ['/tasks?after=nonsense', 'INVALID_CURSOR', 'after'],
    ['/tasks?order=up', 'FIELD_UNKNOWN', 'order'],
    ['/tasks/t1/hosts?state=PARTIAL', 'FIELD_RANGE', 'state'],
    ['/tasks/t1/hosts?limit=x', 'FIELD_TYPE', 'limit'],
    ['/tasks/t1/hosts?after=-1', 'INVALID_CURSOR', 'after'],
  ])('%s is refused with %s', async (path, code, field) => {
    const server = await ServerUnderTest.start();
    const { status, body } = await server.refusal('GET', path);
    expect([status, body.code, body.details?.[0]?.field]).toEqual([400, code, field]);
  });

  it.each(['/tasks/none/hosts', '/tasks/none/events'])('%s is unknown', async (path) => {
    const server = await ServerUnderTest.start();
    const { status, body } = await server.refusal('GET', path);
    expect([status, body.code]).toEqual([404, 'TASK_NOT_EXISTED']);
  });
});

describe('the list of tasks', () => {
  it('comes in pages, filtered by state', async () => {
    const { server, hosts, client } = await aRunningTask(1);
    await server.create('t2', hosts);
    await server.create('t3', hosts);
    const all = await client.listTasks();
    expect([all.tasks.map(({ id }) => id), all.next]).toEqual([['t3', 't2', 't1'], undefined]);
    const first = await client.listTasks({ limit: 2 });
    const second = await client.listTasks({ limit: 2, after: first.next ?? '' });
    expect(second.tasks.map(({ id }) => id)).toEqual(['t1']);
    await client.cancelTask('t2');
    const { tasks } = await client.listTasks({ status: ['CANCELLED'] });
    expect(tasks.map(({ id }) => id)).toEqual(['t2']);
  });

  it('says how far a task is, how fast, and for how long yet', async () => {
    const clock = new ManualClock();
    const { server, hosts, client } = await aRunningTask(2, await ServerUnderTest.start({ clock }));
    const [ip = ''] = hosts;
    await server.report({ taskId: 't1', ip, percentComplete: 20, sequence: 1 });
    clock.advance(1_000);
    await server.report({ taskId: 't1', ip, percentComplete: 40, sequence: 2 });
    const [task] = (await client.listTasks()).tasks;
    const { totalBytes = 0 } = task ?? {};
    expect(totalBytes).toBeGreaterThan(0);
    expect(task).toMatchObject({
      files: [{ name: 'two.bin', length: totalBytes }],
      fileCount: 1,
      hostCounts: { total: 2, inProgress: 2 },
      percentComplete: 20,
      bytesPerSecond: Math.round(totalBytes / 5),
      etaSeconds: 8,
      speed: 50,
    });
  });
});

describe('the events of a task', () => {
  it('begin with a snapshot, tell what changes, and end with the task', async () => {
    const { server, hosts, client } = await aRunningTask(2);
    const { seen, ended, names } = collect(client.followTask('t1'));
    await waitUntil('the snapshot', () => names().includes('snapshot'));
    expect(seen[0]).toMatchObject({
      data: { task: { id: 't1', status: 'INPROGRESS' }, hosts: hosts.map((host) => ({ host })) },
    });
    await server.report({ taskId: 't1', ip: hosts[0] ?? '', percentComplete: 50 });
    await waitUntil('the row', () => names().includes('hosts'));
    const rows = seen.find(({ event }) => event === 'hosts');
    expect(rows?.data).toEqual([expect.objectContaining({ host: hosts[0], percentComplete: 50 })]);
    for (const ip of hosts) await server.report({ taskId: 't1', ip, percentComplete: 100 });
    await ended;
    expect(names().filter((name) => name === 'lost')).toEqual([]);
    expect(seen.at(-1)).toMatchObject({ event: 'end', data: { status: 'COMPLETED' } });
    const last = new Map(
      seen
        .flatMap((event) => (event.event === 'hosts' ? event.data : []))
        .map(({ host, status }) => [host, status]),
    );
    expect([...last]).toEqual(expect.arrayContaining(hosts.map((host) => [host, 'COMPLETED'])));
  });

  it('of a task that is over are its snapshot and its end', async () => {
    const { client } = await aRunningTask(1);
    await client.cancelTask('t1');
    const { names, ended } = collect(client.followTask('t1'));
    await ended;
    expect(names()).toEqual(['snapshot', 'end']);
  });

  it('are asked for with the password, and HEAD does not open a stream', async () => {
    const { server } = await aRunningTask(1);
    const url = `${server.url}/tasks/t1/events`;
    expect((await fetch(url)).status).toBe(401);
    const head = await fetch(url, { method: 'HEAD', headers: { authorization: AUTHORIZATION } });
    expect([head.status, head.headers.get('content-type')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
    ]);
  });
});

describe('the cap of event streams', () => {
  it('S20: MAX_STREAMS are told, the next is refused, and one that closes makes room', async () => {
    const { server, hosts } = await aRunningTask(1);
    const follow = (signal: AbortSignal): Promise<Response> =>
      fetch(`${server.url}/tasks/t1/events`, { headers: { authorization: AUTHORIZATION }, signal });
    const callers = Array.from({ length: MAX_STREAMS }, () => new AbortController());
    const streams = await Promise.all(callers.map(({ signal }) => follow(signal)));
    expect(streams.every(({ status }) => status === 200)).toBe(true);
    const late = new AbortController();
    const refused = await follow(late.signal);
    expect([refused.status, ((await refused.json()) as ErrorBody).code]).toEqual([
      429,
      'TOO_MANY_STREAMS',
    ]);
    expect((await server.view('t1')).status).toBe('INPROGRESS');
    callers.pop()?.abort();
    await waitUntil('room for one', async () => (await follow(late.signal)).status === 200);
    await server.report({ taskId: 't1', ip: hosts[0] ?? '', percentComplete: 100 });
    const [first] = streams;
    expect(await first?.text()).toContain('event: end');
    for (const caller of [...callers, late]) caller.abort();
  });
});

describe('the events of the list', () => {
  it('begin with the newest tasks, even if there are none, and tell of new ones', async () => {
    const server = await ServerUnderTest.start();
    const agents = await someAgents(1);
    const caller = new AbortController();
    const seen: string[][] = [];
    const over = (async () => {
      for await (const event of server.client.followTasks({ signal: caller.signal })) {
        if (event.event === 'tasks') seen.push(event.data.map(({ id }) => id));
      }
    })();
    await waitUntil('the first event', () => seen.length > 0);
    expect(seen).toEqual([[]]);
    await server.create('t1', [agents[0]?.host ?? '']);
    await waitUntil('the new task', () => seen.flat().includes('t1'));
    caller.abort();
    await over;
  });
});
