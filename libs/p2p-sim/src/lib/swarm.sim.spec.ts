/**
 * The same session as in production, in chains with everything that goes wrong. Environment:
 * GOFD_SIM_SEED runs one seed, GOFD_SIM_COUNT that many from the first (for long runs).
 */
import { describe, expect, it } from 'vitest';
import { REGRESSION_SEEDS } from './regression-seeds.ts';
import { drawScenario } from './scenario.ts';
import { simulateSwarm } from './sim-swarm.ts';

const SEED_COUNT = 200;
const SEEDS_PER_TEST = 20;
const TITLE = 'keeps every promise';
const MS_PER_SEED = 5_000;

function seedsToRun(): number[] {
  const { GOFD_SIM_SEED: seed, GOFD_SIM_COUNT: count } = process.env;
  if (seed !== undefined) return [Number(seed)];
  return Array.from({ length: Number(count ?? SEED_COUNT) }, (_, index) => index + 1);
}

function batches(seeds: readonly number[]): [title: string, seeds: readonly number[]][] {
  return Array.from({ length: Math.ceil(seeds.length / SEEDS_PER_TEST) }, (_, index) => {
    const batch = seeds.slice(index * SEEDS_PER_TEST, (index + 1) * SEEDS_PER_TEST);
    return [`seeds ${batch[0]} to ${batch.at(-1)}`, batch];
  });
}

/** Everything that it takes to understand and repeat a failing run; undefined when all is well. */
function failureOf(seed: number): string | undefined {
  const scenario = drawScenario(seed);
  const { violations } = simulateSwarm(scenario);
  if (violations.length === 0) return undefined;
  return [
    `seed ${seed}: ${violations.join('; ')}`,
    `faults: ${JSON.stringify(scenario.faults)}`,
    `replay: GOFD_SIM_SEED=${seed} npx vitest run libs/p2p-sim -t '${TITLE}'`,
  ].join('\n');
}

describe('a chain under faults', () => {
  it.each(batches(seedsToRun()))(
    `${TITLE}: %s`,
    (_title, seeds) => {
      const failures = seeds.map(failureOf).filter((failure) => failure !== undefined);
      expect(failures.join('\n\n')).toBe('');
    },
    SEEDS_PER_TEST * MS_PER_SEED,
  );

  it.each(REGRESSION_SEEDS.map(({ seed, found }) => [seed, found] as const))(
    `${TITLE}: seed %i, which once found: %s`,
    (seed) => {
      expect(failureOf(seed)).toBeUndefined();
    },
  );
});

describe('a simulation', () => {
  it('runs the same way for the same seed, and another way for another', () => {
    const hashOf = (seed: number): string => simulateSwarm(drawScenario(seed)).traceHash;
    const hashes = [1, 2, 3, 4, 5].map(hashOf);
    expect([1, 2, 3, 4, 5].map(hashOf)).toEqual(hashes);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('differs as well when only the seed of the run differs, not the scenario', () => {
    const scenario = drawScenario(3);
    const other = simulateSwarm({ ...scenario, seed: 4 });
    expect(other.traceHash).not.toBe(simulateSwarm(scenario).traceHash);
  });
});
