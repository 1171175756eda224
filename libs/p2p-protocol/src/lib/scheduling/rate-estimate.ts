/**
 * How fast bytes come, from what has come: a sum of bytes over a sum of time, both decayed at each
 * sample, so that a burst of samples in one millisecond does not look like an infinite rate.
 */
const KEPT_SHARE = 0.75;
/** Shorter gaps are taken as this long, ms: the clock is no finer. */
const MIN_GAP_MS = 0.05;

export class RateEstimate {
  #bytes = 0;
  #spanMs = 0;

  /** Bytes a millisecond; undefined before the first sample. */
  get bytesPerMs(): number | undefined {
    return this.#spanMs > 0 ? this.#bytes / this.#spanMs : undefined;
  }

  /** `bytes` came within the last `spanMs`. */
  add(bytes: number, spanMs: number): void {
    this.#bytes = this.#bytes * KEPT_SHARE + bytes;
    this.#spanMs = this.#spanMs * KEPT_SHARE + Math.max(MIN_GAP_MS, spanMs);
  }

  /** It missed a deadline: believed to be half as fast from now on. */
  halve(): void {
    this.#bytes /= 2;
  }
}
