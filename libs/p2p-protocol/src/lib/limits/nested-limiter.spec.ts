import { describe, expect, it } from 'vitest';
import { NestedLimiter } from './nested-limiter.ts';
import { GcraLimiter, UNLIMITED, type RateLimiter } from './rate-limiter.ts';

const PORTION_BYTES = 16_384;

/** Bytes that go within a time, each portion as soon as it may. */
function bytesWithin(limiter: NestedLimiter, durationMs: number): number {
  let nowMs = 0;
  let bytes = 0;
  while (nowMs < durationMs) {
    if (limiter.mayGo(PORTION_BYTES, nowMs)) {
      limiter.spend(PORTION_BYTES, nowMs);
      bytes += PORTION_BYTES;
    } else {
      nowMs = Math.max(nowMs + 0.01, limiter.nextAtMs ?? Infinity);
    }
  }
  return bytes;
}

describe('NestedLimiter', () => {
  it.each([
    ['the task', Infinity, 1_000_000],
    ['the host', 1_000_000, Infinity],
    ['the lower of the two', 1_000_000, 5_000_000],
  ])('keeps to the limit of %s, within 1 %% over 10 s', (_what, host, task) => {
    const limiter = new NestedLimiter(new GcraLimiter(host), task);
    const bytes = bytesWithin(limiter, 10_000);
    expect(Math.abs(bytes / 10_000_000 - 1)).toBeLessThan(0.01);
  });

  it('holds nothing back without limits', () => {
    const limiter = new NestedLimiter(UNLIMITED);
    expect(limiter.mayGo(PORTION_BYTES, 0)).toBe(true);
    limiter.spend(PORTION_BYTES, 0);
    expect(limiter.mayGo(PORTION_BYTES, 0)).toBe(true);
  });

  it('books with the host only what its own limit would let go, and only once', () => {
    const booked: number[] = [];
    const host: RateLimiter = {
      reserve: (bytes, nowMs) => {
        booked.push(bytes);
        return nowMs + 50;
      },
    };
    const limiter = new NestedLimiter(host, 500_000);
    expect(limiter.mayGo(PORTION_BYTES, 0)).toBe(false);
    expect(limiter.mayGo(PORTION_BYTES, 10)).toBe(false);
    expect(limiter.nextAtMs).toBe(50);
    expect(limiter.mayGo(PORTION_BYTES, 50)).toBe(true);
    limiter.spend(PORTION_BYTES, 50);
    expect(limiter.mayGo(PORTION_BYTES, 51)).toBe(false);
    expect(booked).toEqual([PORTION_BYTES]);
  });

  it('books the rest when a longer portion takes the turn that was booked for a short one', () => {
    const host = new GcraLimiter(1_000_000); // 1,000 bytes a millisecond
    const limiter = new NestedLimiter(host);
    host.reserve(50_000, 0);
    expect(limiter.mayGo(1_000, 0)).toBe(false);
    const turnAtMs = limiter.nextAtMs ?? 0;
    expect(limiter.mayGo(PORTION_BYTES, turnAtMs)).toBe(false);
    const laterAtMs = limiter.nextAtMs ?? 0;
    expect(laterAtMs).toBeGreaterThan(turnAtMs);
    expect(limiter.mayGo(PORTION_BYTES, laterAtMs)).toBe(true);
    limiter.spend(PORTION_BYTES, laterAtMs);
    expect(host.readyAtMs).toBeCloseTo(turnAtMs + PORTION_BYTES / 1_000, 6);
  });

  it('lets two tasks have the same share of one host', () => {
    const host = new GcraLimiter(2_000_000);
    const [one, two] = [new NestedLimiter(host), new NestedLimiter(host)];
    const sent: [number, number] = [0, 0];
    for (let nowMs = 0; nowMs < 2_000; nowMs++) {
      for (const [index, limiter] of [one, two].entries()) {
        if (!limiter.mayGo(PORTION_BYTES, nowMs)) continue;
        limiter.spend(PORTION_BYTES, nowMs);
        sent[index as 0 | 1] += 1;
      }
    }
    expect(Math.abs(sent[0] - sent[1])).toBeLessThanOrEqual(1);
  });

  it('takes a new limit from the next portion on', () => {
    const limiter = new NestedLimiter(UNLIMITED, 1_000);
    limiter.spend(PORTION_BYTES, 0);
    limiter.setTaskRate(1_000_000_000);
    const atMs = limiter.nextAtMs ?? 0;
    limiter.spend(PORTION_BYTES, atMs);
    expect((limiter.nextAtMs ?? 0) - atMs).toBeLessThan(1);
  });
});
