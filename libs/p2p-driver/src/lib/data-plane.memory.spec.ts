/** Transfers in little memory: they complete, they stay within the budget, no peer starves another. */
import { Bitfield } from '@gofd/p2p-protocol';
import { sampleTask } from '@gofd/piece-store/testing';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../test/manual-clock.ts';
import { startMeasuredSession } from '../../test/measured-session.ts';
import { CountingStore, SlowStore } from '../../test/misbehaving-stores.ts';
import {
  emptyStore,
  fetchTask,
  fillStore,
  finished,
  fullStore,
  goodHeader,
  HOST,
  serveTask,
  startNode,
  storedBytes,
} from '../../test/nodes.ts';
import { bitfield, RawPeer, request } from '../../test/raw-peer.ts';
import { eventLoopTurn, waitUntil } from '../../test/waiting.ts';

const KIB = 2 ** 10;
const PIECE_BYTES = 128 * KIB;
const BLOCK_BYTES = 32 * KIB;
const MIB = 2 ** 20;
const TASK = sampleTask({ pieceBytes: PIECE_BYTES, fileLengths: [24 * PIECE_BYTES - 5] });

/** What may not happen while all is well: a peer given up because nobody read or sent. */
const GIVEN_UP = ['P2P_REQUEST_TIMEOUT', 'P2P_STARVED', 'P2P_UPLOAD_STALLED'];

describe.each([
  ['two pieces', 2 * PIECE_BYTES],
  ['one piece', PIECE_BYTES],
  ['half a piece', PIECE_BYTES / 2],
])('with a budget of %s at every node', (_what, cacheBytes) => {
  it('a chain completes, though the disks are slower than the network', async () => {
    const [server, first, second] = await Promise.all([
      startNode({ cacheBytes }),
      startNode({ cacheBytes }),
      startNode({ cacheBytes }),
    ]);
    const served = await serveTask(server, TASK);
    const store = new SlowStore(TASK.hashes);
    const secondStore = new SlowStore(TASK.hashes);
    const upstreams = [first.address, server.address];
    const runs = [
      fetchTask(first, TASK, [server.address], { store }),
      fetchTask(second, TASK, upstreams, { store: secondStore }),
    ];
    await Promise.all(runs.map(finished));
    for (const written of [store, secondStore]) {
      expect((await storedBytes(written, TASK)).equals(TASK.bytes)).toBe(true);
    }
    const closings = [served, ...runs].flatMap((run) => run.closings);
    expect(closings.filter((code) => GIVEN_UP.includes(code))).toEqual([]);
  });

  it('four agents complete side by side from one server', async () => {
    const server = await startNode({ cacheBytes });
    const served = await serveTask(server, TASK);
    const agents = await Promise.all([0, 1, 2, 3].map(() => startNode({ cacheBytes })));
    const runs = agents.map((agent) => fetchTask(agent, TASK, [server.address]));
    await Promise.all(runs.map(finished));
    const closings = [served, ...runs].flatMap((run) => run.closings);
    expect(closings.filter((code) => GIVEN_UP.includes(code))).toEqual([]);
  });

  it('two tasks of different piece lengths share the budget and complete', async () => {
    const [server, agent] = await Promise.all([
      startNode({ cacheBytes }),
      startNode({ cacheBytes }),
    ]);
    const other = sampleTask({ pieceBytes: 96 * KIB, fileLengths: [1_500_000], seed: 2 });
    await serveTask(server, TASK, { taskId: 'one' });
    await serveTask(server, other, { taskId: 'other' });
    const runs = [
      fetchTask(agent, TASK, [server.address], { taskId: 'one' }),
      fetchTask(agent, other, [server.address], { taskId: 'other' }),
    ];
    await Promise.all(runs.map(finished));
  });
});

