/**
 * Limits within limits: what goes out (or is asked for) must pass the host's limit, which all tasks
 * share, and its own task's. The task's limit is asked first and spent only when something goes; of the
 * host's one portion is booked ahead, so that tasks get their turns in the order of asking and none is
 * starved by another whose timer happens to fire first.
 */
import { GcraLimiter, type RateLimiter } from './rate-limiter.ts';

export class NestedLimiter {
  readonly #host: RateLimiter;
  readonly #task: GcraLimiter;
  #bookedAtMs: number | undefined;
  #bookedBytes = 0;

  /** @param taskBytesPerSecond Infinity = the host's limit alone */
  constructor(host: RateLimiter, taskBytesPerSecond = Infinity) {
    this.#host = host;
    this.#task = new GcraLimiter(taskBytesPerSecond);
  }

  /** Changes the task's limit from now on. */
  setTaskRate(bytesPerSecond: number): void {
    this.#task.setRate(bytesPerSecond);
  }

  /** Whether `bytes` may go now; if not, `nextAtMs` tells when. Books with the host, not with the task. */
  mayGo(bytes: number, nowMs: number): boolean {
    if (this.#task.readyAtMs > nowMs) return false;
    const atMs = this.#book(bytes, nowMs);
    return atMs <= nowMs;
  }

  /** What was booked for a shorter portion, whose peer is gone, does not pay for all of a longer one. */
  #book(bytes: number, nowMs: number): number {
    const lackingBytes = bytes - this.#bookedBytes;
    if (this.#bookedAtMs === undefined || lackingBytes > 0) {
      this.#bookedAtMs = this.#host.reserve(lackingBytes, nowMs);
      this.#bookedBytes = bytes;
    }
    return this.#bookedAtMs;
  }

  /** They went. */
  spend(bytes: number, nowMs: number): void {
    this.#bookedAtMs = undefined;
    this.#bookedBytes = 0;
    this.#task.reserve(bytes, nowMs);
  }

  /** When the next portion may go, as far as is known; undefined when nothing holds it back. */
  get nextAtMs(): number | undefined {
    const atMs = Math.max(this.#task.readyAtMs, this.#bookedAtMs ?? Number.NEGATIVE_INFINITY);
    return atMs === Number.NEGATIVE_INFINITY ? undefined : atMs;
  }
}
