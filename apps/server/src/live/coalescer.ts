/**
 * Which of many things have changed since they were last told, each once however often it changed, and
 * when the next telling may go out. Pure; who calls it brings the time.
 */
export interface CoalescerOptions {
  /** Least time between two tellings. */
  readonly intervalMs: number;
  /** Things that may be waiting; at the bound the one that has waited longest is let go. */
  readonly maxWaiting: number;
}

export class Coalescer<Key> {
  readonly #options: CoalescerOptions;
  readonly #waiting = new Set<Key>();
  #nextAtMs = -Infinity;
  #isInBatch = false;

  constructor(options: CoalescerOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#waiting.size;
  }

  mark(key: Key): void {
    const { maxWaiting } = this.#options;
    if (this.#waiting.size >= maxWaiting && !this.#waiting.has(key)) {
      const [oldest] = this.#waiting;
      this.#waiting.delete(oldest as Key);
    }
    this.#waiting.add(key);
  }

  /** When the next telling may go out; undefined while there is nothing to tell. */
  get dueAtMs(): number | undefined {
    if (this.#waiting.size === 0) return undefined;
    return this.#isInBatch ? -Infinity : this.#nextAtMs;
  }

  /**
   * What is to be told now, the longest waiting first. A telling of more than `max` goes on at once with
   * the next call; the interval begins with its first part.
   */
  take(nowMs: number, max: number): Key[] {
    const { dueAtMs } = this;
    if (dueAtMs === undefined || dueAtMs > nowMs) return [];
    if (!this.#isInBatch) this.#nextAtMs = nowMs + this.#options.intervalMs;
    const taken: Key[] = [];
    for (const key of this.#waiting) {
      if (taken.length === max) break;
      taken.push(key);
    }
    for (const key of taken) this.#waiting.delete(key);
    this.#isInBatch = this.#waiting.size > 0;
    return taken;
  }
}
