/**
 * What each source is believed to deliver. Known is what it has delivered so far; a source that was not
 * asked for a while is believed to be as good as the others again, or one bad sample would leave it
 * idle for ever while the rest queue up elsewhere.
 */
import type { SourceState } from '../session/peer-state.ts';

/** How soon a source that is not asked is forgiven, ms. */
const FORGET_MS = 500;

export class SourceRates {
  /** What a source is taken for that is not known better, bytes a millisecond. */
  #usual = 1;

  /** Takes the mean of what is known of these, the usual rate. */
  update(sources: Iterable<{ readonly source: SourceState }>): void {
    let sum = 0;
    let count = 0;
    for (const { source } of sources) {
      if (source.isOrigin || source.rate.bytesPerMs === undefined) continue;
      sum += source.rate.bytesPerMs;
      count += 1;
    }
    if (count > 0) this.#usual = sum / count;
  }

  /** It missed a deadline: half as fast as it was taken for. */
  punish({ rate }: SourceState): void {
    if (rate.bytesPerMs === undefined) rate.add(this.#usual, 1);
    rate.halve();
  }

  /** What it has shown, bytes a millisecond. */
  known({ rate }: SourceState): number {
    return rate.bytesPerMs ?? this.#usual;
  }

  /** What it is expected to show now, bytes a millisecond. */
  believed(source: SourceState, nowMs: number): number {
    const known = this.known(source);
    if (known >= this.#usual) return known;
    const memory = Math.exp((source.busySinceMs - nowMs) / FORGET_MS);
    return this.#usual + (known - this.#usual) * memory;
  }
}
