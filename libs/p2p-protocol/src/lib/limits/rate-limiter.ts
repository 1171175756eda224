/**
 * Generic cell rate algorithm (ITU-T I.371) in reservation form: pure arithmetic over a monotonic
 * clock, no timer. A caller reserves bytes and is told when it may send them; the theoretical
 * arrival time is absolute, so late wake-ups catch up and the error does not add up.
 * Invariant: bytes sent in any window ≤ rate × (window + burst) + one reservation; a caller that comes
 * later than the burst for what it booked may send that one reservation on top.
 */
export interface RateLimiter {
  /** Books `bytes` and returns the time (ms, same clock as `nowMs`) from which they may be sent. */
  reserve(bytes: number, nowMs: number): number;
}

/** Unused time that may be caught up on, ms: covers late timers, and a turn of a busy event loop. */
export const LIMITER_BURST_MS = 20;

/** Limits nothing: for sessions that share no budget. */
export const UNLIMITED: RateLimiter = { reserve: (_bytes, nowMs) => nowMs };

export class GcraLimiter implements RateLimiter {
  #bytesPerMs: number;
  #arrivalMs = Number.NEGATIVE_INFINITY;

  /** @param bytesPerSecond above 0; Infinity = no limit */
  constructor(bytesPerSecond: number) {
    this.#bytesPerMs = bytesPerSecond / 1000;
  }

  get bytesPerSecond(): number {
    return this.#bytesPerMs * 1000;
  }

  /** From when on the next bytes may go; in the past when they may go at once. */
  get readyAtMs(): number {
    return this.#arrivalMs;
  }

  /** Takes effect from the next reservation on. */
  setRate(bytesPerSecond: number): void {
    this.#bytesPerMs = bytesPerSecond / 1000;
  }

  reserve(bytes: number, nowMs: number): number {
    const startMs = Math.max(this.#arrivalMs, nowMs - LIMITER_BURST_MS);
    this.#arrivalMs = startMs + bytes / this.#bytesPerMs;
    return startMs;
  }
}
