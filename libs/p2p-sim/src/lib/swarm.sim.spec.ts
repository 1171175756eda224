/**
 * The same session as in production, in chains and meshes with everything that goes wrong, in each mode
 * of sim-mode.ts. Environment: GOFD_SIM_SEED runs one seed, GOFD_SIM_COUNT that many from the first;
 * `npm run sim` is the command for long runs.
 */
import { describe, expect, it } from 'vitest';
import { REGRESSION_RUNS } from './regression-seeds.ts';
import type { SimMode, SimShape } from './sim-mode.ts';
import { drawRun, type SimRun } from './sim-run.ts';
import { simulateSwarm } from './sim-swarm.ts';

const SEEDS_PER_TEST = 20;
const TITLE = 'keeps every promise';
const MS_PER_SEED = 5_000;

function seedsToRun(usualCount: number): number[] {
  const { GOFD_SIM_SEED: seed, GOFD_SIM_COUNT: count } = process.env;
  if (seed !== undefined) return [Number(seed)];
  return Array.from({ length: Number(count ?? usualCount) }, (_, index) => index + 1);
}

function batches(seeds: readonly number[]): [title: string, seeds: readonly number[]][] {
  return Array.from({ length: Math.ceil(seeds.length / SEEDS_PER_TEST) }, (_, index) => {
    const batch = seeds.slice(index * SEEDS_PER_TEST, (index + 1) * SEEDS_PER_TEST);
    return [`seeds ${batch[0]} to ${batch.at(-1)}`, batch];
  });
}

type Swarm = readonly [title: string, shape: SimShape, mode: SimMode, seedCount: number];

const SWARMS: readonly Swarm[] = [
  ['a chain under faults', 'chain', 'survival', 200],
  ['a mesh under faults', 'mesh', 'survival', 150],
  ['a chain in a storm of faults', 'chain', 'safety', 20],
  ['a mesh in a storm of faults and lies', 'mesh', 'safety', 20],
  ['a chain healed after a storm', 'chain', 'liveness', 40],
  ['a mesh healed after a storm', 'mesh', 'liveness', 40],
];

/** Everything that it takes to understand and repeat a failing run; undefined when all is well. */
function failureOf(run: SimRun): string | undefined {
  const scenario = drawRun(run);
  const { violations } = simulateSwarm(scenario);
  if (violations.length === 0) return undefined;
  const { seed, mode, shape } = run;
  return [
    `seed ${seed}: ${violations.join('; ')}`,
    `faults: ${JSON.stringify(scenario.faults)}`,
    `replay: npm run sim -- --seed ${seed} --mode ${mode} --shape ${shape}`,
  ].join('\n');
}

describe.each(SWARMS)('%s', (_title, shape, mode, seedCount) => {
  it.each(batches(seedsToRun(seedCount)))(
    `${TITLE}: %s`,
    (_seeds, seeds) => {
      const failures = seeds.map((seed) => failureOf({ seed, mode, shape })).filter(Boolean);
      expect(failures.join('\n\n')).toBe('');
    },
    SEEDS_PER_TEST * MS_PER_SEED,
  );
});

it.each(REGRESSION_RUNS)(
  `a $shape under faults ${TITLE}: seed $seed, which once found: $found`,
  (run) => {
    expect(failureOf(run)).toBeUndefined();
  },
);

describe.each(SWARMS)('the simulation of %s', (_title, shape, mode) => {
  it('runs the same way for the same seed, and another way for another', () => {
    const hashOf = (seed: number): string =>
      simulateSwarm(drawRun({ seed, mode, shape })).traceHash;
    const hashes = [1, 2, 3].map(hashOf);
    expect([1, 2, 3].map(hashOf)).toEqual(hashes);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('differs as well when only the seed of the run differs, not the scenario', () => {
    const scenario = drawRun({ seed: 3, mode, shape });
    const other = simulateSwarm({ ...scenario, seed: 4 });
    expect(other.traceHash).not.toBe(simulateSwarm(scenario).traceHash);
  });
});
