/** Choices of a run, from its seed: which host, which piece of time. The same seed, the same run. Pure. */
import { createPrng, shuffled, type Prng } from '@gofd/p2p-protocol';

export class SeededChoice {
  readonly #prng: Prng;

  /** @param text what the run is: its seed, fault and phase, so that no two runs share choices */
  constructor(text: string) {
    this.#prng = createPrng(hashOf(text));
  }

  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return min + Math.floor(this.#prng.next() * (max - min + 1));
  }

  oneOf<T>(items: readonly T[]): T {
    const item = items[this.between(0, items.length - 1)];
    if (item === undefined) throw new Error('there is nothing to choose from');
    return item;
  }

  /** The same items in another order. */
  shuffled<T>(items: readonly T[]): T[] {
    return shuffled(items, this.#prng);
  }
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
