/**
 * The same session as in production, in chains and meshes with everything that goes wrong. Environment:
 * GOFD_SIM_SEED runs one seed, GOFD_SIM_COUNT that many from the first (for long runs).
 */
import { describe, expect, it } from 'vitest';
import {
  MESH_REGRESSION_SEEDS,
  REGRESSION_SEEDS,
  type RegressionSeed,
} from './regression-seeds.ts';
import { drawMeshScenario, drawScenario } from './scenario.ts';
import { simulateSwarm } from './sim-swarm.ts';
import type { SwarmOptions } from './swarm-options.ts';

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

interface Swarm {
  readonly title: string;
  readonly draw: (seed: number) => SwarmOptions;
  readonly seedCount: number;
  readonly found: readonly RegressionSeed[];
}

const SWARMS: readonly Swarm[] = [
  { title: 'a chain under faults', draw: drawScenario, seedCount: 200, found: REGRESSION_SEEDS },
  {
    title: 'a mesh under faults',
    draw: drawMeshScenario,
    seedCount: 150,
    found: MESH_REGRESSION_SEEDS,
  },
];

const BY_TITLE = SWARMS.map((swarm) => [swarm.title, swarm] as const);

/** Everything that it takes to understand and repeat a failing run; undefined when all is well. */
function failureOf({ title, draw }: Swarm, seed: number): string | undefined {
  const scenario = draw(seed);
  const { violations } = simulateSwarm(scenario);
  if (violations.length === 0) return undefined;
  return [
    `seed ${seed}: ${violations.join('; ')}`,
    `faults: ${JSON.stringify(scenario.faults)}`,
    `replay: GOFD_SIM_SEED=${seed} npx vitest run libs/p2p-sim -t '${title} ${TITLE}'`,
  ].join('\n');
}

describe.each(BY_TITLE)('%s', (_title, swarm) => {
  it.each(batches(seedsToRun(swarm.seedCount)))(
    `${TITLE}: %s`,
    (_seeds, seeds) => {
      const failures = seeds.map((seed) => failureOf(swarm, seed)).filter(Boolean);
      expect(failures.join('\n\n')).toBe('');
    },
    SEEDS_PER_TEST * MS_PER_SEED,
  );

  it
    .runIf(swarm.found.length > 0)
    .each(swarm.found.map(({ seed, found }) => [seed, found] as const))(
    `${TITLE}: seed %i, which once found: %s`,
    (seed) => {
      expect(failureOf(swarm, seed)).toBeUndefined();
    },
  );
});

describe.each(BY_TITLE)('the simulation of %s', (_title, { draw }) => {
  it('runs the same way for the same seed, and another way for another', () => {
    const hashOf = (seed: number): string => simulateSwarm(draw(seed)).traceHash;
    const hashes = [1, 2, 3, 4, 5].map(hashOf);
    expect([1, 2, 3, 4, 5].map(hashOf)).toEqual(hashes);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('differs as well when only the seed of the run differs, not the scenario', () => {
    const scenario = draw(3);
    const other = simulateSwarm({ ...scenario, seed: 4 });
    expect(other.traceHash).not.toBe(simulateSwarm(scenario).traceHash);
  });
});
