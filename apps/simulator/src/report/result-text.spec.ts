import { describe, expect, it } from 'vitest';
import { progressText } from './progress-line.ts';
import { bytesText, clockText, millisecondsText } from './quantity-text.ts';
import { resultLines, type Finding } from './result-text.ts';

const FINDING: Finding = {
  options: { agents: 1000, totalBytes: 2 ** 30, bytesPerSecond: 1.25e9, seed: 7 },
  result: {
    boundMs: 859,
    healthy: { count: 940, p50: 1.0311, p99: 1.0424, p999: 1.05, max: 1.0561 },
    slow: undefined,
    killed: 0,
    incomplete: 0,
    serverEgress: 1.00012,
    duplicateShare: 0.001,
    controlBytesPerAgent: 20_000,
    copiesPerRack: undefined,
    topology: 'mesh',
    pieceBytes: 2 ** 19,
    blockBytes: 2 ** 18,
    eventCount: 12_345_678,
    traceHash: '0123456789abcdef',
  },
  wallMs: 61_500,
  command: 'gofd simulate --agents 1000',
};

describe('the result in words', () => {
  it('says everything, the command that repeats it last', () => {
    expect(resultLines(FINDING)).toEqual([
      'bound             859 ms, the size over the rate of a link',
      'topology          mesh, pieces of 512 KiB, blocks of 256 KiB',
      'healthy / bound   p50 1.031  p99 1.042  p99.9 1.050  max 1.056  (940 hosts)',
      'incomplete        0',
      'server egress     1.0001 times the size',
      'duplicates        1 GiB of all that was delivered',
      'control           19.53 KiB sent by an agent',
      'events            12,345,678',
      'trace             0123456789abcdef',
      'took              61.50 s',
      'again             gofd simulate --agents 1000',
    ]);
  });

  it('speaks of slow hosts, dead ones and racks where there are any', () => {
    const ratios = { count: 50, p50: 1, p99: 2, p999: 3, max: 4 };
    const lines = resultLines({
      ...FINDING,
      result: { ...FINDING.result, slow: ratios, killed: 10, copiesPerRack: 1.0234 },
    });
    expect(lines).toEqual(
      expect.arrayContaining([
        'slow / bound      p50 1.000  p99 2.000  p99.9 3.000  max 4.000  (50 hosts)',
        'killed            10',
        'copies per rack   1.023 across its border',
      ]),
    );
  });
});

describe('progress', () => {
  const told = { simulatedMs: 1234, storedPieces: 250, totalPieces: 1000, eventCount: 5000 };

  it('says how far it is and about how long it takes', () => {
    expect(progressText(told, 20_000)).toBe(
      '25.0 % of all pieces, 1.23 s simulated, 5,000 events, about 1:00 left',
    );
  });

  it('promises nothing before the first piece', () => {
    expect(progressText({ ...told, storedPieces: 0 }, 20_000)).not.toContain('left');
  });
});

describe('quantities', () => {
  it('are rounded to what can be read', () => {
    expect([0, 1023, 1024, 4 * 2 ** 30, 1_234_567].map(bytesText)).toEqual([
      '0 B',
      '1023 B',
      '1 KiB',
      '4 GiB',
      '1.177 MiB',
    ]);
    expect([0.1234, 671.09, 3436].map(millisecondsText)).toEqual(['0.123 ms', '671 ms', '3.44 s']);
    expect([7, 750, -1].map(clockText)).toEqual(['0:07', '12:30', '0:00']);
  });
});
