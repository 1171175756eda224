import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeadlineHeap } from './deadline-heap.ts';

type Step =
  | { readonly do: 'schedule'; readonly id: number; readonly atMs: number }
  | { readonly do: 'cancel'; readonly id: number }
  | { readonly do: 'take' };

const STEP: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('schedule' as const), id: fc.nat(9), atMs: fc.nat(20) }),
  fc.record({ do: fc.constant('cancel' as const), id: fc.nat(9) }),
  fc.record({ do: fc.constant('take' as const) }),
);

function earliest(times: ReadonlyMap<number, number>): number | undefined {
  return times.size === 0 ? undefined : Math.min(...times.values());
}

describe('DeadlineHeap', () => {
  it('always knows the earliest time, whatever was scheduled, moved or cancelled', () => {
    fc.assert(
      fc.property(fc.array(STEP, { maxLength: 100 }), (steps) => {
        const heap = new DeadlineHeap();
        const model = new Map<number, number>();
        for (const step of steps) {
          if (step.do === 'schedule') {
            heap.schedule(step.id, step.atMs);
            model.set(step.id, step.atMs);
          } else {
            const id = step.do === 'cancel' ? step.id : (heap.peek()?.id ?? -1);
            heap.cancel(id);
            model.delete(id);
          }
          expect(heap.peek()?.atMs).toBe(earliest(model));
          expect(heap.size).toBe(model.size);
        }
      }),
    );
  });

  it('gives ids of the same time in the order of scheduling', () => {
    const heap = new DeadlineHeap();
    for (const id of [3, 1, 2]) heap.schedule(id, 5);
    const order: number[] = [];
    for (let top = heap.peek(); top; top = heap.peek()) {
      order.push(top.id);
      heap.cancel(top.id);
    }
    expect(order).toEqual([3, 1, 2]);
  });

  it('tells the time of one id', () => {
    const heap = new DeadlineHeap();
    heap.schedule(1, 10);
    heap.schedule(1, 4);
    expect(heap.atMs(1)).toBe(4);
    expect(heap.atMs(2)).toBeUndefined();
  });
});
