import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_RATE_SAMPLES, RATE_WINDOW_MS, RateEstimator, secondsLeft } from './rate-estimator.ts';

function feed(samples: readonly (readonly [atMs: number, bytes: number])[]): RateEstimator {
  const rate = new RateEstimator();
  for (const [atMs, bytes] of samples) rate.add(bytes, atMs);
  return rate;
}

describe('RateEstimator', () => {
  it.each([
    [
      'nothing before it has seen enough',
      [
        [0, 0],
        [1000, 500],
      ],
      undefined,
    ],
    [
      'the mean over what it has seen',
      [
        [0, 0],
        [1000, 1000],
        [2000, 4000],
      ],
      2000,
    ],
    [
      'zero when nothing moves',
      [
        [0, 700],
        [1000, 700],
        [2000, 700],
      ],
      0,
    ],
    [
      'nothing again after a new attempt',
      [
        [0, 900],
        [2000, 1000],
        [3000, 0],
      ],
      undefined,
    ],
  ] as const)('tells %s', (_title, samples, expected) => {
    expect(feed(samples).bytesPerSecond()).toBe(expected);
  });

  it('forgets what lies before the window', () => {
    const rate = feed([
      [0, 0],
      [1000, 1_000_000],
    ]);
    rate.add(1_000_000, 1000 + RATE_WINDOW_MS);
    rate.add(1_000_000, 2000 + RATE_WINDOW_MS);
    expect(rate.bytesPerSecond()).toBe(0);
  });

  it('stays right at the bound of remembered samples', () => {
    const samples = Array.from(
      { length: MAX_RATE_SAMPLES * 4 },
      (_, i) => [i * 100, i * 50] as const,
    );
    expect(feed(samples).bytesPerSecond()).toBeCloseTo(500);
  });

  it('is never negative, whatever order the counts come in', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), (counts) => {
        const rate = feed(counts.map((bytes, index) => [index * 500, bytes] as const));
        expect(rate.bytesPerSecond() ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('secondsLeft', () => {
  it.each([
    [1000, 100, 10],
    [0, 100, 0],
    [1000, 0, undefined],
    [1000, undefined, undefined],
  ])('%d bytes at %s bytes a second: %s', (bytes, rate, expected) => {
    expect(secondsLeft(bytes, rate)).toBe(expected);
  });
});
