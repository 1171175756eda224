/** Whole transfers over real sockets: who gets what from whom, and what one peer can do to others. */
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { Bitfield } from '@gofd/p2p-protocol';
import { PieceHashes } from '@gofd/piece-store';
import { sampleTask } from '@gofd/piece-store/testing';
import { describe, expect, it } from 'vitest';
import { fileStoreOf, sourceStoreOf } from '../../test/disk-stores.ts';
import { CorruptStore, SlowStore } from '../../test/misbehaving-stores.ts';
import {
  emptyStore,
  fetchTask,
  fillStore,
  finished,
  openTask,
  serveTask,
  startNode,
  storedBytes,
  TASK_ID,
  type Node,
} from '../../test/nodes.ts';
import { eventLoopTurn, waitUntil } from '../../test/waiting.ts';

const KIB = 2 ** 10;
const MIB = 2 ** 20;

/** 20 pieces of 64 KiB, the last one shorter. */
const SMALL = sampleTask({ pieceBytes: 64 * KIB, fileLengths: [20 * 64 * KIB - 1000] });

describe('a chain of server and three agents', () => {
  it('moves files of all sizes from disk to disk, and the server sends each byte once', async () => {
    const task = sampleTask({
      pieceBytes: MIB,
      fileLengths: [0, 1, 2 * MIB, 9 * MIB + 12_345, 0, 70_000],
    });
    const { store: source } = await sourceStoreOf(task);
    const hashes = new PieceHashes(await source.hash({ algorithm: 'sha1' }), 'sha1');
    const nodes = await Promise.all([startNode(), startNode(), startNode(), startNode()]);
    const [server, ...agents] = nodes as [Node, ...Node[]];
    const served = await serveTask(server, task, { store: source });
    const places = await Promise.all(agents.map(() => fileStoreOf({ ...task, hashes })));
    const runs = places.map(({ store }, index) => {
      const upstreams = nodes.slice(0, index + 1).map(({ address }) => address);
      return fetchTask(agents[index] as Node, task, upstreams.toReversed(), { store });
    });
    await Promise.all(runs.map(finished));
    for (const { store, downdir } of places) {
      await store.place();
      for (const [file, { name }] of task.layout.files.entries()) {
        const placed = await fs.readFile(join(downdir, name));
        expect(placed.equals(task.contents[file] as Buffer)).toBe(true);
      }
    }
    const { totalBytes } = task.layout;
    const sent = (): number[] => [served, ...runs].map(({ driver }) => driver.sentBytes);
    await waitUntil('the last bytes are accounted for', () => sent()[2] === totalBytes);
    expect(sent()).toEqual([totalBytes, totalBytes, totalBytes, 0]);
    expect(runs.map(({ driver }) => driver.receivedBytes)).toEqual([
      totalBytes,
      totalBytes,
      totalBytes,
    ]);
    expect(runs.flatMap(({ closings }) => closings)).toEqual(runs.map(() => 'P2P_TASK_ENDED'));
  });

  it('relays while it receives: the last agent has bytes before the first one is done', async () => {
    const [server, first, last] = await Promise.all([startNode(), startNode(), startNode()]);
    await serveTask(server, SMALL);
    let lastHasBytes = false;
    let lastHadBytesAt: number | undefined;
    const relay = openTask(first, SMALL, emptyStore(SMALL), {
      progressed: (bytes) => {
        if (lastHasBytes) lastHadBytesAt ??= bytes;
      },
    });
    const running = fetchTask(last, SMALL, [first.address], {
      progressed: () => {
        lastHasBytes = true;
      },
    });
    await waitUntil('the last agent is connected', () => relay.driver.peerCount === 1);
    relay.driver.setSources({ sources: [server.address], degree: 1 });
    await Promise.all([finished(relay), finished(running)]);
    expect(lastHadBytesAt).toBeLessThan(SMALL.layout.totalBytes);
  });

  it('reads large blocks straight into the piece buffer, and reads them right', async () => {
    const task = sampleTask({ pieceBytes: 512 * KIB, fileLengths: [3 * MIB + 77_777] });
    const [server, agent] = await Promise.all([startNode(), startNode()]);
    await serveTask(server, task, { blockBytes: 120 * KIB });
    const store = emptyStore(task);
    const running = fetchTask(agent, task, [server.address], { store, blockBytes: 120 * KIB });
    await finished(running);
    expect((await storedBytes(store, task)).equals(task.bytes)).toBe(true);
    expect(running.driver.receivedBytes).toBe(task.layout.totalBytes);
  });

  it('fetches only what is missing', async () => {
    const [server, agent] = await Promise.all([startNode(), startNode()]);
    const served = await serveTask(server, SMALL);
    const store = emptyStore(SMALL);
    await fillStore(store, SMALL);
    const stored = Bitfield.full(SMALL.layout.pieceCount);
    for (const piece of [3, 4, 19]) stored.delete(piece);
    const running = fetchTask(agent, SMALL, [server.address], { store, stored });
    await finished(running);
    const missing = 2 * 64 * KIB + SMALL.layout.pieceLength(19);
    expect(running.driver.receivedBytes).toBe(missing);
    await waitUntil('all is accounted for', () => served.driver.sentBytes === missing);
  });

  it('waits for an upstream that does not know the task yet', async () => {
    const [server, agent] = await Promise.all([startNode(), startNode()]);
    const running = fetchTask(agent, SMALL, [server.address]);
    await waitUntil('it was turned away', () => server.refusals.length > 0);
    await serveTask(server, SMALL);
    await finished(running);
    expect(new Set(server.refusals)).toEqual(new Set(['P2P_TASK_UNKNOWN']));
  });
});

