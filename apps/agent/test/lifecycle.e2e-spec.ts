/** Calls in any order, repeated, late, or for tasks that cannot be done. */
import { mkdirSync, readdirSync, rmSync, statfsSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { aFile, PIECE_BYTES } from './a-create-call.ts';
import { aCompletedTask, aHalfReceivedTask, aWorld } from './a-running-task.ts';
import { waitUntil } from './wait-until.ts';

const FILES = [aFile('one', 3 * PIECE_BYTES), aFile('two', 100)];

describe('starting', () => {
  it('an unknown task is 404', async () => {
    const { agent, aTask } = await aWorld();
    const { status, body } = await agent.startTask(aTask(FILES));
    expect([status, body.code]).toEqual([404, 'TASK_NOT_EXISTED']);
    expect(readdirSync(agent.downdir)).toEqual([]);
  });

  it('twice is once, and a completed task stays completed', async () => {
    const { agent, source, task } = await aCompletedTask(FILES);
    expect((await agent.startTask(task)).status).toBe(200);
    expect(source.sentBytes).toBe(task.metaInfo.length);
    expect((await agent.view()).status).toBe('COMPLETED');
  });

  it('again with another chain replaces the first one', async () => {
    const { agent, source, server, aTask } = await aWorld();
    const task = aTask(FILES);
    const nobody = { ...task.linkChain, dispatchAddrs: ['127.0.0.1:1'] };
    await source.serve(FILES);
    await agent.create(task);
    await agent.startTask({ ...task, linkChain: nobody });
    await agent.startTask(task);
    await server.waitForPercent(100);
    expect(agent.wrongCopies(FILES)).toEqual([]);
  });

  it('B87: no more tasks pull at once than maxActive', async () => {
    const { agent, source, server, aTask } = await aWorld({ maxActive: 1 });
    const later = [aFile('later')];
    const tasks = [aTask(FILES), aTask(later, { taskId: 't2' })] as const;
    await source.serve(FILES, { pieces: [0] });
    for (const task of tasks) {
      await agent.create(task);
      await agent.startTask(task);
    }
    await agent.waitForTask(({ percentComplete }) => percentComplete > 0);
    expect(source.refusals).toEqual([]); // t2 is not served yet, and was not asked for either
    await source.serve(later, { taskId: 't2' });
    await agent.end('t1');
    await server.waitForPercent(100);
    expect(agent.wrongCopies(later)).toEqual([]);
  });
});

describe('creating', () => {
  it('B86: twice with the same body is one task', async () => {
    const { agent, source, server, task } = await aHalfReceivedTask(FILES, [0, 1]);
    expect((await agent.create(task)).status).toBe(200);
    const { percentComplete } = await agent.view();
    expect(percentComplete).toBeGreaterThan(0);
    expect(source.sentBytes).toBe(2 * PIECE_BYTES);
    await source.serve(FILES);
    await server.waitForPercent(100);
    expect(source.sentBytes).toBe(task.metaInfo.length - 2 * PIECE_BYTES);
  });

  it('B86: many times at once is one task', async () => {
    const { agent, source, server, aTask } = await aWorld();
    const task = aTask(FILES);
    await source.serve(FILES);
    const answers = await Promise.all(Array.from({ length: 20 }, () => agent.create(task)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await server.waitForPercent(0);
    await agent.startTask(task);
    await server.waitForPercent(100);
    expect(source.sentBytes).toBe(task.metaInfo.length);
    expect(server.percents.filter((percent) => percent === 0)).toHaveLength(1);
  });

  it('another attempt replaces the first and keeps its verified pieces', async () => {
    const { agent, source, server, task } = await aHalfReceivedTask(FILES, [0, 1]);
    const second = { ...task, attempt: 2 };
    await agent.create(second);
    await source.serve(FILES);
    await agent.startTask(second);
    const [verdict] = await server.waitForPercent(100);
    expect(verdict?.attempt).toBe(2);
    expect(source.sentBytes).toBe(task.metaInfo.length - 2 * PIECE_BYTES);
    expect(agent.wrongCopies(FILES)).toEqual([]);
  });

  it('other content under the same id replaces the first as well', async () => {
    const { agent, source, server, aTask } = await aHalfReceivedTask(FILES, [0]);
    const others = [aFile('other')];
    await agent.create(aTask(others));
    await source.serve(others);
    await agent.startTask(aTask(others));
    await server.waitForPercent(100);
    expect(agent.wrongCopies(others)).toEqual([]);
    expect(agent.files).toEqual(['other']);
  });

  it('again after the task is over here, without an attempt to tell them apart, is a new try', async () => {
    const { agent, server, task } = await aCompletedTask(FILES);
    const { attempt: _attempt, host: _host, ...asTheReferenceSendsIt } = task;
    await agent.create(asTheReferenceSendsIt);
    await server.waitForPercent(100, 2);
    await agent.create(asTheReferenceSendsIt);
    await server.waitForPercent(100, 3);
  });

  it('DEST_BUSY: a name that another task writes is taken until that one ends', async () => {
    const { agent, source, server, aTask } = await aHalfReceivedTask(FILES, [0]);
    const mine = [aFile('free'), aFile('one')];
    const second = aTask(mine, { taskId: 't2' });
    const refused = await agent.create(second);
    expect([refused.status, refused.body.code]).toEqual([409, 'DEST_BUSY']);
    expect(refused.body.message).toContain('"one"');
    expect(await agent.call('GET', '/tasks/t2')).toMatchObject({ status: 404 });
    expect(readdirSync(agent.path('.gofd'))).toEqual(['t1']);

    await agent.end('t1');
    expect((await agent.create(second)).status).toBe(200);
    await source.serve(mine, { taskId: 't2' });
    await agent.startTask(second);
    await server.waitForPercent(100);
    expect(agent.wrongCopies(mine)).toEqual([]);
  });
});

describe('ending', () => {
  it('an unknown task is fine', async () => {
    const { agent } = await aWorld();
    expect(await agent.end('none')).toEqual({
      status: 200,
      body: { taskId: 'none', wasKnown: false },
    });
    expect(await agent.end('..%2f..%2fetc')).toMatchObject({ status: 200 });
  });

  it('a running task removes its parts and what else it left', async () => {
    const { agent } = await aHalfReceivedTask(FILES, [0]);
    expect(agent.keepsParts()).toBe(true);
    expect((await agent.end()).body).toEqual({ taskId: 't1', wasKnown: true });
    expect(readdirSync(agent.path('.gofd'))).toEqual([]);
    expect(agent.files).toEqual([]);
  });

  it('a completed task leaves its files in place', async () => {
    const { agent, files } = await aCompletedTask();
    await agent.end();
    expect(agent.wrongCopies(files)).toEqual([]);
    expect(readdirSync(agent.path('.gofd'))).toEqual([]);
  });

  it('an older attempt leaves the newer one alone', async () => {
    const { agent, aTask } = await aWorld();
    await agent.create(aTask(FILES, { attempt: 2 }));
    expect((await agent.end('t1', '?attempt=1')).body.wasKnown).toBe(false);
    expect(await agent.view()).toMatchObject({ attempt: 2 });
    expect((await agent.end('t1', '?attempt=2')).body.wasKnown).toBe(true);
  });

  it('an attempt that is none is 400 and ends nothing', async () => {
    const { agent, aTask } = await aWorld();
    await agent.create(aTask(FILES));
    for (const attempt of ['0', '-1', '1.5', 'one', '', '9007199254740992', '1&attempt=2']) {
      const { status, body } = await agent.end('t1', `?attempt=${attempt}`);
      expect([attempt, status, body]).toMatchObject([
        attempt,
        400,
        { code: 'FIELD_RANGE', details: [{ field: 'attempt' }] },
      ]);
    }
    expect(await agent.view()).toMatchObject({ attempt: 1 });
  });

  it('is not undone by a restart', async () => {
    const { agent } = await aHalfReceivedTask(FILES, [0]);
    await agent.end();
    await agent.restart();
    expect(await agent.call('GET', '/tasks/t1')).toMatchObject({ status: 404 });
  });
});

describe('a place that cannot be had', () => {
  it.each<[string, (downdir: string) => void]>([
    ['a folder of that name', (downdir) => mkdirSync(`${downdir}/two`)],
    ['a link of that name', (downdir) => symlinkSync('/etc/hostname', `${downdir}/two`)],
    ['a link to nowhere', (downdir) => symlinkSync('/nowhere/at/all', `${downdir}/two`)],
    ['a file where the parts go', (downdir) => writeFileSync(`${downdir}/.gofd`, '')],
    ['a link where the parts go', (downdir) => symlinkSync('/etc/ssl', `${downdir}/.gofd`)],
    [
      'a folder where the journal goes',
      (downdir) => mkdirSync(`${downdir}/.gofd/t1/task.json.new`, { recursive: true }),
    ],
  ])('B01: refuses the task for %s, and reports nothing', async (_what, prepare) => {
    const { agent, server, aTask } = await aWorld();
    prepare(agent.downdir);
    const before = readdirSync(agent.downdir, { recursive: true }).sort();
    const { status, body } = await agent.create(aTask(FILES));
    expect([status, body.code]).toEqual([409, 'DEST_NOT_REGULAR']);
    expect(await agent.call('GET', '/tasks/t1')).toMatchObject({ status: 404 });
    const after = readdirSync(agent.downdir, { recursive: true }).sort();
    expect(after.filter((name) => name !== '.gofd')).toEqual(
      before.filter((name) => name !== '.gofd'),
    );
    expect(server.reports).toEqual([]);
  });

  it('B28: refuses what does not fit with 507, and keeps nothing of it', async () => {
    const { agent, aTask } = await aWorld();
    const { bavail, bsize } = statfsSync(agent.downdir);
    const PieceLen = 16 * 1024 * 1024;
    const length = PieceLen * (Math.ceil((bavail * bsize) / PieceLen) + 64);
    const pieces = Buffer.alloc((length / PieceLen) * 20).toString('base64');
    const metaInfo = { length, PieceLen, pieces, files: [{ name: 'huge', length }] };
    const { status, body } = await agent.create(aTask(FILES, { metaInfo }));
    expect([status, body.code]).toEqual([507, 'NO_SPACE']);
    expect(readdirSync(agent.path('.gofd'))).toEqual([]);
    expect((await agent.create(aTask(FILES))).status).toBe(200);
  });
});

describe('B01: a task that fails on the way', () => {
  it('because somebody put a folder at its name reports -1 and a code, never 100', async () => {
    const { agent, source, server } = await aHalfReceivedTask(FILES, [0]);
    mkdirSync(agent.path('two'));
    await source.serve(FILES);
    const [verdict] = await server.waitForPercent(-1);
    expect(verdict).toMatchObject({ code: 'DEST_NOT_REGULAR' });
    expect(verdict?.message).toContain(agent.path('two'));
    expect(server.percents).not.toContain(100);
    expect(await agent.view()).toMatchObject({ status: 'FAILED', code: 'DEST_NOT_REGULAR' });
  });

  it('because its parts are gone reports -1 and a code, and can be ended', async () => {
    const { agent, source, server } = await aHalfReceivedTask(FILES, [0]);
    rmSync(agent.path('.gofd'), { recursive: true });
    await source.serve(FILES);
    const [verdict] = await server.waitForPercent(-1);
    expect(verdict).toMatchObject({ code: 'DEST_UNWRITABLE' });
    expect(server.percents).not.toContain(100);
    expect(await agent.end()).toMatchObject({ status: 200, body: { wasKnown: true } });
  });

  it('because every source sends other bytes reports INTEGRITY', async () => {
    const { agent, source, server, aTask } = await aWorld();
    const task = aTask(FILES);
    await source.serve(
      FILES.map(({ name, bytes }) => ({ name, bytes: Buffer.alloc(bytes.length) })),
    );
    await agent.create(task);
    await agent.startTask(task);
    const [verdict] = await server.waitForPercent(-1);
    expect(verdict).toMatchObject({ code: 'INTEGRITY' });
    expect(agent.files).toEqual([]);
  });

  it('keeps its parts for the next attempt, also when it is ended or the agent restarts', async () => {
    const { agent, source, server, task } = await aHalfReceivedTask(FILES, [0, 1]);
    mkdirSync(agent.path('one'));
    await source.serve(FILES, { pieces: [2, 3] });
    await server.waitForPercent(-1);
    await agent.end();
    expect(agent.keepsParts()).toBe(true);
    await agent.restart();
    expect(await agent.call('GET', '/tasks/t1')).toMatchObject({ status: 404 });

    rmSync(agent.path('one'), { recursive: true });
    await source.serve(FILES);
    const second = { ...task, attempt: 2 };
    await agent.create(second);
    await agent.startTask(second);
    await server.waitForPercent(100);
    expect(agent.wrongCopies(FILES)).toEqual([]);
    expect(source.sentBytes).toBe(0);
  });
});

describe('a server that does not know the task any more', () => {
  const NOT_KNOWN = { status: 404, body: { statusCode: 404, code: 'TASK_NOT_EXISTED' } };
  const CANCELLED = { status: 200, body: { taskId: 't1', taskStatus: 'CANCELLED' } };

  it('ends it here and keeps the parts: created again, no piece is fetched twice', async () => {
    const { agent, source, server, task } = await aHalfReceivedTask(FILES, [0, 1]);
    server.answer = NOT_KNOWN;
    await source.serve(FILES, { pieces: [2] });
    await agent.waitForTask((view) => view.status === undefined);
    expect(agent.keepsParts()).toBe(true);

    server.answer = { status: 200 };
    const { sentBytes } = source;
    await source.serve(FILES);
    await agent.create(task);
    await agent.startTask(task);
    await server.waitForPercent(100);
    expect(source.sentBytes).toBe(task.metaInfo.length - 2 * PIECE_BYTES - sentBytes);
    expect(agent.wrongCopies(FILES)).toEqual([]);
  });

  it('has its name free for others, and is not asked again after a restart', async () => {
    const { agent, source, server, aTask } = await aHalfReceivedTask(FILES, [0]);
    server.answer = NOT_KNOWN;
    await source.serve(FILES, { pieces: [0, 1] });
    await agent.waitForTask((view) => view.status === undefined);
    const count = server.reports.length;
    await agent.restart();
    expect(await agent.call('GET', '/tasks/t1')).toMatchObject({ status: 404 });
    expect(server.reports).toHaveLength(count);
    expect((await agent.create(aTask(FILES, { taskId: 't2' }))).status).toBe(200);
  });

  it('because it was cancelled has the parts removed', async () => {
    const { agent, source, server } = await aHalfReceivedTask(FILES, [0]);
    server.answer = CANCELLED;
    await source.serve(FILES, { pieces: [0, 1] });
    await waitUntil('the parts to be gone', () => !agent.keepsParts());
    expect(await agent.call('GET', '/tasks/t1')).toMatchObject({ status: 404 });
    expect(agent.files).toEqual([]);
  });
});
