/** Seeds that once failed, with what they found. They run beside the others for ever. */
export interface RegressionSeed {
  readonly seed: number;
  readonly found: string;
}

export const REGRESSION_SEEDS: readonly RegressionSeed[] = [
  { seed: 54, found: 'two idle upstreams dialled in turns for ever, the server never' },
  { seed: 228, found: 'the same behind an agent whose task failed' },
  { seed: 623, found: 'the same for every agent below, while the server was silent for a while' },
];

export const MESH_REGRESSION_SEEDS: readonly RegressionSeed[] = [];
