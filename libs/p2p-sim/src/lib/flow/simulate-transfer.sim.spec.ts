import { describe, expect, it } from 'vitest';
import { simulateTransfer } from './simulate-transfer.ts';
import type { TransferOptions, TransferProgress } from './transfer-options.ts';
import type { TransferResult } from './transfer-result.ts';

const MIB = 2 ** 20;
const GBIT = 125e6;
const MAX_EGRESS = 1.02;

function simulate(options: Partial<TransferOptions> = {}): TransferResult {
  return simulateTransfer({
    agents: 24,
    totalBytes: 16 * MIB,
    bytesPerSecond: GBIT,
    seed: 1,
    ...options,
  });
}

describe('a simulated transfer', () => {
  it('runs the same way from the same seed, and another way from another', () => {
    const options = { slowShare: 0.1, killShare: 0.1, racks: 3 };
    const [first, again, other] = [7, 7, 8].map((seed) => simulate({ ...options, seed }));
    expect(again).toEqual(first);
    expect(other?.traceHash).not.toBe(first?.traceHash);
  });

  it('reaches every agent, and no sooner than bits can', () => {
    const { healthy, incomplete, killed, boundMs } = simulate();
    expect({ incomplete, killed }).toEqual({ incomplete: 0, killed: 0 });
    expect(boundMs).toBeCloseTo((1000 * 16 * MIB) / GBIT);
    expect(healthy).toMatchObject({ count: 24 });
    expect(healthy?.p50).toBeGreaterThan(1);
    expect(healthy?.max).toBeLessThan(1.6);
  });

  it('sends each piece once from the server, in messages that weigh little', () => {
    const { serverEgress, duplicateShare, controlBytesPerAgent, topology } = simulate();
    expect(topology).toBe('mesh');
    expect(serverEgress).toBeGreaterThanOrEqual(1);
    expect(serverEgress).toBeLessThanOrEqual(MAX_EGRESS);
    expect(duplicateShare).toBeLessThanOrEqual(0.01);
    expect(controlBytesPerAgent).toBeGreaterThan(0);
    expect(controlBytesPerAgent).toBeLessThan(0.005 * 16 * MIB);
  });

  it('lets slow hosts and dying ones hold up nobody else', () => {
    const { healthy, slow, killed, incomplete, serverEgress } = simulate({
      agents: 60,
      slowShare: 0.1,
      slowFactor: 8,
      killShare: 0.05,
      seed: 3,
    });
    expect({ killed, incomplete }).toEqual({ killed: 3, incomplete: 0 });
    expect((healthy?.count ?? 0) + (slow?.count ?? 0)).toBe(57);
    expect(healthy?.max).toBeLessThan(2);
    expect(slow?.count).toBeGreaterThan(0);
    expect(serverEgress).toBeLessThanOrEqual(1 + 0.1);
  });

  it('takes about one copy across the border of each rack', () => {
    const { copiesPerRack, incomplete } = simulate({ agents: 40, racks: 4, oversubscription: 4 });
    expect(incomplete).toBe(0);
    expect(copiesPerRack).toBeGreaterThanOrEqual(0.99);
    expect(copiesPerRack).toBeLessThan(1.1);
  });

  it('sends a small task from the server alone, as the server would', () => {
    const { topology, serverEgress, incomplete } = simulate({ agents: 10, totalBytes: 64 * 1024 });
    expect({ topology, incomplete }).toEqual({ topology: 'direct', incomplete: 0 });
    expect(serverEgress).toBeCloseTo(10, 1);
  });

  it('ends when every agent was killed', () => {
    const { healthy, slow, killed, incomplete } = simulate({ killShare: 1 });
    expect({ healthy, slow, killed, incomplete }).toEqual({
      healthy: undefined,
      slow: undefined,
      killed: 24,
      incomplete: 0,
    });
  });

  it('tells how far it is, never backwards', () => {
    const told: TransferProgress[] = [];
    const { eventCount } = simulate({ onProgress: (progress) => told.push(progress) });
    const stored = told.map(({ storedPieces }) => storedPieces);
    expect(told.length).toBeGreaterThan(eventCount / 1024 / 2);
    expect(stored).toEqual(stored.toSorted((a, b) => a - b));
    expect(told.at(-1)?.totalPieces).toBe(24 * 256);
  });

  it('reaches 1,000 agents, some of them slow or dying', { timeout: 600_000 }, () => {
    const { healthy, slow, killed, incomplete, serverEgress } = simulate({
      agents: 1_000,
      totalBytes: 4 * MIB,
      slowShare: 0.05,
      killShare: 0.01,
    });
    expect({ killed, incomplete }).toEqual({ killed: 10, incomplete: 0 });
    expect((healthy?.count ?? 0) + (slow?.count ?? 0)).toBe(990);
    // Some 34 ms of data: starting and filling the mesh is most of it. A chain would take 16 bounds.
    expect(healthy?.max).toBeLessThan(6);
    expect(serverEgress).toBeLessThanOrEqual(1.1);
  });
});