describe('an agent whose upstream fails', () => {
  it('B20: completes from the next one up when its upstream dies in the middle', async () => {
    const [server, middle, agent] = await Promise.all([startNode(), startNode(), startNode()]);
    const served = await serveTask(server, SMALL);
    const relay = fetchTask(middle, SMALL, [server.address]);
    await finished(relay);
    let shutDown: Promise<void> | undefined;
    const store = emptyStore(SMALL);
    const running = fetchTask(agent, SMALL, [middle.address, server.address], {
      store,
      progressed: (bytes) => {
        if (bytes > SMALL.layout.totalBytes / 4) shutDown ??= middle.plane.shutDown();
      },
    });
    await finished(running);
    await shutDown;
    expect((await storedBytes(store, SMALL)).equals(SMALL.bytes)).toBe(true);
    expect(relay.driver.sentBytes).toBeGreaterThan(0);
    expect(served.driver.sentBytes).toBeGreaterThan(SMALL.layout.totalBytes);
    expect(served.driver.sentBytes).toBeLessThan(2 * SMALL.layout.totalBytes);
  });

  it('B50: goes on to the server when its upstream is not there at all', async () => {
    const [server, gone, agent] = await Promise.all([startNode(), startNode(), startNode()]);
    await serveTask(server, SMALL);
    await gone.plane.shutDown();
    const running = fetchTask(agent, SMALL, [gone.address, 'no address', server.address]);
    await finished(running);
  });

  it('B27: blames an upstream that sends wrong bytes and completes from the server', async () => {
    const [server, liar, agent] = await Promise.all([startNode(), startNode(), startNode()]);
    await serveTask(server, SMALL);
    const corrupt = new CorruptStore(SMALL.hashes);
    await fillStore(corrupt, SMALL);
    await serveTask(liar, SMALL, { store: corrupt });
    const store = emptyStore(SMALL);
    const running = fetchTask(agent, SMALL, [liar.address, server.address], { store });
    await finished(running);
    expect(running.closings).toEqual(['P2P_BAD_PIECE', 'P2P_TASK_ENDED']);
    const { measures } = running.driver;
    expect(measures.topBadPeers(9)).toEqual([{ address: liar.address, count: 1 }]);
    expect(measures.retries).toBe(1);
    expect((await storedBytes(store, SMALL)).equals(SMALL.bytes)).toBe(true);
  });

  it('B27: fails with a code when every source sends wrong bytes', async () => {
    const [liar, agent] = await Promise.all([startNode(), startNode()]);
    const corrupt = new CorruptStore(SMALL.hashes);
    await fillStore(corrupt, SMALL);
    await serveTask(liar, SMALL, { store: corrupt });
    const running = fetchTask(agent, SMALL, [liar.address]);
    await waitUntil('it has given up', () => running.failure !== undefined);
    expect(running.failure).toBe('INTEGRITY');
    expect(running.isFinished).toBe(false);
  });

  it('fails with the code of the store when its disk refuses', async () => {
    const [server, agent] = await Promise.all([startNode(), startNode()]);
    await serveTask(server, SMALL);
    const { store } = await fileStoreOf(SMALL);
    await store.close();
    const running = fetchTask(agent, SMALL, [server.address], { store });
    await waitUntil('it has given up', () => running.failure !== undefined);
    expect(running.failure).toBe('IO_ERROR');
  });

  it('B02: stops serving when a source is gone, with the code', async () => {
    const [server, agent] = await Promise.all([startNode(), startNode()]);
    const { store, paths } = await sourceStoreOf(SMALL);
    const served = await serveTask(server, SMALL, { store });
    await fs.rm(paths[0] ?? '');
    const running = fetchTask(agent, SMALL, [server.address]);
    await waitUntil('it has given up', () => served.failure !== undefined);
    expect(served.failure).toBe('SOURCE_CHANGED');
    expect(running.isFinished).toBe(false);
  });
});

