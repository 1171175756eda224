/** A task from the create call to its end, as server and peers see it. */
import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GOFD_VERSION } from '@gofd/service-kit';
import type { StartTaskDto } from '@gofd/task-model';
import { aFile, PIECE_BYTES, type V1CreateCall } from './a-create-call.ts';
import { aDownstream } from './a-downstream.ts';
import { aCompletedTask, aHalfReceivedTask, aWorld } from './a-running-task.ts';
import { AgentUnderTest, AUTHORIZATION } from './agent-under-test.ts';
import { waitUntil } from './wait-until.ts';

interface RecordedCalls {
  readonly agentCreate: V1CreateCall;
  readonly agentStart: StartTaskDto;
  readonly statusReport: Readonly<Record<string, unknown>>;
}

const RECORDED = (
  JSON.parse(readFileSync(new URL('./test-vectors/wire-v1.json', import.meta.url), 'utf8')) as {
    rest: RecordedCalls;
  }
).rest;

describe('a task', () => {
  it('is received, verified, placed and reported', async () => {
    const { agent, source, server, aTask } = await aWorld();
    const files = [aFile('one.bin'), aFile('empty', 0), aFile('two.bin', PIECE_BYTES + 1)];
    const task = aTask(files, { host: 'web-1:45010', attempt: 4 });
    await source.serve(files);

    const own = { version: GOFD_VERSION, wireVersions: [1, 2], dataPort: agent.dataPort };
    const answer = { status: 200, body: { taskId: 't1', ...own } };
    expect(await agent.create(task)).toEqual(answer);
    expect(await agent.view()).toMatchObject({ status: 'INPROGRESS', percentComplete: 0 });
    expect(await agent.startTask(task)).toEqual(answer);
    const [verdict] = await server.waitForPercent(100);

    expect(verdict).toMatchObject({ taskId: 't1', ip: 'web-1:45010', attempt: 4 });
    expect(verdict?.authorization).toBe(AUTHORIZATION);
    expect(agent.files).toEqual(['empty', 'one.bin', 'two.bin']);
    expect(agent.wrongCopies(files)).toEqual([]);
    expect(source.sentBytes).toBe(task.metaInfo.length);
    expect(await agent.view()).toEqual({
      taskId: 't1',
      attempt: 4,
      status: 'COMPLETED',
      percentComplete: 100,
    });
  });

  it('leaves files that others can read and nobody executes', async () => {
    const { agent } = await aCompletedTask([aFile('one')]);
    expect(statSync(agent.path('one')).mode & 0o7777).toBe(0o644);
  });

  it('of empty files alone is complete without a source', async () => {
    const { agent, server, aTask } = await aWorld();
    const files = [aFile('a', 0), aFile('b', 0)];
    await agent.create(aTask(files));
    await server.waitForPercent(100);
    expect(agent.wrongCopies(files)).toEqual([]);
  });

  it('whose files are there already is complete at once, and nothing is fetched', async () => {
    const { agent, source, server, task, files } = await aCompletedTask();
    await agent.end();
    const { sentBytes } = source;
    await agent.create({ ...task, attempt: 2 });
    await server.waitForPercent(100, 2);
    await agent.startTask(task);
    expect(agent.wrongCopies(files)).toEqual([]);
    expect(source.sentBytes).toBe(sentBytes);
  });

  it('B05: has reports whose sequence grows and whose progress does not go back', async () => {
    const { server } = await aCompletedTask();
    const sequences = server.reports.map(({ sequence }) => sequence);
    expect(sequences).toEqual([...new Set(sequences)].sort((one, other) => one - other));
    expect(server.percents).toEqual([...server.percents].sort((one, other) => one - other));
    expect(server.percents.at(-1)).toBe(100);
  });

  it('B10: shows nothing under a final name before all of it is there', async () => {
    const files = [aFile('one', 2 * PIECE_BYTES), aFile('two', 2 * PIECE_BYTES)];
    const { agent, source, server } = await aHalfReceivedTask(files, [0, 1, 2]);
    expect(agent.files).toEqual([]);
    expect(server.percents).not.toContain(100);
    await source.serve(files);
    await server.waitForPercent(100);
    expect(agent.wrongCopies(files)).toEqual([]);
  });
});

describe('a chain', () => {
  it('hands every piece on: the server sends each of them once', async () => {
    const { agent: first, source, server, aTask } = await aWorld();
    const second = await AgentUnderTest.start();
    const files = [aFile('one', 8 * PIECE_BYTES), aFile('two', 5)];
    await source.serve(files);
    const agents = [first, second];
    const tasks = agents.map(({ dataAddress }) => aTask(files, { host: dataAddress }));
    for (const [index, agent] of agents.entries()) await agent.create(tasks[index]);
    await server.waitForPercent(0, 2);
    const chain = agents.map(({ dataAddress }) => dataAddress);
    for (const agent of agents) await agent.startTask(aTask(files), chain);
    const verdicts = await server.waitForPercent(100, 2);

    expect(verdicts.map(({ ip }) => ip).sort()).toEqual([...chain].sort());
    expect(agents.map((agent) => agent.wrongCopies(files))).toEqual([[], []]);
    expect(source.sentBytes).toBe(tasks[0]?.metaInfo.length);
  });

  it('B21: a completed agent serves until its task is ended, and then no longer', async () => {
    const { agent, task } = await aCompletedTask();
    const downstream = await aDownstream(task, agent.dataAddress);
    await waitUntil('the other agent', () => downstream.isFinished);
    await agent.end();
    const late = await aDownstream(task, agent.dataAddress);
    expect(late.isFinished).toBe(false);
    await expect(agent.call('GET', '/tasks/t1')).resolves.toMatchObject({ status: 404 });
  });
});

describe('the reference', () => {
  it('has its create and start calls taken exactly as it sends them', async () => {
    const { agent, source, server } = await aWorld();
    const bytes = Buffer.from(Array.from({ length: 1_118_576 }, (_, index) => (index * 7) % 251));
    const files = [
      { name: 'two.bin', bytes },
      { name: 'one.txt', bytes: Buffer.from('hello gofd\n') },
    ];
    await source.serve(files, { pieceBytes: RECORDED.agentCreate.metaInfo.PieceLen });
    const serverAddr = server.address;
    const [, ...others] = RECORDED.agentStart.linkChain.dispatchAddrs;

    const created = await agent.create({
      ...RECORDED.agentCreate,
      linkChain: { dispatchAddrs: [source.address], serverAddr },
    });
    const started = await agent.call('POST', '/tasks/start', {
      ...RECORDED.agentStart,
      linkChain: { dispatchAddrs: [source.address, agent.dataAddress, ...others], serverAddr },
    });
    expect([created.status, started.status]).toEqual([200, 200]);
    const [verdict] = await server.waitForPercent(100);

    expect(agent.wrongCopies(files)).toEqual([]);
    expect(verdict).toMatchObject({ taskId: 't1', ip: '127.0.0.1' });
    expect(verdict).not.toHaveProperty('attempt');
    const spoken = Object.keys(verdict ?? {}).map((key) => key.toLowerCase());
    for (const key of Object.keys(RECORDED.statusReport)) {
      expect(spoken).toContain(key.toLowerCase());
    }
  });
});
