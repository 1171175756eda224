import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { measureLag } from './event-loop-lag.ts';

const BLOCKED_MS = 200;

it('tells how long the loop was held up', async () => {
  const measurement = measureLag();
  await delay(50); // the first timer has to be there before it can be late
  const startMs = performance.now();
  while (performance.now() - startMs < BLOCKED_MS);
  await delay(50);
  const { maxMs, p99Ms } = measurement.stop();
  expect(maxMs).toBeGreaterThan(BLOCKED_MS / 2);
  expect(p99Ms).toBeLessThanOrEqual(maxMs);
});

it('is nothing before any time has passed', () => {
  expect(measureLag().stop()).toEqual({ p99Ms: 0, maxMs: 0 });
});
