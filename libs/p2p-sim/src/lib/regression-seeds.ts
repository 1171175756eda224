/** Runs that once failed, with what they found. They run beside the others for ever. */
import type { SimRun } from './sim-run.ts';

export interface RegressionRun extends SimRun {
  readonly found: string;
}

const CHAIN = { mode: 'survival', shape: 'chain' } as const;

export const REGRESSION_RUNS: readonly RegressionRun[] = [
  { seed: 54, ...CHAIN, found: 'two idle upstreams dialled in turns for ever, the server never' },
  { seed: 228, ...CHAIN, found: 'the same behind an agent whose task failed' },
  {
    seed: 623,
    ...CHAIN,
    found: 'the same for every agent below, while the server was silent for a while',
  },
  {
    seed: 447,
    mode: 'safety',
    shape: 'mesh',
    found: 'a whole block went out for what a peer that left had booked for a short one',
  },
  { seed: 3780, mode: 'safety', shape: 'chain', found: 'the same in a chain' },
];
