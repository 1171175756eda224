/**
 * Seeded pseudo-random numbers for decisions that must replay. Not for secrets.
 * Algorithm: mulberry32 (Tommy Ettinger, public domain), period 2^32.
 */
export interface Prng {
  /** Uniform in [0, 1). */
  next(): number;
}

/** @param seed any integer; the same seed gives the same sequence */
export function createPrng(seed: number): Prng {
  let state = seed >>> 0;
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
    },
  };
}
