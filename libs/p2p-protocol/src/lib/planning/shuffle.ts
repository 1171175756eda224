/** Uniform choices from a seeded generator. */
import type { Prng } from '../kernel/prng.ts';

/** @returns an integer in [0, limit) */
export function drawBelow(limit: number, prng: Prng): number {
  return Math.floor(prng.next() * limit);
}

/** Another order of the same items, each order equally likely (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], prng: Prng): T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const other = drawBelow(last + 1, prng);
    [order[last], order[other]] = [order[other] as T, order[last] as T];
  }
  return order;
}
