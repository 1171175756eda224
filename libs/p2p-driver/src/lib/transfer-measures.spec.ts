import { describe, expect, it } from 'vitest';
import { TransferMeasures } from './transfer-measures.ts';

describe('TransferMeasures', () => {
  it('names those that gave most, and those that sent most bad pieces', () => {
    const measures = new TransferMeasures();
    for (const [address, bytes] of [
      ['a', 5],
      ['b', 9],
      ['c', 1],
      ['a', 6],
    ] as const) {
      measures.received(address, bytes);
    }
    measures.gaveUp('c', 'P2P_BAD_PIECE');
    expect(measures.topSources(2)).toEqual([
      { address: 'a', count: 11 },
      { address: 'b', count: 9 },
    ]);
    expect(measures.topBadPeers(2)).toEqual([{ address: 'c', count: 1 }]);
  });

  it('counts the time in which reading waits for the disk, the present wait included', () => {
    const measures = new TransferMeasures();
    measures.diskWaitBegan(100);
    measures.diskWaitBegan(150);
    expect(measures.diskWaitMs(200)).toBe(100);
    measures.diskWaitEnded(300);
    measures.diskWaitEnded(400);
    expect(measures.diskWaitMs(1_000)).toBe(200);
  });

  it('counts sources that were lost or given up, and no other end of a connection', () => {
    const measures = new TransferMeasures();
    measures.sourceLost();
    for (const code of ['P2P_BAD_PIECE', 'P2P_REQUEST_TIMEOUT', 'P2P_STARVED'] as const) {
      measures.gaveUp('a', code);
    }
    measures.gaveUp('a', 'P2P_TASK_ENDED');
    measures.gaveUp('a', 'P2P_UPLOAD_STALLED');
    expect(measures.retries).toBe(4);
  });

  it('tells no more sources apart than its bound', () => {
    const measures = new TransferMeasures(2);
    for (const address of ['a', 'b', 'c', 'a']) measures.received(address, 1);
    expect(measures.topSources(9)).toEqual([
      { address: 'a', count: 2 },
      { address: 'b', count: 1 },
    ]);
  });
});
