/**
 * What happens when, in virtual time. Events at the same time happen in the order in which they were
 * booked, so that a run replays exactly. What comes after one and the same delay comes in the order of
 * booking, so it stands in a line and needs no sorting: most of what crosses a network does.
 */
import { Fifo } from '@gofd/p2p-protocol';

/** Something that is to happen; an event is booked once at a time. */
export abstract class FlowEvent {
  atMs = 0;
  /** How many were booked before it. */
  order = 0;
  abstract happen(): void;
}

export class EventQueue {
  readonly #heap: FlowEvent[] = [];
  readonly #lines: Fifo<FlowEvent>[] = [];
  #booked = 0;
  #nowMs = 0;

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Events that were booked so far. */
  get bookedCount(): number {
    return this.#booked;
  }

  /** @param atMs not before now */
  book(event: FlowEvent, atMs: number): void {
    this.#stamp(event, atMs);
    this.#heap.push(event);
    this.#siftUp(this.#heap.length - 1);
  }

  /** @returns what books an event `delayMs` from now */
  line(delayMs: number): (event: FlowEvent) => void {
    const line = new Fifo<FlowEvent>();
    this.#lines.push(line);
    return (event) => {
      this.#stamp(event, this.#nowMs + delayMs);
      line.push(event);
    };
  }

  /** Lets the next event happen. @returns false when there is none */
  step(): boolean {
    const event = this.#takeNext();
    if (!event) return false;
    this.#nowMs = event.atMs;
    event.happen();
    return true;
  }

  #stamp(event: FlowEvent, atMs: number): void {
    event.atMs = atMs;
    event.order = this.#booked++;
  }

  #takeNext(): FlowEvent | undefined {
    let next = this.#heap[0];
    let nextLine: Fifo<FlowEvent> | undefined;
    for (const line of this.#lines) {
      const head = line.peek();
      if (!head || (next && !isBefore(head, next))) continue;
      next = head;
      nextLine = line;
    }
    return nextLine ? nextLine.shift() : this.#takeTop();
  }

  #takeTop(): FlowEvent | undefined {
    const top = this.#heap[0];
    const last = this.#heap.pop();
    if (last && last !== top) this.#siftDown(last);
    return top;
  }

  #siftUp(from: number): void {
    const heap = this.#heap;
    const event = heap[from] as FlowEvent;
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] as FlowEvent;
      if (!isBefore(event, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = event;
  }

  /** Puts an event in the place of the top and lets it sink. */
  #siftDown(event: FlowEvent): void {
    const heap = this.#heap;
    let index = 0;
    for (let child = 1; child < heap.length; child = 2 * index + 1) {
      const right = heap[child + 1];
      if (right && isBefore(right, heap[child] as FlowEvent)) child += 1;
      const below = heap[child] as FlowEvent;
      if (!isBefore(below, event)) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = event;
  }
}

function isBefore(one: FlowEvent, other: FlowEvent): boolean {
  return one.atMs === other.atMs ? one.order < other.order : one.atMs < other.atMs;
}
