/** How fast a host's percentage grows, from its reports: the mean over the last few seconds. Pure. */

/** Reports older than this do not count any more. */
export const RATE_WINDOW_MS = 5_000;
/** Reports that are kept; agents send one a second. */
export const MAX_RATE_SAMPLES = 8;

interface Sample {
  readonly percent: number;
  readonly atMs: number;
}

export class ReportedRate {
  readonly #samples: Sample[] = [];

  /** @param atMs monotonic */
  observe(percent: number, atMs: number): void {
    const last = this.#samples.at(-1);
    if (last && atMs <= last.atMs) this.#samples.pop();
    this.#samples.push({ percent, atMs });
    // One from before the window stays, so that rare reports give a rate too.
    while (this.#samples.length > 2 && (this.#samples[1]?.atMs ?? 0) < atMs - RATE_WINDOW_MS) {
      this.#samples.shift();
    }
    if (this.#samples.length > MAX_RATE_SAMPLES) this.#samples.shift();
  }

  /** Undefined before the second report. */
  get percentPerSecond(): number | undefined {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (!first || !last || last === first) return undefined;
    return ((last.percent - first.percent) / (last.atMs - first.atMs)) * 1_000;
  }
}
