/** What an agent takes up of a v2 task after it was stopped: manifest, plan, limit and pieces. */
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { aFile, PIECE_BYTES } from './a-create-call.ts';
import { aHalfReceivedSwarmTask, aWorld, bytesOfPieces } from './a-running-task.ts';
import { aManifest } from './a-v2-create-call.ts';
import { waitUntil } from './wait-until.ts';

/** Pieces 0 and 1 are the first file's, 1 and 2 the second's, 3 to 5 the last one's. */
const FILES = [
  aFile('first', PIECE_BYTES + 100),
  aFile('second', 2 * PIECE_BYTES - 100),
  aFile('last', 2 * PIECE_BYTES + 1),
];
const MANIFEST = aManifest(FILES);
const TOTAL_BYTES = 5 * PIECE_BYTES + 1;
const MANIFEST_FILE = '.gofd/t1/manifest';

/** An agent that was stopped after it had been told whom to pull from, but had got no manifest. */
async function aTaskWithoutManifest() {
  const world = await aWorld();
  const task = world.aSwarmTask(FILES);
  await world.agent.create(task);
  await world.agent.startPlanned(task);
  await waitUntil('it has asked', () => world.source.refusals.length > 0);
  await world.agent.close();
  return { ...world, task };
}

/** An agent that has the manifest, and was stopped before the start call. */
async function aTaskWithManifest() {
  const world = await aWorld();
  const task = world.aSwarmTask(FILES);
  world.source.serveManifest(MANIFEST);
  await world.agent.create(task);
  // Asked for at the create call or at the start call: then from a source without content.
  await world.agent.startPlanned(task);
  await waitUntil('the parts', () => world.agent.keepsParts());
  await world.agent.close();
  world.source.forget();
  return { ...world, task };
}

