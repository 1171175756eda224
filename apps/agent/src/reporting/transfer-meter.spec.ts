import { describe, expect, it } from 'vitest';
import { TransferMeasures } from '@gofd/p2p-driver';
import { MAX_REPORTED_SOURCES } from '@gofd/task-model';
import { MIN_METERED_MS, TransferMeter } from './transfer-meter.ts';

function aSession() {
  return { storedBytes: 0, measures: new TransferMeasures() };
}

describe('TransferMeter', () => {
  it('gives rate and wait for the disk since the reading before', () => {
    const session = aSession();
    const meter = new TransferMeter(session);
    expect(meter.read(0)).toEqual({ sources: [], retries: 0 });
    session.storedBytes = 3_000;
    session.measures.diskWaitBegan(500);
    expect(meter.read(2_000)).toMatchObject({ bytesPerSecond: 1_500, diskWaitShare: 0.75 });
    session.measures.diskWaitEnded(2_000);
    expect(meter.read(3_000)).toMatchObject({ bytesPerSecond: 0, diskWaitShare: 0 });
    expect(meter.read(3_000 + MIN_METERED_MS - 1)).not.toHaveProperty('bytesPerSecond');
  });

  it('names the limit of the host, lost sources and who sent bad pieces', () => {
    const session = aSession();
    session.measures.sourceLost();
    session.measures.gaveUp('10.0.0.1:1', 'P2P_BAD_PIECE');
    expect(new TransferMeter(session, 5e6).read(0)).toEqual({
      sources: [],
      downloadLimitBytesPerSecond: 5e6,
      retries: 2,
      badPieces: [{ address: '10.0.0.1:1', pieces: 1 }],
    });
  });

  it('stays small however many sources there are', () => {
    const session = aSession();
    for (let index = 0; index < 300; index++) {
      session.measures.received(`${'h'.repeat(250)}${index}:1`, Number.MAX_SAFE_INTEGER);
      session.measures.gaveUp(`${'h'.repeat(250)}${index}:1`, 'P2P_BAD_PIECE');
    }
    const measures = new TransferMeter(session, 1).read(0);
    expect(measures.sources).toHaveLength(MAX_REPORTED_SOURCES);
    expect(JSON.stringify(measures).length).toBeLessThan(4_096);
  });
});
