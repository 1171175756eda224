/** What an agent does after it was stopped and started again on the same folder. */
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { aFile, PIECE_BYTES } from './a-create-call.ts';
import { aCompletedTask, aHalfReceivedTask, aWorld } from './a-running-task.ts';

/** Pieces 0 and 1 are the first file's, 1 and 2 the second's, 3 to 5 the last one's. */
function threeFiles() {
  return [
    aFile('first', PIECE_BYTES + 100),
    aFile('second', 2 * PIECE_BYTES - 100),
    aFile('last', 2 * PIECE_BYTES + 1),
  ];
}

describe('a restart in the middle', () => {
  it.each([
    ['the first file is there', [0, 1]],
    ['the last file is there', [3, 4, 5]],
    ['a piece of each is there', [0, 2, 4]],
    ['all but one piece are there', [0, 1, 2, 3, 4]],
    ['nothing is there', []],
  ])('B09: fetches what is missing and no verified piece again: %s', async (_what, pieces) => {
    const files = threeFiles();
    const { agent, source, server, task } = await aHalfReceivedTask(files, pieces);
    await agent.close();
    await source.serve(files);
    await agent.restart();
    await server.waitForPercent(100);

    expect(agent.wrongCopies(files)).toEqual([]);
    const heldBytes = pieces.reduce((sum, piece) => sum + (piece === 5 ? 1 : PIECE_BYTES), 0);
    expect(source.sentBytes).toBe(task.metaInfo.length - heldBytes);
  });

  it('takes a damaged piece for a missing one', async () => {
    const files = threeFiles();
    const { agent, source, server, task } = await aHalfReceivedTask(files, [0, 1, 2, 3]);
    await agent.close();
    const part = agent.path('.gofd/t1/0.part');
    const bytes = readFileSync(part);
    bytes.writeUInt8(bytes.readUInt8(7) ^ 1, 7);
    writeFileSync(part, bytes);
    await source.serve(files);
    await agent.restart();
    await server.waitForPercent(100);
    expect(agent.wrongCopies(files)).toEqual([]);
    expect(source.sentBytes).toBe(task.metaInfo.length - 3 * PIECE_BYTES);
  });

  it('before the start call waits for it', async () => {
    const { agent, source, server, aTask } = await aWorld();
    const files = threeFiles();
    const task = aTask(files);
    await source.serve(files);
    await agent.create(task);
    await server.waitForPercent(0);
    await agent.restart();
    await server.waitForPercent(0, 2);
    expect(source.sentBytes).toBe(0);
    await agent.startTask(task);
    await server.waitForPercent(100);
    expect(agent.wrongCopies(files)).toEqual([]);
  });

  it('goes on with several tasks, each with its own files', async () => {
    const { agent, source, server, aTask } = await aWorld();
    const [one, two] = [[aFile('a')], [aFile('b')]];
    const tasks = [aTask(one), aTask(two, { taskId: 't2' })] as const;
    for (const task of tasks) {
      await agent.create(task);
      await agent.startTask(task);
    }
    await agent.close();
    await source.serve(one);
    await source.serve(two, { taskId: 't2' });
    await agent.restart();
    const verdicts = await server.waitForPercent(100, 2);
    expect(verdicts.map(({ taskId }) => taskId).sort()).toEqual(['t1', 't2']);
    expect(agent.wrongCopies([...one, ...two])).toEqual([]);
  });

  it('starts in spite of a damaged journal, and leaves that where it is', async () => {
    const files = threeFiles();
    const { agent, source, server } = await aHalfReceivedTask(files, [0]);
    await agent.close();
    mkdirSync(agent.path('.gofd/damaged'));
    writeFileSync(agent.path('.gofd/damaged/task.json'), '{"version":1,');
    await source.serve(files);
    await agent.restart();
    await server.waitForPercent(100);
    expect(readFileSync(agent.path('.gofd/damaged/task.json'), 'utf8')).toBe('{"version":1,');
  });
});

describe('a restart after completion', () => {
  it('reports 100 again, above all earlier reports, and fetches nothing', async () => {
    const { agent, source, server, files } = await aCompletedTask();
    const { sentBytes } = source;
    await agent.restart();
    const [first, second] = await server.waitForPercent(100, 2);
    expect(second?.sequence).toBeGreaterThan(first?.sequence ?? Infinity);
    expect(source.sentBytes).toBe(sentBytes);
    expect(agent.wrongCopies(files)).toEqual([]);
    expect(await agent.view()).toMatchObject({ status: 'COMPLETED', percentComplete: 100 });
  });

  it('does not undo what the owner of a file did to it', async () => {
    const { agent, source, server, files } = await aCompletedTask();
    const { sentBytes } = source;
    await agent.close();
    appendFileSync(agent.path('one'), 'changed by its owner');
    writeFileSync(agent.path('two'), Buffer.alloc(files[1]?.bytes.length ?? 0, 1));
    const before = ['one', 'two'].map((name) => readFileSync(agent.path(name)));
    await agent.restart();
    await server.waitForPercent(100, 2);
    expect(['one', 'two'].map((name) => readFileSync(agent.path(name)))).toEqual(before);
    expect(agent.files).toEqual(['one', 'two']);
    expect(source.sentBytes).toBe(sentBytes);
  });

  it('does not bring back what the owner deleted', async () => {
    const { agent, server } = await aCompletedTask();
    await agent.close();
    rmSync(agent.path('one'));
    await agent.restart();
    await server.waitForPercent(100, 2);
    expect(agent.files).toEqual(['two']);
  });

  it('reports until the server answers, should that be down', async () => {
    const { agent, server } = await aCompletedTask();
    server.answer = { status: 503 };
    await agent.restart();
    await server.waitForPercent(100, 2);
    server.answer = { status: 200, body: { taskId: 't1', taskStatus: 'COMPLETED' } };
    await server.waitForPercent(100, 3);
    await agent.waitForTask((view) => view.status === undefined);
    expect(agent.files).toEqual(['one', 'two']);
  });
});
