import { describe, expect, it } from 'vitest';
import { MAX_RATED_TASKS, MAX_TASKS_LOOKED_AT, measureRates } from './measured-rates.ts';

const task = (totalBytes: number | undefined, ...took: [string, number | undefined][]) => ({
  totalBytes,
  hosts: took.map(([address, tookMs]) => ({ address, tookMs })),
});

describe('measureRates', () => {
  it('is bytes over time of all that count, host by host', () => {
    const tasks = [task(1_000, ['a', 1_000], ['b', 500]), task(9_000, ['a', 4_000])];
    expect([...measureRates(tasks)]).toEqual([
      ['a', 2_000],
      ['b', 2_000],
    ]);
  });

  it('leaves out hosts without the files, tasks without bytes, and times of nothing', () => {
    const tasks = [
      task(10, ['a', undefined], ['b', 0]),
      task(undefined, ['c', 5]),
      task(0, ['d', 5]),
    ];
    expect([...measureRates(tasks)]).toEqual([]);
  });

  it('counts the newest tasks only', () => {
    const fast = Array.from({ length: MAX_RATED_TASKS }, () => task(1_000, ['a', 100]));
    const slow = task(1_000, ['a', 100_000]);
    expect(measureRates([...fast, slow]).get('a')).toBe(10_000);
    const others = Array.from({ length: MAX_TASKS_LOOKED_AT }, () => task(1, ['b', 1]));
    expect(measureRates([...others, slow]).has('a')).toBe(false);
  });
});
