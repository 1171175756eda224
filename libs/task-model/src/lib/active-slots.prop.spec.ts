import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ActiveSlots } from './active-slots.ts';

const TASK_IDS = ['a', 'b', 'c', 'd', 'e', 'f'];

const steps = fc.array(
  fc.record({
    action: fc.constantFrom('request', 'release'),
    taskId: fc.constantFrom(...TASK_IDS),
  }),
);

/** The same queue as a list: the first `limit` of those that want a slot have one. */
class QueueModel {
  #wanting: string[] = [];
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  request(taskId: string): void {
    if (!this.#wanting.includes(taskId)) this.#wanting.push(taskId);
  }

  release(taskId: string): void {
    this.#wanting = this.#wanting.filter((other) => other !== taskId);
  }

  get active(): readonly string[] {
    return this.#wanting.slice(0, this.#limit);
  }
}

it('holds as many active tasks as it may, first come first served, whatever happens', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), steps, (limit, list) => {
      const slots = new ActiveSlots(limit);
      const model = new QueueModel(limit);
      const active = new Set<string>();
      for (const { action, taskId } of list) {
        if (action === 'request') {
          slots.request(taskId, () => active.add(taskId));
          model.request(taskId);
        } else {
          active.delete(taskId);
          slots.release(taskId);
          model.release(taskId);
        }
        expect(active).toEqual(new Set(model.active));
      }
    }),
  );
});
