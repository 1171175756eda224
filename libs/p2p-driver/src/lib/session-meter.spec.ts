/** What is counted of a session, and that it stays counted when the session is gone. */
import { describe, expect, it } from 'vitest';
import { sampleTask } from '@gofd/piece-store/testing';
import { fetchTask, finished, serveTask, startNode } from '../../test/nodes.ts';
import { waitUntil } from '../../test/waiting.ts';
import { SessionMeter } from './session-meter.ts';
import { Traffic } from './traffic.ts';

const SERVER = '10.0.0.1:45001';
const request = (piece: number, begin = 0) =>
  ({ type: 'request', piece, begin, length: 100 }) as const;

function aMeter() {
  const traffic = new Traffic();
  const session = { duplicateBytes: 0, outsideBytes: 0 };
  const latenciesMs: number[] = [];
  traffic.whenPieceStored((latencyMs) => latenciesMs.push(latencyMs));
  const clock = { nowMs: 1_000 };
  const nowMs = (): number => clock.nowMs;
  const meter = new SessionMeter({ traffic, session, nowMs, serverAddress: SERVER });
  return { meter, traffic, session, latenciesMs, clock };
}

describe('the meter of a session', () => {
  it('tells bytes of the server from those of agents', () => {
    const { meter, traffic } = aMeter();
    meter.received(SERVER, 5);
    meter.received('10.0.0.2:45011', 7);
    meter.received(undefined, 1);
    expect(traffic.receivedBytes).toEqual({ server: 5, agents: 8 });
    expect(meter.receivedBytes).toBe(13);
  });

  it('times a piece from its first request until it is stored', () => {
    const { meter, latenciesMs, clock } = aMeter();
    meter.asked(1, request(3));
    clock.nowMs += 20;
    meter.asked(1, request(3, 100));
    clock.nowMs += 5;
    meter.checked(1, 3, true);
    meter.checked(1, 3, true);
    expect(latenciesMs).toEqual([25]);
  });

  it('keeps no time of a piece that was dropped, spoilt, or of a session that ended', () => {
    const { meter, traffic, latenciesMs } = aMeter();
    meter.asked(1, request(3));
    meter.dropped(1, 3);
    meter.asked(1, request(4));
    meter.checked(1, 4, false);
    meter.asked(1, request(5));
    meter.end();
    expect(meter.timedCount).toBe(0);
    expect(latenciesMs).toEqual([]);
    expect(traffic.rejectedPieces).toBe(1);
  });

  it('counts duplicates of running sessions and of those that ended, each once', () => {
    const { meter, traffic, session } = aMeter();
    session.duplicateBytes = 10;
    expect(traffic.duplicateBytes).toBe(10);
    meter.end();
    meter.end();
    expect(traffic.duplicateBytes).toBe(10);
  });
});

describe('the traffic of a data plane', () => {
  it('is what its sessions moved, closed ones included', async () => {
    const task = sampleTask({ pieceBytes: 65_536, fileLengths: [300_000] });
    const { totalBytes, pieceCount } = task.layout;
    const [server, agent] = await Promise.all([startNode(), startNode()]);
    let storedPieces = 0;
    agent.plane.traffic.whenPieceStored(() => (storedPieces += 1));
    const served = await serveTask(server, task);
    await finished(fetchTask(agent, task, [server.address]));
    await waitUntil('all is accounted for', () => served.driver.sentBytes === totalBytes);
    served.driver.close();
    expect(server.plane.traffic.sentBytes).toBe(totalBytes);
    const { receivedBytes, closedPeers } = agent.plane.traffic;
    expect(receivedBytes).toEqual({ server: 0, agents: totalBytes }); // nobody said who the server is
    expect(storedPieces).toBe(pieceCount);
    expect([...closedPeers]).toEqual([['P2P_TASK_ENDED', 1]]);
    const { cacheHits, cacheMisses } = server.plane.traffic;
    expect(cacheMisses).toBe(pieceCount);
    expect(cacheHits + cacheMisses).toBeGreaterThanOrEqual(pieceCount);
  });
});
