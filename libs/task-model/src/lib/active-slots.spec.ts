import { describe, expect, it } from 'vitest';
import { ActiveSlots } from './active-slots.ts';

/** Slots that note which tasks were started, in order. */
function someSlots(limit: number) {
  const slots = new ActiveSlots(limit);
  const started: string[] = [];
  const request = (...taskIds: readonly string[]): void => {
    for (const taskId of taskIds) slots.request(taskId, () => started.push(taskId));
  };
  return { slots, started, request };
}

describe('ActiveSlots', () => {
  it('B87: lets no more tasks start than the limit', () => {
    const { started, request } = someSlots(2);
    request('a', 'b', 'c', 'd');
    expect(started).toEqual(['a', 'b']);
  });

  it('tells how many have a slot and how many wait', () => {
    const { slots, request } = someSlots(2);
    request('a', 'b', 'c');
    expect([slots.activeCount, slots.waitingCount]).toEqual([2, 1]);
    slots.release('a');
    expect([slots.activeCount, slots.waitingCount]).toEqual([2, 0]);
  });

  it('gives a free slot to whoever has waited longest', () => {
    const { slots, started, request } = someSlots(1);
    request('a', 'b', 'c');
    slots.release('a');
    expect(started).toEqual(['a', 'b']);
    request('d');
    slots.release('b');
    slots.release('c');
    expect(started).toEqual(['a', 'b', 'c', 'd']);
  });

  it('forgets a task that gives up while it waits', () => {
    const { slots, started, request } = someSlots(1);
    request('a', 'b', 'c');
    slots.release('b');
    expect(started).toEqual(['a']);
    slots.release('a');
    expect(started).toEqual(['a', 'c']);
  });

  it('frees nothing when a task without a slot lets go', () => {
    const { slots, started, request } = someSlots(1);
    request('a', 'b');
    slots.release('stranger');
    expect(started).toEqual(['a']);
  });

  it('frees one slot only, however often a task lets go of it', () => {
    const { slots, started, request } = someSlots(1);
    request('a', 'b', 'c');
    slots.release('a');
    slots.release('a');
    expect(started).toEqual(['a', 'b']);
  });

  it('starts a task that has a slot again at once, and in the same slot', () => {
    const { started, request } = someSlots(2);
    request('a', 'a', 'b', 'c');
    expect(started).toEqual(['a', 'a', 'b']);
  });

  it('lets a waiting task change what it starts without losing its place', () => {
    const { slots, started, request } = someSlots(1);
    request('a', 'b', 'c');
    slots.request('b', () => started.push('b, the second time'));
    slots.release('a');
    slots.release('b');
    expect(started).toEqual(['a', 'b, the second time', 'c']);
  });

  it('starts each task once when tasks end as soon as they start', () => {
    const slots = new ActiveSlots(1);
    const started: string[] = [];
    slots.request('first', () => undefined);
    for (const taskId of ['a', 'b', 'c', 'd']) {
      slots.request(taskId, () => {
        started.push(taskId);
        slots.release(taskId);
      });
    }
    slots.release('first');
    expect(started).toEqual(['a', 'b', 'c', 'd']);
  });
});
