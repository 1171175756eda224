/** v2 tasks that cannot be done, calls that do not fit them, and changes while they run. */
import { existsSync, readdirSync, readFileSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { ManifestRefDto } from '@gofd/task-model';
import { aFile, PIECE_BYTES } from './a-create-call.ts';
import { aDownstream } from './a-downstream.ts';
import { aHalfReceivedTask, aWorld, type World } from './a-running-task.ts';
import {
  aManifest,
  aV2CreateCall,
  manifestBytes,
  referenceTo,
  type V2CreateCall,
} from './a-v2-create-call.ts';
import { waitUntil } from './wait-until.ts';

const FILES = [aFile('one', 3 * PIECE_BYTES), aFile('two', 100)];
const MANIFEST = aManifest(FILES);
const NO_DIGESTS = new Uint8Array(0);

/** A task whose manifest comes from the source, which serves other bytes if told so. */
async function aTaskWithManifest(
  world: World,
  manifest: Buffer,
  served: Buffer = manifest,
  taskId = 't1',
): Promise<V2CreateCall> {
  const reference: ManifestRefDto = referenceTo(manifest);
  const task = world.aSwarmTask(FILES, { manifest: reference, taskId });
  world.source.serveManifest(served, taskId);
  expect((await world.agent.create(task)).status).toBe(200);
  expect((await world.agent.startPlanned(task)).status).toBe(200);
  return task;
}

function namesOnly(...names: readonly string[]): Buffer {
  const files = names.map((name) => ({ name, length: 0 }));
  return manifestBytes({ pieceBytes: PIECE_BYTES, files, digests: NO_DIGESTS });
}

/** More than the disk has free, in pieces of 64 MiB. */
function hugeManifest(): Buffer {
  const { bavail, bsize } = statfsSync(tmpdir());
  const pieceBytes = 64 * 2 ** 20;
  const pieceCount = Math.ceil((bavail * bsize) / pieceBytes) + 64;
  const files = [{ name: 'huge', length: pieceBytes * pieceCount }];
  return manifestBytes({ pieceBytes, files, digests: new Uint8Array(pieceCount * 32) });
}

describe('a manifest that comes through the swarm and cannot be used', () => {
  it.each<[string, Buffer, string, RegExp]>([
    ['no manifest at all', Buffer.from('anything else'), 'INVALID_META_INFO', /^manifest: /],
    ['one without its last hash', MANIFEST.subarray(0, -32), 'INVALID_META_INFO', /hashes/],
    ['B60: a name ../../x', namesOnly('a', '../../x'), 'UNSAFE_PATH', /"\.\.\/\.\.\/x"/],
    ['B06: a name twice', namesOnly('a', 'b', 'a'), 'DUPLICATE_FILE_NAME', /"a"/],
    ['B28: more than fits', hugeManifest(), 'NO_SPACE', /free/],
  ])('fails the task and says why: %s', async (_what, manifest, code, message) => {
    const world = await aWorld();
    const { agent, server } = world;
    await aTaskWithManifest(world, manifest);
    const [verdict] = await server.waitForPercent(-1);
    expect(verdict).toMatchObject({ taskId: 't1', code });
    expect(verdict?.message).toMatch(message);
    expect(await agent.view()).toMatchObject({ status: 'FAILED', code });
    expect(agent.files).toEqual([]);
    expect(server.percents).not.toContain(100);
    expect((await agent.end()).body.wasKnown).toBe(true);
  });

  it('because every source sends other bytes reports INTEGRITY', async () => {
    const world = await aWorld();
    await aTaskWithManifest(world, MANIFEST, Buffer.alloc(MANIFEST.length));
    const [verdict] = await world.server.waitForPercent(-1);
    expect(verdict).toMatchObject({ code: 'INTEGRITY' });
    expect(existsSync(world.agent.path('.gofd/t1/manifest'))).toBe(false);
  });

  it('fails one attempt; the next, with a good one, completes', async () => {
    const world = await aWorld();
    const { agent, source, server, aSwarmTask } = world;
    await aTaskWithManifest(world, Buffer.from('anything else'));
    await server.waitForPercent(-1);
    const next = aSwarmTask(FILES, { attempt: 2 });
    source.serveManifest(MANIFEST);
    await source.serveV2(FILES);
    await agent.create(next);
    await agent.startPlanned(next);
    await server.waitForPercent(100);
    expect(agent.wrongCopies(FILES)).toEqual([]);
  });

  it('is not tried again after a restart', async () => {
    const world = await aWorld();
    const { agent, server } = world;
    await aTaskWithManifest(world, Buffer.from('anything else'));
    await server.waitForPercent(-1);
    await agent.restart();
    expect(await agent.call('GET', '/tasks/t1')).toMatchObject({ status: 404 });
  });
});

describe('DEST_BUSY: a name that another task writes', () => {
  const MINE = [aFile('free'), aFile('one')];

  it('refuses a manifest in the call', async () => {
    const { agent, aV2Task } = await aHalfReceivedTask(FILES, [0]);
    const second = aV2Task(MINE, { taskId: 't2' });
    const refused = await agent.create(second);
    expect([refused.status, refused.body.code]).toEqual([409, 'DEST_BUSY']);
    expect(refused.body.message).toContain('"one"');
    expect(await agent.call('GET', '/tasks/t2')).toMatchObject({ status: 404 });
    expect(readdirSync(agent.path('.gofd'))).toEqual(['t1']);
    await agent.end('t1');
    expect((await agent.create(second)).status).toBe(200);
  });

  it('fails a task whose manifest was fetched, and leaves the other alone', async () => {
    const world = await aHalfReceivedTask(FILES, [0]);
    const { agent, source, server } = world;
    await aTaskWithManifest(world, aManifest(MINE), aManifest(MINE), 't2');
    const [verdict] = await server.waitForPercent(-1);
    expect(verdict).toMatchObject({ taskId: 't2', code: 'DEST_BUSY' });
    expect(verdict?.message).toContain('"one"');
    expect(await agent.view('t2')).toMatchObject({ status: 'FAILED', code: 'DEST_BUSY' });
    await source.serve(FILES);
    await server.waitForPercent(100);
    expect(agent.wrongCopies(FILES)).toEqual([]);
  });
});

describe('a start call of the other wire version', () => {
  it('of a v2 task without a plan is refused, and changes nothing', async () => {
    const { agent, source, server, aV2Task } = await aWorld();
    const task = aV2Task(FILES);
    await source.serveV2(FILES);
    await agent.create(task);
    expect(await agent.startTask(task)).toMatchObject({
      status: 400,
      body: { code: 'INVALID_LINK_CHAIN', details: [{ field: 'plan' }] },
    });
    expect(await agent.view()).toMatchObject({ status: 'INPROGRESS' });
    await agent.startPlanned(task);
    await server.waitForPercent(100);
  });

  it('of a v1 task with a plan is refused, and changes nothing', async () => {
    const { agent, source, server, aTask } = await aWorld();
    const task = aTask(FILES);
    await source.serve(FILES);
    await agent.create(task);
    expect(await agent.startPlanned(task)).toMatchObject({
      status: 400,
      body: { code: 'INVALID_LINK_CHAIN', details: [{ field: 'plan' }] },
    });
    await agent.startTask(task);
    await server.waitForPercent(100);
  });
});

describe('ending a task whose manifest is being fetched', () => {
  it('leaves nothing, and asks nobody any more', async () => {
    const { agent, source, aSwarmTask } = await aWorld();
    const task = aSwarmTask(FILES);
    await agent.create(task);
    await agent.startPlanned(task);
    await waitUntil('it has asked', () => source.refusals.length > 0);
    expect((await agent.end()).body).toEqual({ taskId: 't1', wasKnown: true });
    expect(await agent.call('GET', '/tasks/t1')).toMatchObject({ status: 404 });
    expect(readdirSync(agent.path('.gofd'))).toEqual([]);
    const refusalCount = source.refusals.length;
    await agent.restart();
    expect(await agent.call('GET', '/tasks/t1')).toMatchObject({ status: 404 });
    expect(source.refusals).toHaveLength(refusalCount);
    expect(agent.files).toEqual([]);
  });

  it('turns away those who wait for its content', async () => {
    const { agent, source, aSwarmTask } = await aWorld();
    const task = aSwarmTask(FILES);
    await agent.create(task);
    await waitUntil('it has asked', () => source.refusals.length > 0);
    const downstream = await aDownstream(aV2CreateCall(FILES), agent.dataAddress);
    await waitUntil('it is let in', () => downstream.isConnected);
    await agent.end();
    await waitUntil('it is turned away', () => !downstream.isConnected);
    expect(downstream.receivedBytes).toBe(0);
  });
});

describe('PATCH of a task', () => {
  const SLOW = PIECE_BYTES; // a piece a second: longer than anything here is waited for
  const FAST = 1_000_000_000;
  const LARGE = [aFile('large', 60 * PIECE_BYTES)];

  /** A completed task that may be handed on slowly. */
  async function aSlowTask() {
    const world = await aWorld();
    const task = world.aV2Task(LARGE, { speed: SLOW });
    await world.source.serveV2(LARGE);
    expect((await world.agent.create(task)).status).toBe(200);
    await world.agent.startPlanned(task);
    await world.server.waitForPercent(100);
    const savedSpeed = (): unknown => {
      const text = readFileSync(world.agent.path('.gofd/t1/task.json'), 'utf8');
      return (JSON.parse(text) as { speed?: unknown }).speed;
    };
    return { ...world, task, savedSpeed };
  }

  it('lets go faster what is being sent already', async () => {
    const { agent, task } = await aSlowTask();
    const downstream = await aDownstream(task, agent.dataAddress);
    await waitUntil('it has begun', () => downstream.receivedBytes > 0);
    expect(downstream.isFinished).toBe(false);
    const answer = await agent.setSpeed(FAST);
    expect(answer).toMatchObject({ status: 200, body: { taskId: 't1', wireVersions: [1, 2] } });
    await waitUntil('it has all', () => downstream.isFinished);
  });

  it('is kept, and holds after a restart', async () => {
    const { agent, task, server, savedSpeed } = await aSlowTask();
    expect(savedSpeed()).toBeUndefined();
    await agent.setSpeed(FAST - 1);
    expect(savedSpeed()).toBe(FAST - 1);
    await agent.setSpeed(FAST);
    await agent.restart();
    await server.waitForPercent(100, 2);
    expect(savedSpeed()).toBe(FAST);
    const downstream = await aDownstream(task, agent.dataAddress);
    await waitUntil('it has all', () => downstream.isFinished);
  });

  it('that is refused changes nothing', async () => {
    const { agent, savedSpeed } = await aSlowTask();
    for (const speed of [0, -1, 0.5, 2 ** 53]) {
      expect((await agent.setSpeed(speed)).status).toBe(400);
    }
    expect(savedSpeed()).toBeUndefined();
  });

  it('is taken before the content is known, and by a v1 task', async () => {
    const { agent, source, server, aSwarmTask, aTask } = await aWorld();
    const task = aSwarmTask(FILES);
    await agent.create(task);
    expect((await agent.setSpeed(FAST)).status).toBe(200);
    source.serveManifest(MANIFEST);
    await source.serveV2(FILES);
    await agent.startPlanned(task);
    await server.waitForPercent(100);
    await agent.create(aTask([aFile('v1')], { taskId: 't2' }));
    expect((await agent.setSpeed(FAST, 't2')).status).toBe(200);
  });

  it('is forgotten with the task: the same id again has the speed of its call', async () => {
    const { agent, server, task, savedSpeed } = await aSlowTask();
    await agent.setSpeed(FAST);
    await agent.create({ ...task, attempt: 2 });
    await server.waitForPercent(100, 2);
    expect(savedSpeed()).toBeUndefined();
  });
});
