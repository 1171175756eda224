/** An attacker: a thread that exchanges two names of the file system, again and again, as fast as it can. */
import { Worker } from 'node:worker_threads';
import { onTestFinished } from 'vitest';

/** Of one command; CI makes a thousandth part of what `GOFD_SYMLINK_SWAPS=100000` makes. */
export const MIN_SWAPS = Number(process.env['GOFD_SYMLINK_SWAPS'] ?? 1_000);

/** Whoever is missing at the moment, because we moved or removed it, is left out of that round. */
const SWAP_FOR_EVER = `
const { workerData: { state, one, other } } = require('node:worker_threads');
const fs = require('node:fs');
const flags = new Int32Array(state);
const aside = one + '.aside';
const tryTo = (action) => { try { action(); return true; } catch { return false; } };
while (Atomics.load(flags, 1) === 0) {
  const moved = tryTo(() => fs.renameSync(one, aside));
  const swapped = tryTo(() => fs.renameSync(other, one));
  if (moved) tryTo(() => fs.renameSync(aside, swapped ? other : one));
  if (swapped) Atomics.add(flags, 0, 1);
}
`;

export class NameSwapper {
  readonly #flags: Int32Array;
  readonly #worker: Worker;

  private constructor(one: string, other: string) {
    const state = new SharedArrayBuffer(8);
    this.#flags = new Int32Array(state);
    this.#worker = new Worker(SWAP_FOR_EVER, { eval: true, workerData: { state, one, other } });
  }

  /** Ends with the test. */
  static start(one: string, other: string): NameSwapper {
    const swapper = new NameSwapper(one, other);
    onTestFinished(() => swapper.stop());
    return swapper;
  }

  get swapCount(): number {
    return Atomics.load(this.#flags, 0);
  }

  async stop(): Promise<void> {
    Atomics.store(this.#flags, 1, 1);
    await this.#worker.terminate();
  }
}
