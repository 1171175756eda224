/** An attacker: a thread that puts a link in the place of a name, again and again, and takes it away. */
import { Worker } from 'node:worker_threads';
import { onTestFinished } from 'vitest';

/** Links of one test; `GOFD_SYMLINK_SWAPS=100000` makes it long. */
export const MIN_SWAPS = Number(process.env['GOFD_SYMLINK_SWAPS'] ?? 1_000);

/** Every second time it rests, so that its victims come through now and then. */
const PLANT_FOR_EVER = `
const { workerData: { state, name, target } } = require('node:worker_threads');
const fs = require('node:fs');
const flags = new Int32Array(state);
const tryTo = (action) => { try { action(); return true; } catch { return false; } };
for (let round = 0; Atomics.load(flags, 1) === 0; round++) {
  const aside = name + '.' + round;
  const moved = tryTo(() => fs.renameSync(name, aside));
  if (tryTo(() => fs.symlinkSync(target, name))) {
    Atomics.add(flags, 0, 1);
    tryTo(() => fs.unlinkSync(name));
  }
  if (moved && !tryTo(() => fs.renameSync(aside, name))) {
    tryTo(() => fs.rmSync(aside, { recursive: true }));
  }
  if (round % 2 === 0) Atomics.wait(flags, 2, 0, 0.3);
}
`;

export class LinkPlanter {
  readonly #flags: Int32Array;
  readonly #worker: Worker;

  private constructor(name: string, target: string) {
    const state = new SharedArrayBuffer(12);
    this.#flags = new Int32Array(state);
    this.#worker = new Worker(PLANT_FOR_EVER, { eval: true, workerData: { state, name, target } });
  }

  /** Ends with the test. */
  static start(name: string, target: string): LinkPlanter {
    const planter = new LinkPlanter(name, target);
    onTestFinished(() => planter.stop());
    return planter;
  }

  /** Links that stood in the place of the name so far. */
  get plantedCount(): number {
    return Atomics.load(this.#flags, 0);
  }

  async stop(): Promise<void> {
    Atomics.store(this.#flags, 1, 1);
    await this.#worker.terminate();
  }
}
