/**
 * Bytes per second over a sliding window. It owns no clock: time comes with each sample, from a
 * monotonic source. When the count goes back (a new attempt) it starts afresh.
 */

/** Agents report once a second: long enough to smooth that, short enough to show a stall. */
export const RATE_WINDOW_MS = 10_000;
/** Below this span one late report would double the figure. */
export const MIN_RATE_SPAN_MS = 1_500;
/** Bound of remembered samples; at the bound the oldest is forgotten. */
export const MAX_RATE_SAMPLES = 64;

interface Sample {
  readonly atMs: number;
  readonly bytes: number;
}

export class RateEstimator {
  private samples: Sample[] = [];

  /** @param bytes moved since the start of the task, all hosts together */
  add(bytes: number, atMs: number): void {
    const last = this.samples.at(-1);
    if (last && bytes < last.bytes) this.samples = [];
    this.samples.push({ bytes, atMs });
    // One sample at or before the edge stays, so that the window is always spanned whole.
    while (this.samples.length > MAX_RATE_SAMPLES || this.secondIsPastEdge(atMs)) {
      this.samples.shift();
    }
  }

  /** Undefined until there is enough to tell. */
  bytesPerSecond(): number | undefined {
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    if (!first || !last || last.atMs - first.atMs < MIN_RATE_SPAN_MS) return undefined;
    return ((last.bytes - first.bytes) * 1000) / (last.atMs - first.atMs);
  }

  private secondIsPastEdge(nowMs: number): boolean {
    const second = this.samples[1];
    return second !== undefined && second.atMs <= nowMs - RATE_WINDOW_MS;
  }
}

/** Seconds until so many bytes have moved; undefined while nothing moves. */
export function secondsLeft(
  remainingBytes: number,
  bytesPerSecond: number | undefined,
): number | undefined {
  if (bytesPerSecond === undefined || bytesPerSecond <= 0) return undefined;
  return remainingBytes / bytesPerSecond;
}
