import { describe, expect, it } from 'vitest';
import { pauseAfterAnswerMs, pauseAfterFailureMs } from './poll-schedule.ts';

describe('pauses between calls', () => {
  it.each([
    [5, 500],
    [200, 800],
    [60_000, 5_000],
  ])('after an answer that took %d ms: %d ms', (callMs, pauseMs) => {
    expect(pauseAfterAnswerMs(callMs)).toBe(pauseMs);
  });

  it.each([
    [1, 500],
    [2, 1_000],
    [4, 4_000],
    [5, 5_000],
    [5_000, 5_000],
  ])('after failure %d in a row: %d ms', (failures, pauseMs) => {
    expect(pauseAfterFailureMs(failures)).toBe(pauseMs);
  });
});
