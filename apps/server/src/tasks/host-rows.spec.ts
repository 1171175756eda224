import { describe, expect, it } from 'vitest';
import { aBegunRecord, hostOf } from '../../test/a-task-record.ts';
import { HostRows, pageOfHosts, silentHosts } from './host-rows.ts';

const MIB = 1_048_576;
const START_MS = Date.parse('2026-11-25T03:00:00Z');
const after = (seconds: number): Date => new Date(START_MS + seconds * 1_000);
const CONTEXT = { nowMs: 10_000, serverAddress: '10.0.0.99:45001' };

/** 100 MiB to three hosts: two had it in 5 s, the last goes on with 1 MiB/s. */
function aTaskWithOneLate() {
  const record = aBegunRecord({ hosts: ['a', 'b', 'c'] });
  record.prepared(100 * MIB);
  for (const host of record.hosts) {
    host.ask();
    host.reportedAt(CONTEXT.nowMs);
    host.begin(after(0));
  }
  hostOf(record, 0).learnt({ dataAddress: '10.0.0.1:45011', zone: 'z' });
  for (const index of [0, 1])
    record.report(hostOf(record, index), { percentComplete: 100 }, after(5));
  const sources = [
    { address: CONTEXT.serverAddress, bytes: 9 * MIB },
    { address: '10.0.0.1:45011', bytes: MIB },
    { address: '10.0.0.7:45011', bytes: 5 },
  ];
  const measures = { bytesPerSecond: MIB, sources };
  record.report(hostOf(record, 2), { percentComplete: 10, measures }, after(10));
  return record;
}

describe('the rows of a task', () => {
  it('say of the last host in progress that it is late beside those that are done', () => {
    const record = aTaskWithOneLate();
    expect(new HostRows(record, CONTEXT).row(hostOf(record, 2))).toEqual({
      host: 'c',
      status: 'INPROGRESS',
      percentComplete: 10,
      explanation:
        'slow: 1.0 MiB/s where others have 20.0 MiB/s, source-bound: nearly all of it comes from server',
      attempt: 1,
      bytesPerSecond: MIB,
      sources: [
        { host: 'server', bytes: 9 * MIB },
        { host: 'a', bytes: MIB },
        { host: '10.0.0.7:45011', bytes: 5 },
      ],
      updatedAt: after(10).toISOString(),
    });
    expect(new HostRows(record, CONTEXT).row(hostOf(record, 0))).toEqual({
      host: 'a',
      status: 'COMPLETED',
      percentComplete: 100,
      attempt: 1,
      zone: 'z',
      updatedAt: after(5).toISOString(),
    });
  });

  it('come in pages of those that are asked for', () => {
    const { hosts } = aTaskWithOneLate();
    expect(pageOfHosts(hosts, { limit: 2 })).toEqual({ positions: [0, 1], hasMore: true });
    expect(pageOfHosts(hosts, { limit: 2, afterPosition: 1 })).toEqual({
      positions: [2],
      hasMore: false,
    });
    const states = ['COMPLETED'] as const;
    expect(pageOfHosts(hosts, { states, limit: 2 })).toEqual({ positions: [0, 1], hasMore: false });
  });

  it('are told again for hosts in progress that fall silent', () => {
    const { hosts } = aTaskWithOneLate();
    expect(silentHosts(hosts, CONTEXT.nowMs + 14_999)).toEqual([]);
    expect(silentHosts(hosts, CONTEXT.nowMs + 15_000)).toEqual([2]);
  });
});
