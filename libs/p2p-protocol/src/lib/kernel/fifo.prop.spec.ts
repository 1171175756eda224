import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Fifo } from './fifo.ts';

it('gives back what was put in, in that order, whatever the mix of calls', () => {
  const call = fc.oneof(fc.nat(), fc.constantFrom('shift' as const, 'clear' as const));
  fc.assert(
    fc.property(fc.array(call, { maxLength: 500 }), (calls) => {
      const fifo = new Fifo<number>();
      let model: number[] = [];
      for (const next of calls) {
        if (next === 'shift') expect(fifo.shift()).toBe(model.shift());
        else if (next === 'clear') {
          fifo.clear();
          model = [];
        } else {
          fifo.push(next);
          model.push(next);
        }
        expect(fifo.length).toBe(model.length);
        expect(fifo.peek()).toBe(model[0]);
      }
    }),
  );
});

it('stays in order over many more items than it compacts at', () => {
  const fifo = new Fifo<number>();
  const seen: number[] = [];
  for (let item = 0; item < 10_000; item++) {
    fifo.push(item);
    if (item % 3 === 0) seen.push(fifo.shift() ?? -1);
  }
  while (fifo.length > 0) seen.push(fifo.shift() ?? -1);
  expect(seen).toEqual(Array.from({ length: 10_000 }, (_, item) => item));
});