describe('a restart', () => {
  it('before the manifest came asks for it again', async () => {
    const { agent, source, server } = await aTaskWithoutManifest();
    source.serveManifest(MANIFEST);
    await source.serveV2(FILES);
    await agent.restart();
    await server.waitForPercent(100);
    expect(agent.wrongCopies(FILES)).toEqual([]);
  });

  it('before the manifest came and before the start call waits for both', async () => {
    const { agent, source, server, aSwarmTask } = await aWorld();
    const task = aSwarmTask(FILES);
    await agent.create(task);
    await agent.restart();
    source.serveManifest(MANIFEST);
    await source.serveV2(FILES);
    expect(await agent.view()).toMatchObject({ status: 'INPROGRESS', percentComplete: 0 });
    await agent.startPlanned(task);
    await server.waitForPercent(100);
    expect(agent.wrongCopies(FILES)).toEqual([]);
  });

  it('after the manifest came does not ask for it again', async () => {
    const { agent, source, server } = await aTaskWithManifest();
    const refusalCount = source.refusals.length;
    await source.serveV2(FILES);
    await agent.restart();
    await server.waitForPercent(100);
    expect(agent.wrongCopies(FILES)).toEqual([]);
    expect(source.refusals).toHaveLength(refusalCount); // whoever asks for a manifest is turned away
  });

  it.each([
    ['the first file is there', [0, 1]],
    ['a piece of each file is there', [0, 2, 4]],
    ['all but one piece are there', [0, 1, 2, 3, 5]],
  ])('B09: fetches no verified piece again, nor the manifest: %s', async (_what, pieces) => {
    const { agent, source, server } = await aHalfReceivedSwarmTask(FILES, pieces);
    await agent.close();
    source.forget();
    const refusalCount = source.refusals.length;
    await source.serveV2(FILES);
    await agent.restart();
    await server.waitForPercent(100);
    expect(agent.wrongCopies(FILES)).toEqual([]);
    expect(source.sentBytes).toBe(TOTAL_BYTES - bytesOfPieces(FILES, pieces));
    expect(source.refusals).toHaveLength(refusalCount);
  });

  it('serves the manifest that it had kept', async () => {
    const { agent, source, server } = await aTaskWithManifest();
    await source.serveV2(FILES);
    await agent.restart();
    await server.waitForPercent(100);
    const { agent: other, aSwarmTask, server: otherServer } = await aWorld();
    const nobody = { dispatchAddrs: ['127.0.0.1:1'], serverAddr: otherServer.address };
    const task = aSwarmTask(FILES, { linkChain: nobody });
    await other.create(task);
    await other.startPlanned(task, { sources: [agent.dataAddress], degree: 1 });
    await otherServer.waitForPercent(100);
    expect(other.wrongCopies(FILES)).toEqual([]);
  });

  it.each<[string, (path: string) => void]>([
    [
      'with a flipped bit',
      (path) => {
        const bytes = readFileSync(path);
        bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40);
        writeFileSync(path, bytes);
      },
    ],
    ['cut short', (path) => writeFileSync(path, readFileSync(path).subarray(0, -1))],
    ['with more behind it', (path) => appendFileSync(path, 'x')],
    ['that is empty', (path) => writeFileSync(path, '')],
    ['that is gone', (path) => rmSync(path)],
  ])('fetches a manifest %s again', async (_what, damage) => {
    const { agent, source, server } = await aTaskWithManifest();
    damage(agent.path(MANIFEST_FILE));
    source.serveManifest(MANIFEST);
    await source.serveV2(FILES);
    await agent.restart();
    await server.waitForPercent(100);
    expect(agent.wrongCopies(FILES)).toEqual([]);
    expect(source.manifestSentBytes).toBe(MANIFEST.length);
    expect(readFileSync(agent.path(MANIFEST_FILE)).equals(MANIFEST)).toBe(true);
  });

  it('of a task whose manifest was in the call writes no other copy of it', async () => {
    const { agent, source, server, aV2Task } = await aWorld();
    const task = aV2Task(FILES);
    await source.serveV2(FILES, { pieces: [0, 3] });
    await agent.create(task);
    await agent.startPlanned(task);
    await agent.waitForTask(({ percentComplete }) => percentComplete > 30);
    await agent.close();
    await source.serveV2(FILES);
    await agent.restart();
    await server.waitForPercent(100);
    expect(source.sentBytes).toBe(TOTAL_BYTES - bytesOfPieces(FILES, [0, 3]));
    expect(existsSync(agent.path(MANIFEST_FILE))).toBe(false);
  });

  it('of a task whose plan was in the call goes on by that', async () => {
    const { agent, source, server, aV2Task } = await aWorld();
    await agent.create(aV2Task(FILES, { plan: { sources: [source.address], degree: 1 } }));
    await agent.close();
    await source.serveV2(FILES);
    await agent.restart();
    await server.waitForPercent(100);
    expect(agent.wrongCopies(FILES)).toEqual([]);
  });
});

describe('another attempt at a task', () => {
  it('does not fetch the manifest of the first again', async () => {
    const { agent, source, server, task } = await aHalfReceivedSwarmTask(FILES, [0, 1]);
    source.forget();
    const refusalCount = source.refusals.length;
    const second = { ...task, attempt: 2 };
    await agent.create(second);
    await source.serveV2(FILES);
    await agent.startPlanned(second);
    await server.waitForPercent(100);
    expect(source.sentBytes).toBe(TOTAL_BYTES - 2 * PIECE_BYTES);
    expect(source.refusals).toHaveLength(refusalCount);
  });

  it('with other content has a manifest of its own', async () => {
    const { agent, source, server, aSwarmTask } = await aHalfReceivedSwarmTask(FILES, [0]);
    const others = [aFile('other')];
    const second = aSwarmTask(others, { attempt: 2 });
    source.serveManifest(aManifest(others));
    await source.serveV2(others);
    await agent.create(second);
    await agent.startPlanned(second);
    await server.waitForPercent(100);
    expect(agent.files).toEqual(['other']);
    expect(agent.wrongCopies(others)).toEqual([]);
  });
});