describe('DataPlane', () => {
  it('serves several tasks on one port, each peer its own', async () => {
    const [server, agent] = await Promise.all([startNode(), startNode()]);
    const other = sampleTask({ pieceBytes: 32 * KIB, fileLengths: [300_000], seed: 2 });
    await serveTask(server, SMALL, { taskId: 'one' });
    await serveTask(server, other, { taskId: 'other' });
    const [store, otherStore] = [emptyStore(SMALL), emptyStore(other)];
    const runs = [
      fetchTask(agent, SMALL, [server.address], { taskId: 'one', store }),
      fetchTask(agent, other, [server.address], { taskId: 'other', store: otherStore }),
    ];
    await Promise.all(runs.map(finished));
    expect((await storedBytes(store, SMALL)).equals(SMALL.bytes)).toBe(true);
    expect((await storedBytes(otherStore, other)).equals(other.bytes)).toBe(true);
  });

  it('ends one task without disturbing another', async () => {
    const [server, agent] = await Promise.all([startNode(), startNode()]);
    await serveTask(server, SMALL, { taskId: 'ended' });
    await serveTask(server, SMALL, { taskId: 'kept' });
    const ended = fetchTask(agent, SMALL, [server.address], {
      taskId: 'ended',
      progressed: () => server.plane.close('ended'),
    });
    const kept = fetchTask(agent, SMALL, [server.address], { taskId: 'kept' });
    await finished(kept);
    await waitUntil('it is turned away', () => server.refusals.includes('P2P_TASK_UNKNOWN'));
    expect(ended.isFinished).toBe(false);
  });

  it('closes an older session when a task is opened again', async () => {
    const [server, agent] = await Promise.all([startNode(), startNode()]);
    await serveTask(server, SMALL);
    const abandoned = fetchTask(agent, SMALL, []);
    const running = fetchTask(agent, SMALL, [server.address]);
    await finished(running);
    abandoned.driver.setSources({ sources: [server.address], degree: 1 });
    await eventLoopTurn();
    expect([abandoned.driver.peerCount, abandoned.isFinished]).toEqual([0, false]);
  });

  it('B86: reports nothing of a session that was closed in the middle', async () => {
    const [server, agent] = await Promise.all([startNode(), startNode()]);
    await serveTask(server, SMALL);
    const slow = new SlowStore(SMALL.hashes);
    let progressAfterClose = 0;
    let isClosed = false;
    const running = fetchTask(agent, SMALL, [server.address], {
      store: slow,
      progressed: () => {
        if (isClosed) progressAfterClose += 1;
        agent.plane.close(TASK_ID);
        isClosed = true;
      },
    });
    await waitUntil('it was closed', () => isClosed);
    for (let turn = 0; turn < 2 * SlowStore.TURNS; turn++) await eventLoopTurn();
    expect([progressAfterClose, running.isFinished, running.driver.peerCount]).toEqual([
      0,
      false,
      0,
    ]);
  });

  it('shuts down with peers connected, and is not reachable afterwards', async () => {
    const [server, agent] = await Promise.all([startNode(), startNode()]);
    await serveTask(server, SMALL);
    const running = openTask(agent, SMALL, emptyStore(SMALL), {
      progressed: () => void server.plane.shutDown(),
    });
    running.driver.setSources({ sources: [server.address], degree: 1 });
    await waitUntil('bytes have come', () => running.driver.storedBytes > 0);
    await waitUntil('the peer is gone', () => running.driver.peerCount === 0);
    expect(running.isFinished).toBe(false);
  });
});
