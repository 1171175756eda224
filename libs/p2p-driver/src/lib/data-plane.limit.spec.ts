/** The upload limit of a process, over a clock that the test moves: no timing, exact bounds. */
import { LIMITER_BURST_MS } from '@gofd/p2p-protocol';
import { sampleTask } from '@gofd/piece-store/testing';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../test/manual-clock.ts';
import { fetchTask, finished, serveTask, startNode, type RunningTask } from '../../test/nodes.ts';
import { waitUntil } from '../../test/waiting.ts';

const KIB = 2 ** 10;
const BLOCK_BYTES = 32 * KIB;
const PIECE_HEADER_BYTES = 13;
/** 32 blocks in 4 pieces: all are asked for at once, so that the limiter alone sets the pace. */
const TASK = sampleTask({ pieceBytes: 256 * KIB, fileLengths: [1024 * KIB] });
/** One block with its header every 25 ms. */
const BYTES_PER_SECOND = 40 * (BLOCK_BYTES + PIECE_HEADER_BYTES);

function totalReceived(runs: readonly RunningTask[]): number {
  return runs.reduce((sum, { driver }) => sum + driver.receivedBytes, 0);
}

/** Most blocks that may be out after a time: what the rate allows, the burst, and one more. */
function mostBytes(elapsedMs: number, bytesPerSecond: number): number {
  return ((elapsedMs + LIMITER_BURST_MS) / 1000) * bytesPerSecond + BLOCK_BYTES;
}

describe('the upload limit', () => {
  it('holds at every moment, and is used up', async () => {
    const clock = new ManualClock();
    const server = await startNode({ clock, uploadBytesPerSecond: BYTES_PER_SECOND });
    const served = await serveTask(server, TASK);
    const running = fetchTask(await startNode(), TASK, [server.address]);
    await waitUntil('the first block is out', () => running.driver.receivedBytes >= BLOCK_BYTES);
    for (let elapsedMs = 50; elapsedMs <= 700; elapsedMs += 50) {
      await clock.advance(50);
      const leastBytes = (elapsedMs / 25) * BLOCK_BYTES;
      await waitUntil('the rate is used', () => running.driver.receivedBytes >= leastBytes);
      const most = mostBytes(elapsedMs, BYTES_PER_SECOND);
      expect(served.driver.sentBytes).toBeLessThanOrEqual(most);
      expect(running.driver.receivedBytes).toBeLessThanOrEqual(most);
    }
    await clock.advance(500);
    await finished(running);
  });

  it('B88: is one for all tasks and peers of the process', async () => {
    const clock = new ManualClock();
    const server = await startNode({ clock, uploadBytesPerSecond: BYTES_PER_SECOND });
    const taskIds = ['one', 'other'];
    for (const taskId of taskIds) await serveTask(server, TASK, { taskId });
    const agents = await Promise.all([startNode(), startNode()]);
    const runs = agents.flatMap((agent) =>
      taskIds.map((taskId) => fetchTask(agent, TASK, [server.address], { taskId })),
    );
    await waitUntil('a block is out', () => totalReceived(runs) >= BLOCK_BYTES);
    for (let elapsedMs = 100; elapsedMs <= 1000; elapsedMs += 100) {
      await clock.advance(100);
      expect(totalReceived(runs)).toBeLessThanOrEqual(
        mostBytes(elapsedMs, BYTES_PER_SECOND) + (runs.length - 1) * BLOCK_BYTES,
      );
    }
    await waitUntil('the rate is used', () => totalReceived(runs) >= 36 * BLOCK_BYTES);
    const shares = runs.map(({ driver }) => driver.receivedBytes);
    expect(Math.min(...shares)).toBeGreaterThan(0);
  });

  it('can be lifted while blocks wait', async () => {
    const clock = new ManualClock();
    const server = await startNode({ clock, uploadBytesPerSecond: BYTES_PER_SECOND });
    await serveTask(server, TASK);
    const running = fetchTask(await startNode(), TASK, [server.address]);
    await waitUntil('the first block is out', () => running.driver.receivedBytes >= BLOCK_BYTES);
    server.plane.setUploadLimit(1000 * BYTES_PER_SECOND);
    await clock.advance(50);
    await finished(running);
  });
});

describe('the limit to one peer', () => {
  it('holds for each of them, whatever the process may send', async () => {
    const clock = new ManualClock();
    const server = await startNode({ clock, peerUploadBytesPerSecond: BYTES_PER_SECOND });
    await serveTask(server, TASK);
    const agents = await Promise.all([startNode(), startNode()]);
    const runs = agents.map((agent) => fetchTask(agent, TASK, [server.address]));
    const least = (): number => Math.min(...runs.map(({ driver }) => driver.receivedBytes));
    await waitUntil('both have a block', () => least() >= BLOCK_BYTES);
    for (let elapsedMs = 100; elapsedMs <= 600; elapsedMs += 100) {
      await clock.advance(100);
      await waitUntil('the rate is used', () => least() >= (elapsedMs / 25) * BLOCK_BYTES);
      for (const { driver } of runs) {
        expect(driver.receivedBytes).toBeLessThanOrEqual(mostBytes(elapsedMs, BYTES_PER_SECOND));
      }
    }
  });
});

describe('the download limit', () => {
  it('is one for all tasks of the process', async () => {
    const clock = new ManualClock();
    const server = await startNode();
    const taskIds = ['one', 'other'];
    for (const taskId of taskIds) await serveTask(server, TASK, { taskId });
    const agent = await startNode({ clock, downloadBytesPerSecond: BYTES_PER_SECOND });
    const runs = taskIds.map((taskId) => fetchTask(agent, TASK, [server.address], { taskId }));
    await waitUntil('a block is in', () => totalReceived(runs) >= BLOCK_BYTES);
    const pieceBytes = TASK.layout.pieceBytes;
    for (let elapsedMs = 100; elapsedMs <= 1_500; elapsedMs += 100) {
      await clock.advance(100);
      // Whole pieces are asked for, by each of the two tasks.
      const most = mostBytes(elapsedMs, BYTES_PER_SECOND) + 2 * pieceBytes;
      expect(totalReceived(runs)).toBeLessThanOrEqual(most);
    }
    await waitUntil('the rate is used', () => totalReceived(runs) >= 4 * pieceBytes);
    await clock.advance(2_000);
    await Promise.all(runs.map(finished));
  });
});