describe('the cache of a session', () => {
  it('lets a relay send on what it received without reading it back', async () => {
    const [server, relay, agent] = await Promise.all([startNode(), startNode(), startNode()]);
    await serveTask(server, TASK);
    const store = new CountingStore(TASK.hashes);
    await finished(fetchTask(relay, TASK, [server.address], { store }));
    await finished(fetchTask(agent, TASK, [relay.address]));
    expect(store.reads).toBe(0);
  });

  it('lets a server read each piece once for all who ask for it together', async () => {
    const server = await startNode();
    const store = new CountingStore(TASK.hashes);
    await fillStore(store, TASK);
    await serveTask(server, TASK, { store });
    const agents = await Promise.all([startNode(), startNode(), startNode()]);
    await Promise.all(agents.map((agent) => finished(fetchTask(agent, TASK, [server.address]))));
    expect(store.reads).toBe(TASK.layout.pieceCount);
  });
});

describe('the memory of a session', () => {
  const task = sampleTask({ pieceBytes: MIB, fileLengths: [20 * MIB] });
  const BLOCKS_PER_PIECE = MIB / BLOCK_BYTES;

  it('exceeds the budget by no more than the piece that is arriving', async () => {
    const server = await startNode();
    await serveTask(server, task);
    const store = new SlowStore(task.hashes);
    const budgetBytes = 2 * MIB;
    const { running, pool } = await startMeasuredSession(task, { budgetBytes, store });
    running.driver.setSources({ sources: [server.address], degree: 1 });
    await finished(running);
    expect(pool.mostBytes).toBeLessThanOrEqual(budgetBytes + MIB);
    expect((await storedBytes(store, task)).equals(task.bytes)).toBe(true);
  });

  it('B23: stays within the budget with peers that ask for all and never read, and serves the others', async () => {
    const clock = new ManualClock();
    const budgetBytes = 10 * MIB;
    const { running, pool, port } = await startMeasuredSession(task, {
      budgetBytes,
      store: await fullStore(task),
      stored: Bitfield.full(20),
      clock,
    });
    const deaf = await Promise.all([0, 1, 2].map(() => RawPeer.join(port, goodHeader())));
    for (const peer of deaf) {
      peer.socket.pause();
      peer.send(bitfield(Buffer.alloc(3)));
      for (let block = 0; block < 500; block++) {
        const piece = Math.floor(block / BLOCKS_PER_PIECE);
        peer.send(request(piece, (block % BLOCKS_PER_PIECE) * BLOCK_BYTES, BLOCK_BYTES));
      }
    }
    const agent = await startNode();
    const store = emptyStore(task);
    await finished(fetchTask(agent, task, [`${HOST}:${port}`], { store }));
    expect((await storedBytes(store, task)).equals(task.bytes)).toBe(true);
    expect(pool.mostBytes).toBeLessThanOrEqual(budgetBytes);
    expect(running.closings).toEqual([]);
    await clock.advance(60_000);
    await waitUntil('the deaf ones are closed', () => running.driver.peerCount === 0);
    expect(running.closings).toEqual(deaf.map(() => 'P2P_UPLOAD_STALLED'));
  });

  it('comes back to the pool when peers leave in the middle', async () => {
    const { running, pool, port } = await startMeasuredSession(task, {
      budgetBytes: 4 * MIB,
      store: await fullStore(task),
      stored: Bitfield.full(20),
    });
    for (let leaver = 0; leaver < 5; leaver++) {
      const peer = await RawPeer.join(port, goodHeader());
      peer.send(bitfield(Buffer.alloc(3)));
      for (let block = 0; block < 200; block++) {
        const piece = Math.floor(block / BLOCKS_PER_PIECE);
        peer.send(request(piece, (block % BLOCKS_PER_PIECE) * BLOCK_BYTES, BLOCK_BYTES));
      }
      await peer.take(100_000);
      peer.socket.resetAndDestroy();
      await waitUntil('it is gone', () => running.driver.peerCount === 0);
    }
    running.driver.close();
    for (let turn = 0; turn < 10; turn++) await eventLoopTurn();
    const whole = await Promise.all([0, 1, 2, 3].map(() => pool.acquire(MIB)));
    expect(whole).toHaveLength(4);
    expect(pool.allocatedBytes).toBe(4 * MIB);
  });
});
