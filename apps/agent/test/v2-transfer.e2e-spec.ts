/** A v2 task from the create call to its end: with its manifest in the call, and with one to be fetched. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GOFD_VERSION } from '@gofd/service-kit';
import type { DispatchTaskDto } from '@gofd/task-model';
import { aCreateCall, aFile, PIECE_BYTES } from './a-create-call.ts';
import { aDownstream } from './a-downstream.ts';
import { aWorld } from './a-running-task.ts';
import { aManifest, aV2CreateCall, inline, referenceTo } from './a-v2-create-call.ts';
import { AgentUnderTest } from './agent-under-test.ts';
import { waitUntil } from './wait-until.ts';

const FILES = [aFile('one', 8 * PIECE_BYTES), aFile('empty', 0), aFile('two', 5)];
const TOTAL_BYTES = 8 * PIECE_BYTES + 5;
const MANIFEST = aManifest(FILES);
const KIB = 1024;

describe('GET /api/v1/agent', () => {
  it('says what the agent can do', async () => {
    const agent = await AgentUnderTest.start();
    const body = { version: GOFD_VERSION, wireVersions: [1, 2], dataPort: agent.dataPort };
    expect(await agent.call('GET', '')).toEqual({ status: 200, body });
  });

  it('says in which rack the host stands, if it was told', async () => {
    const agent = await AgentUnderTest.start({ rack: 'zone-a/r1' });
    expect(await agent.call('GET', '')).toMatchObject({ status: 200, body: { rack: 'zone-a/r1' } });
  });
});

describe('a v2 task with its manifest in the call', () => {
  it('is received, verified, placed and reported', async () => {
    const { agent, source, server, aV2Task } = await aWorld();
    const task = aV2Task(FILES, { host: 'web-1:45010', attempt: 4 });
    await source.serveV2(FILES);

    const own = { version: GOFD_VERSION, wireVersions: [1, 2], dataPort: agent.dataPort };
    const answer = { status: 200, body: { taskId: 't1', ...own } };
    expect(await agent.create(task)).toEqual(answer);
    expect(await agent.startPlanned(task)).toEqual(answer);
    const [verdict] = await server.waitForPercent(100);

    expect(verdict).toMatchObject({ taskId: 't1', ip: 'web-1:45010', attempt: 4 });
    expect(agent.files).toEqual(['empty', 'one', 'two']);
    expect(agent.wrongCopies(FILES)).toEqual([]);
    expect(source.sentBytes).toBe(TOTAL_BYTES);
    expect(source.refusals).toEqual([]);
  });

  it('has pieces of several blocks', async () => {
    const { agent, source, server, aV2Task } = await aWorld();
    const pieceBytes = 512 * KIB;
    const files = [aFile('long', 3 * pieceBytes - 7)];
    const task = aV2Task(files, { manifest: inline(aManifest(files, pieceBytes)) });
    await source.serveV2(files, { pieceBytes });
    await agent.create(task);
    await agent.startPlanned(task);
    await server.waitForPercent(100);
    expect(agent.wrongCopies(files)).toEqual([]);
    expect(source.sentBytes).toBe(3 * pieceBytes - 7);
  });

  it('whose plan is in the call as well needs no start call', async () => {
    const { agent, source, server, aV2Task } = await aWorld();
    await source.serveV2(FILES);
    await agent.create(aV2Task(FILES, { plan: { sources: [source.address], degree: 1 } }));
    await server.waitForPercent(100);
    expect(agent.wrongCopies(FILES)).toEqual([]);
  });

  it('of empty files alone is complete without a source', async () => {
    const { agent, server, aV2Task } = await aWorld();
    const files = [aFile('a', 0), aFile('b', 0)];
    await agent.create(aV2Task(files));
    await server.waitForPercent(100);
    expect(agent.wrongCopies(files)).toEqual([]);
  });

  it.each<[string, DispatchTaskDto]>([
    ['has another key', aV2CreateCall(FILES, { key: Buffer.alloc(32, 1).toString('base64') })],
    ['has the password of the fleet alone', aCreateCall(FILES)],
  ])('is served to nobody who %s', async (_what, call) => {
    const { agent, source, server, aV2Task } = await aWorld();
    const task = aV2Task(FILES);
    await source.serveV2(FILES);
    await agent.create(task);
    await agent.startPlanned(task);
    await server.waitForPercent(100);
    const stranger = await aDownstream(call, agent.dataAddress);
    await waitUntil('two tries', () => stranger.dialCount >= 2);
    expect([stranger.isConnected, stranger.receivedBytes]).toEqual([false, 0]);
  });
});

describe('a v2 task whose manifest is to be fetched', () => {
  it('is received, verified, placed and reported', async () => {
    const { agent, source, server, aSwarmTask } = await aWorld();
    const task = aSwarmTask(FILES);
    source.serveManifest(MANIFEST);
    await source.serveV2(FILES);
    expect((await agent.create(task)).status).toBe(200);
    expect((await agent.startPlanned(task)).status).toBe(200);
    await server.waitForPercent(100);
    expect(agent.wrongCopies(FILES)).toEqual([]);
    expect([source.manifestSentBytes, source.sentBytes]).toEqual([MANIFEST.length, TOTAL_BYTES]);
    expect(await agent.view()).toMatchObject({ status: 'COMPLETED', percentComplete: 100 });
  });

  it('has it kept beside the parts, and removed with them', async () => {
    const { agent, source, server, aSwarmTask } = await aWorld();
    const task = aSwarmTask(FILES);
    source.serveManifest(MANIFEST);
    await source.serveV2(FILES);
    await agent.create(task);
    await agent.startPlanned(task);
    await server.waitForPercent(100);
    expect(readFileSync(agent.path('.gofd/t1/manifest')).equals(MANIFEST)).toBe(true);
    await agent.end();
    expect(existsSync(agent.path('.gofd/t1'))).toBe(false);
    expect(agent.wrongCopies(FILES)).toEqual([]);
  });

  it('shows that it is under way while nobody has the manifest', async () => {
    const { agent, source, server, aSwarmTask } = await aWorld();
    const task = aSwarmTask(FILES);
    await agent.create(task);
    await agent.startPlanned(task);
    await waitUntil('it has asked', () => source.refusals.length > 0);
    expect(await agent.view()).toMatchObject({ status: 'INPROGRESS', percentComplete: 0 });
    source.serveManifest(MANIFEST);
    await source.serveV2(FILES);
    await server.waitForPercent(100);
  });

  it('may have one of several blocks', async () => {
    const { agent, source, server, aSwarmTask } = await aWorld();
    const pieceBytes = KIB;
    const files = [aFile('one', 9_000 * pieceBytes)];
    const manifest = aManifest(files, pieceBytes);
    expect(manifest.length).toBeGreaterThan(256 * KIB);
    source.serveManifest(manifest);
    for (const { name, bytes } of files) writeFileSync(agent.path(name), bytes);
    await agent.create(aSwarmTask(files, { manifest: referenceTo(manifest) }));
    await agent.startPlanned(aSwarmTask(files));
    await server.waitForPercent(100); // its content is there already
    expect(agent.wrongCopies(files)).toEqual([]);
  });

  it('is handed on: an agent has manifest and content from another alone', async () => {
    const { agent: first, source, server, aSwarmTask } = await aWorld();
    const second = await AgentUnderTest.start();
    const nobody = { dispatchAddrs: ['127.0.0.1:1'], serverAddr: server.address };
    source.serveManifest(MANIFEST);
    await source.serveV2(FILES);
    const tasks = [
      aSwarmTask(FILES, { host: first.dataAddress }),
      aSwarmTask(FILES, { host: second.dataAddress, linkChain: nobody }),
    ] as const;
    await second.create(tasks[1]);
    await second.startPlanned(tasks[1], { sources: [first.dataAddress], degree: 1 });
    await first.create(tasks[0]);
    await first.startPlanned(tasks[0]);
    await server.waitForPercent(100, 2);
    expect([first, second].map((agent) => agent.wrongCopies(FILES))).toEqual([[], []]);
    expect([source.manifestSentBytes, source.sentBytes]).toEqual([MANIFEST.length, TOTAL_BYTES]);
  });

  it('lets in a peer that dials before the content is open, and serves it once it is', async () => {
    const { agent, source, server, aSwarmTask } = await aWorld();
    const task = aSwarmTask(FILES);
    await agent.create(task);
    await agent.startPlanned(task);
    const downstream = await aDownstream(aV2CreateCall(FILES), agent.dataAddress);
    await waitUntil('it is let in', () => downstream.isConnected);
    expect((await agent.view()).percentComplete).toBe(0);

    source.serveManifest(MANIFEST);
    await source.serveV2(FILES);
    await waitUntil('it has all', () => downstream.isFinished);
    await server.waitForPercent(100);
    expect(downstream.dialCount).toBe(1);
  });

  it('is served until it is ended, and then no longer', async () => {
    const { agent, source, server, aSwarmTask } = await aWorld();
    const task = aSwarmTask(FILES);
    source.serveManifest(MANIFEST);
    await source.serveV2(FILES);
    await agent.create(task);
    await agent.startPlanned(task);
    await server.waitForPercent(100);
    const downstream = await aDownstream(aV2CreateCall(FILES), agent.dataAddress);
    await waitUntil('the other agent', () => downstream.isFinished);
    await agent.end();
    const late = await aDownstream(aV2CreateCall(FILES), agent.dataAddress);
    await waitUntil('two tries', () => late.dialCount >= 2);
    expect([late.isConnected, late.receivedBytes]).toEqual([false, 0]);
  });
});
