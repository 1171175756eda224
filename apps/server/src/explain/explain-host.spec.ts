import { describe, expect, it } from 'vitest';
import { explainHost, SILENT_MS, type HostCase } from './explain-host.ts';

const MIB = 1_048_576;
const AT = new Date('2026-11-25T03:00:00.123Z');
const NAMES: Readonly<Record<string, string>> = {
  '10.0.0.9:45011': 'web-9',
  '10.0.0.1:45001': 'server',
};

function aHost(shape: Partial<HostCase>): HostCase {
  return {
    status: 'INPROGRESS',
    percentComplete: 43,
    silentMs: 0,
    heardAt: AT,
    nameOf: (address) => NAMES[address] ?? address,
    ...shape,
  };
}

/** A host at a quarter of what the others have. */
const slow = (measures: HostCase['measures']): Partial<HostCase> => ({
  bytesPerSecond: 10 * MIB,
  typicalBytesPerSecond: 40 * MIB,
  measures,
});
const failed = (code: string, more: Partial<HostCase> = {}): Partial<HostCase> => ({
  status: 'FAILED',
  failure: { code, message: 'why' },
  ...more,
});

describe('a host that is neither late nor failed', () => {
  it.each<[string, Partial<HostCase>]>([
    ['waits', { status: 'INIT', percentComplete: 0, silentMs: SILENT_MS }],
    ['is done', { status: 'COMPLETED', percentComplete: 100, silentMs: SILENT_MS }],
    ['was cancelled', { status: 'CANCELLED', silentMs: SILENT_MS }],
    ['is as fast as half of the others', { bytesPerSecond: 20, typicalBytesPerSecond: 40 }],
    ['has no rate yet', { typicalBytesPerSecond: 40 * MIB }],
    ['is alone', { bytesPerSecond: 1 }],
    ['was heard of just now', { silentMs: SILENT_MS - 1 }],
    [
      'has a bad source, but is in time',
      { measures: { badPieces: [{ address: 'x:1', pieces: 1 }] } },
    ],
  ])('%s: nothing is said', (_what, shape) => {
    expect(explainHost(aHost(shape))).toBeUndefined();
  });
});

const RATES = 'slow: 10.0 MiB/s where others have 40.0 MiB/s';

describe('a late host', () => {
  it.each<[string, Partial<HostCase>, string]>([
    [
      'disk-bound',
      slow({ diskWaitShare: 0.62 }),
      `${RATES}, disk-bound: for 62 % of the time it waited for its disk`,
    ],
    [
      'limit-bound',
      slow({ downloadLimitBytesPerSecond: 10.5 * MIB }),
      `${RATES}, limit-bound: its own download limit is 10.5 MiB/s`,
    ],
    [
      'source-bound',
      slow({
        sources: [
          { address: '10.0.0.9:45011', bytes: 90 },
          { address: 'y:2', bytes: 10 },
        ],
      }),
      `${RATES}, source-bound: nearly all of it comes from web-9`,
    ],
    [
      'none of them',
      slow({ diskWaitShare: 0.29, downloadLimitBytesPerSecond: 100 * MIB }),
      `${RATES}, source-bound or its network: its disk and limit have room`,
    ],
    [
      'bad pieces and lost connections',
      slow({
        diskWaitShare: 0.5,
        retries: 3,
        badPieces: [{ address: '10.0.0.9:45011', pieces: 2 }],
      }),
      `${RATES}, disk-bound: for 50 % of the time it waited for its disk; web-9 sent it 2 bad pieces; 3 connections to sources lost`,
    ],
    [
      'silent',
      { silentMs: 21_400 },
      'nothing heard for 21 s (since 2026-11-25T03:00:00Z), with 43 % received',
    ],
  ])('%s', (_what, shape, words) => {
    expect(explainHost(aHost(shape))).toBe(words);
  });
});

describe('a failed host', () => {
  it.each<[string, Partial<HostCase>, string]>([
    ['NO_SPACE', failed('NO_SPACE'), 'no space left on its disk, with 43 % received'],
    [
      'AGENT_LOST',
      failed('AGENT_LOST'),
      'unreachable since 2026-11-25T03:00:00Z, with 43 % received',
    ],
    [
      'AGENT_UNREACHABLE',
      failed('AGENT_UNREACHABLE', { percentComplete: 0, heardAt: undefined }),
      'unreachable since the task began: its agent never answered',
    ],
    [
      'INTEGRITY',
      failed('INTEGRITY', { measures: { badPieces: [{ address: '10.0.0.1:45001', pieces: 1 }] } }),
      'what it was sent did not match the hashes, with 43 % received; server sent it 1 bad piece',
    ],
    [
      'a code without words of its own',
      failed('UNSAFE_PATH', { percentComplete: 0 }),
      'failed with UNSAFE_PATH, with nothing received',
    ],
  ])('%s', (_what, shape, words) => {
    expect(explainHost(aHost(shape))).toBe(words);
  });
});
