/**
 * Time of a simulation: a heap of what is to happen, ordered by time and then by the order in which
 * it was asked for. Nothing else moves time, so the same program runs the same way each time.
 */
interface Entry {
  readonly atMs: number;
  readonly sequence: number;
  action: (() => void) | undefined;
}

export class VirtualClock {
  readonly #heap: Entry[] = [];
  #nowMs = 0;
  #sequence = 0;

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Runs `action` at a time, at the earliest now. @returns a function that cancels it */
  at(atMs: number, action: () => void): () => void {
    const entry: Entry = {
      atMs: Math.max(atMs, this.#nowMs),
      sequence: this.#sequence++,
      action,
    };
    this.#heap.push(entry);
    this.#siftUp(this.#heap.length - 1);
    return () => {
      entry.action = undefined;
    };
  }

  after(delayMs: number, action: () => void): () => void {
    return this.at(this.#nowMs + delayMs, action);
  }

  /** Lets the next thing happen. @returns false when nothing is left, or nothing until `untilMs` */
  step(untilMs = Infinity): boolean {
    for (let next = this.#heap[0]; next; next = this.#heap[0]) {
      if (next.action !== undefined && next.atMs > untilMs) return false;
      this.#removeFirst();
      if (next.action === undefined) continue;
      this.#nowMs = next.atMs;
      next.action();
      return true;
    }
    return false;
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#siftDown(0);
  }

  #siftUp(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapWhenEarlier(index, parent)) return;
      index = parent;
    }
  }

  #siftDown(from: number): void {
    let index = from;
    while (true) {
      const left = 2 * index + 1;
      const child = this.#isEarlier(left + 1, left) ? left + 1 : left;
      if (!this.#swapWhenEarlier(child, index)) return;
      index = child;
    }
  }

  #swapWhenEarlier(index: number, other: number): boolean {
    const [one, two] = [this.#heap[index], this.#heap[other]];
    if (!one || !two || !this.#isEarlier(index, other)) return false;
    this.#heap[index] = two;
    this.#heap[other] = one;
    return true;
  }

  #isEarlier(index: number, other: number): boolean {
    const [one, two] = [this.#heap[index], this.#heap[other]];
    if (!one || !two) return false;
    return one.atMs < two.atMs || (one.atMs === two.atMs && one.sequence < two.sequence);
  }
}
