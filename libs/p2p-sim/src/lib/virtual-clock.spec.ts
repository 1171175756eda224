import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from './virtual-clock.ts';

describe('VirtualClock', () => {
  it('runs things in the order of their times, and those of one time in the order asked for', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), (times) => {
        const clock = new VirtualClock();
        const ran: [atMs: number, index: number][] = [];
        times.forEach((atMs, index) => clock.at(atMs, () => ran.push([clock.nowMs, index])));
        while (clock.step()) continue;
        const wanted = times
          .map((atMs, index): [number, number] => [atMs, index])
          .sort(([a, i], [b, j]) => a - b || i - j);
        expect(ran).toEqual(wanted);
      }),
    );
  });

  it('runs nothing that was cancelled', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(9), fc.boolean())), (entries) => {
        const clock = new VirtualClock();
        let ran = 0;
        for (const [atMs, isCancelled] of entries) {
          const cancel = clock.at(atMs, () => (ran += 1));
          if (isCancelled) cancel();
        }
        while (clock.step()) continue;
        expect(ran).toBe(entries.filter(([, isCancelled]) => !isCancelled).length);
      }),
    );
  });

  it('does not go back: what is asked for in the past happens now', () => {
    const clock = new VirtualClock();
    const times: number[] = [];
    clock.at(10, () => clock.at(3, () => times.push(clock.nowMs)));
    clock.after(20, () => times.push(clock.nowMs));
    while (clock.step()) continue;
    expect(times).toEqual([10, 20]);
  });

  it('stops before what lies behind the given time', () => {
    const clock = new VirtualClock();
    clock.at(5, () => undefined);
    clock.at(6, () => undefined);
    expect(clock.step(5)).toBe(true);
    expect(clock.step(5)).toBe(false);
    expect(clock.nowMs).toBe(5);
  });
});
