/** A session that asks to be woken again and again, and then does nothing, burns a core. */
import type { Checker, Step } from './checker.ts';

/** A deadline that moved may cost a wake-up or two; this many in a row is a loop. */
const MAX_IDLE_WAKES_IN_ROW = 50;

export class WakesForAReason implements Checker {
  readonly concern = 'brokenRule';
  readonly #idleWakes = new Map<string, number>();

  check({ process, event, effects }: Step): string | undefined {
    const isIdle = event.type === 'wake' && effects.length === 0;
    const inRow = isIdle ? (this.#idleWakes.get(process.name) ?? 0) + 1 : 0;
    this.#idleWakes.set(process.name, inRow);
    return inRow > MAX_IDLE_WAKES_IN_ROW
      ? `was woken ${inRow} times in a row for nothing`
      : undefined;
  }
}
