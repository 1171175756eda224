import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPrng } from '../kernel/prng.ts';
import { GcraLimiter, LIMITER_BURST_MS, UNLIMITED } from './rate-limiter.ts';

const BLOCK_BYTES = 32 * 1024;
const MAX_LATE_MS = 2;
/** Enough for any window that matters; ten seconds at 1 GB/s take 305,000 blocks. */
const MAX_BLOCKS = 400_000;

interface Sent {
  readonly atMs: number;
  readonly bytes: number;
}

/** A sender that books one block ahead and wakes up late, as the upload queue does. */
function send(
  limiter: GcraLimiter,
  untilMs: number,
  nextBytes: () => number,
  lateMs: () => number,
  maxBlocks = MAX_BLOCKS,
): Sent[] {
  const sent: Sent[] = [];
  let nowMs = 0;
  while (nowMs < untilMs && sent.length < maxBlocks) {
    const bytes = nextBytes();
    const readyAtMs = limiter.reserve(bytes, nowMs);
    if (readyAtMs > nowMs) nowMs = readyAtMs + lateMs();
    sent.push({ atMs: nowMs, bytes });
  }
  return sent;
}

/** The most bytes by which any window of the schedule exceeds rate × window. */
function worstExcessBytes(sent: readonly Sent[], bytesPerMs: number): number {
  let level = 0;
  let worst = 0;
  let lastMs = 0;
  for (const { atMs, bytes } of sent) {
    level = Math.max(0, level - (atMs - lastMs) * bytesPerMs) + bytes;
    worst = Math.max(worst, level);
    lastMs = atMs;
  }
  return worst;
}

describe('GcraLimiter', () => {
  it.each([
    ['one reservation', 'within the burst', LIMITER_BURST_MS, 1],
    ['two reservations', 'as late as they like', 500, 2],
  ])(
    'never lets a window have more than rate × (window + burst) and %s when wake-ups come %s',
    (_what, _when, latestMs, reservations) => {
      const schedules = fc.record({
        bytesPerSecond: fc.integer({ min: 1_000, max: 2e9 }),
        maxBytes: fc.integer({ min: 1, max: 131_072 }),
        maxLateMs: fc.integer({ min: 0, max: latestMs }),
        seed: fc.nat(),
      });
      fc.assert(
        fc.property(schedules, ({ bytesPerSecond, maxBytes, maxLateMs, seed }) => {
          const prng = createPrng(seed);
          const sent = send(
            new GcraLimiter(bytesPerSecond),
            Infinity,
            () => 1 + Math.floor(prng.next() * maxBytes),
            () => prng.next() * maxLateMs,
            2_000,
          );
          const bytesPerMs = bytesPerSecond / 1_000;
          const allowed = bytesPerMs * LIMITER_BURST_MS + reservations * maxBytes;
          expect(worstExcessBytes(sent, bytesPerMs)).toBeLessThanOrEqual(allowed * (1 + 1e-9));
        }),
      );
    },
  );

  it.each([10e6, 100e6, 1e9])(
    'keeps %i bytes a second within 1 %% over 10 s though every wake-up is up to 2 ms late',
    (bytesPerSecond) => {
      const prng = createPrng(bytesPerSecond);
      const sent = send(
        new GcraLimiter(bytesPerSecond),
        10_000,
        () => BLOCK_BYTES,
        () => prng.next() * MAX_LATE_MS,
      );
      const total = sent.reduce((sum, { bytes }) => sum + bytes, 0);
      const error = Math.abs(total / (10 * bytesPerSecond) - 1);
      expect(error).toBeLessThanOrEqual(0.01);
    },
  );
});

describe('rate limits', () => {
  it('let a block through at once after a pause, and burst no longer than LIMITER_BURST_MS', () => {
    const limiter = new GcraLimiter(1_000_000);
    limiter.reserve(1_000, 0);
    let bytes = 0;
    while (limiter.reserve(100, 60_000) <= 60_000) bytes += 100;
    expect(bytes).toBeLessThanOrEqual(1_000 * LIMITER_BURST_MS + 100);
    expect(bytes).toBeGreaterThanOrEqual(1_000 * LIMITER_BURST_MS);
  });

  it('change from the next reservation on', () => {
    const limiter = new GcraLimiter(1_000);
    expect(limiter.bytesPerSecond).toBe(1_000);
    const firstMs = limiter.reserve(1_000, 0);
    limiter.setRate(10_000);
    const secondMs = limiter.reserve(1_000, 0);
    const thirdMs = limiter.reserve(1_000, 0);
    expect(secondMs - firstMs).toBe(1_000);
    expect(thirdMs - secondMs).toBe(100);
    expect(limiter.bytesPerSecond).toBe(10_000);
  });

  it('hold nothing back when they are infinite or absent', () => {
    const infinite = new GcraLimiter(Infinity);
    for (let index = 0; index < 100; index++) {
      expect(infinite.reserve(2 ** 30, 5)).toBeLessThanOrEqual(5);
      expect(UNLIMITED.reserve(2 ** 30, 5)).toBe(5);
    }
  });
});
