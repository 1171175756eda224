import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventQueue, FlowEvent } from './event-queue.ts';

class Noted extends FlowEvent {
  readonly #name: number;
  readonly #log: number[];

  constructor(name: number, log: number[]) {
    super();
    this.#name = name;
    this.#log = log;
  }

  happen(): void {
    this.#log.push(this.#name);
  }
}

describe('EventQueue', () => {
  it('lets things happen by time, and at one time in the order of booking', () => {
    const bookings = fc.array(fc.record({ atMs: fc.nat(8), line: fc.constantFrom(-1, 0, 1) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(bookings, fc.tuple(fc.nat(5), fc.nat(5)), (booked, delaysMs) => {
        const queue = new EventQueue();
        const lines = delaysMs.map((delayMs) => queue.line(delayMs));
        const happened: number[] = [];
        const expected = booked.map(({ atMs, line }, name) => {
          const event = new Noted(name, happened);
          const bookLine = lines[line];
          if (bookLine) bookLine(event);
          else queue.book(event, atMs);
          return { name, atMs: event.atMs };
        });
        while (queue.step());
        const inOrder = expected.toSorted((a, b) => a.atMs - b.atMs || a.name - b.name);
        expect(happened).toEqual(inOrder.map(({ name }) => name));
        expect(queue.bookedCount).toBe(booked.length);
      }),
    );
  });

  it('never goes back in time, whatever is booked while things happen', () => {
    const delays = fc.array(fc.nat(9), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(delays, (delaysMs) => {
        const queue = new EventQueue();
        const afterTwo = queue.line(2);
        const seenMs: number[] = [];
        const left = [...delaysMs];
        class Booker extends FlowEvent {
          happen(): void {
            seenMs.push(queue.nowMs);
            const delayMs = left.pop();
            if (delayMs === undefined) return;
            if (delayMs === 9) afterTwo(new Booker());
            else queue.book(new Booker(), queue.nowMs + delayMs);
          }
        }
        queue.book(new Booker(), 1);
        while (queue.step());
        expect(seenMs).toHaveLength(delaysMs.length + 1);
        expect(seenMs).toEqual(seenMs.toSorted((a, b) => a - b));
      }),
    );
  });

  it('says when nothing is left', () => {
    const queue = new EventQueue();
    expect(queue.step()).toBe(false);
    expect(queue.nowMs).toBe(0);
  });
});
