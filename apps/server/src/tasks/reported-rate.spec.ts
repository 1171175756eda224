import { describe, expect, it } from 'vitest';
import { MAX_RATE_SAMPLES, RATE_WINDOW_MS, ReportedRate } from './reported-rate.ts';

describe('ReportedRate', () => {
  it('needs two reports', () => {
    const rate = new ReportedRate();
    expect(rate.percentPerSecond).toBeUndefined();
    rate.observe(5, 1_000);
    expect(rate.percentPerSecond).toBeUndefined();
    rate.observe(6, 1_500);
    expect(rate.percentPerSecond).toBe(2);
  });

  it('forgets what is older than its window, but keeps one report from before', () => {
    const rate = new ReportedRate();
    rate.observe(0, 0);
    rate.observe(50, 1_000);
    rate.observe(51, 2_000 + RATE_WINDOW_MS);
    expect(rate.percentPerSecond).toBeCloseTo(1 / 6);
  });

  it('keeps no more reports than its bound', () => {
    const rate = new ReportedRate();
    for (let index = 0; index <= MAX_RATE_SAMPLES; index++) rate.observe(index ** 2, index * 10);
    const first = 1;
    const last = MAX_RATE_SAMPLES;
    expect(rate.percentPerSecond).toBeCloseTo(
      ((last ** 2 - first) / ((last - first) * 10)) * 1_000,
    );
  });

  it('takes the last of two reports of one moment', () => {
    const rate = new ReportedRate();
    rate.observe(0, 0);
    rate.observe(1, 1_000);
    rate.observe(3, 1_000);
    expect(rate.percentPerSecond).toBe(3);
  });
});
