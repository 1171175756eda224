/** No task is called finished on a host whose disk lacks a piece of it. */
import type { Checker, Step } from './checker.ts';

export class FinishesOnlyComplete implements Checker {
  readonly concern = 'falseStatus';

  check({ process, effects }: Step): string | undefined {
    if (!effects.some(({ type }) => type === 'finished')) return undefined;
    const stored = process.store.find();
    return stored.isFull() ? undefined : `says finished with ${stored.count} pieces on its disk`;
  }
}
