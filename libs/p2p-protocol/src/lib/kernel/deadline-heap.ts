/**
 * When each of many things has to be looked at next: a binary heap of times, one live entry for each
 * id. Entries that were moved or cancelled stay in the heap and are dropped when they surface, so
 * every operation costs O(log n). Ties break by the order of scheduling.
 */
interface Entry {
  readonly id: number;
  readonly atMs: number;
  readonly order: number;
}

export class DeadlineHeap {
  readonly #heap: Entry[] = [];
  readonly #live = new Map<number, Entry>();
  #scheduled = 0;

  /** Number of ids that have a time. */
  get size(): number {
    return this.#live.size;
  }

  /** When this id is due; undefined when it is not scheduled. */
  atMs(id: number): number | undefined {
    return this.#live.get(id)?.atMs;
  }

  /** Sets or moves the time of an id. */
  schedule(id: number, atMs: number): void {
    if (this.#live.get(id)?.atMs === atMs) return;
    const entry = { id, atMs, order: this.#scheduled++ };
    this.#live.set(id, entry);
    this.#heap.push(entry);
    this.#siftUp(this.#heap.length - 1);
  }

  cancel(id: number): void {
    this.#live.delete(id);
  }

  /** The earliest id and its time; undefined when there is none. */
  peek(): { readonly id: number; readonly atMs: number } | undefined {
    for (let top = this.#heap[0]; top; top = this.#heap[0]) {
      if (this.#live.get(top.id) === top) return top;
      this.#removeTop();
    }
    return undefined;
  }

  #removeTop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#siftDown();
  }

  #siftUp(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #siftDown(): void {
    for (let index = 0; ;) {
      let first = index;
      for (const child of [2 * index + 1, 2 * index + 2]) {
        if (child < this.#heap.length && this.#isBefore(child, first)) first = child;
      }
      if (first === index) return;
      this.#swap(index, first);
      index = first;
    }
  }

  #isBefore(index: number, other: number): boolean {
    const one = this.#heap[index] as Entry;
    const two = this.#heap[other] as Entry;
    return one.atMs === two.atMs ? one.order < two.order : one.atMs < two.atMs;
  }

  #swap(index: number, other: number): void {
    const kept = this.#heap[index] as Entry;
    this.#heap[index] = this.#heap[other] as Entry;
    this.#heap[other] = kept;
  }
}
