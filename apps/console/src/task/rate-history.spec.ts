import { describe, expect, it } from 'vitest';
import { addRate, MAX_RATE_POINTS, NO_RATES, type RateHistory } from './rate-history.ts';

function historyOf(pointCount: number, rate: (index: number) => number | undefined): RateHistory {
  let history = NO_RATES;
  for (let index = 0; index < pointCount; index += 1) {
    history = addRate(history, index * 1_000, rate(index));
  }
  return history;
}

describe('the history of a rate', () => {
  it('keeps every point up to its limit, gaps too', () => {
    const history = historyOf(MAX_RATE_POINTS, (index) => (index === 3 ? undefined : index));
    expect(history.atSeconds).toHaveLength(MAX_RATE_POINTS);
    expect(history.bytesPerSecond.slice(2, 5)).toEqual([2, null, 4]);
  });

  it('beyond it joins the older half in pairs, and keeps the newer as it is', () => {
    const history = historyOf(MAX_RATE_POINTS + 1, (index) => index);
    expect(history.atSeconds).toHaveLength(MAX_RATE_POINTS * 0.75 + 1);
    expect(history.bytesPerSecond.slice(0, 2)).toEqual([0.5, 2.5]);
    expect(history.bytesPerSecond.at(-1)).toBe(MAX_RATE_POINTS);
  });

  it('stays bounded and in order for a day of four points a second', () => {
    const { atSeconds, bytesPerSecond } = historyOf(20_000, () => 1);
    expect(atSeconds.length).toBeLessThanOrEqual(MAX_RATE_POINTS);
    expect(bytesPerSecond).toHaveLength(atSeconds.length);
    expect(atSeconds).toEqual(atSeconds.toSorted((a, b) => a - b));
    expect(atSeconds[0]).toBe(0);
  });
});
