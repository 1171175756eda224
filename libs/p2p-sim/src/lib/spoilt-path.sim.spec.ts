/**
 * F19: the way between the server and agents flips bits for good. Who can get the rest from another
 * agent gets it; who cannot ends FAILED with INTEGRITY; nobody waits for ever.
 */
import { describe, expect, it } from 'vitest';
import type { Fault } from './fault-plan.ts';
import { simulateSwarm } from './sim-swarm.ts';
import type { SwarmOptions, SwarmResult } from './swarm-options.ts';

const RATE = 5_000_000;
const BLOCK_BYTES = 64 * 1_024;
const PIECE_BYTES = 4 * BLOCK_BYTES;
const PIECES = 32;
const AGENTS = 6;
/** In the middle of the transfer, when agents hold different pieces. */
const MIDWAY_MS = (500 * PIECES * PIECE_BYTES) / RATE;
const SEEDS = [1, 2, 3];
/** Banning takes seconds; then a minute without news, twice where hosts learn of it one from another. */
const MESH_END_MS = MIDWAY_MS + 150_000;
const CHAIN_END_MS = MIDWAY_MS + 600_000;

function run(
  seed: number,
  atMs: number,
  towards: readonly number[],
  shape: Partial<SwarmOptions>,
): SwarmResult {
  const spoilt: Fault = { kind: 'corruptPath', host: 0, atMs, towards };
  const result = simulateSwarm({
    seed,
    sizes: { totalBytes: PIECES * PIECE_BYTES, pieceBytes: PIECE_BYTES, blockBytes: BLOCK_BYTES },
    latencyMs: 0.5,
    linkBytesPerSecond: Array<number>(AGENTS + 1).fill(RATE),
    uploadBytesPerSecond: Infinity,
    writeMs: 1,
    startsWithinMs: 10,
    faults: [spoilt],
    ...shape,
  });
  expect(result.violations).toEqual([]);
  return result;
}

const EVERYBODY = Array.from({ length: AGENTS }, (_, index) => index + 1);
const FULL_MESH = { meshDegree: AGENTS - 1 };
const SPARSE_MESH = { meshDegree: 2 };
const CHAIN = { recoveryMs: 600_000 };
const outcomes = ({ agents }: SwarmResult): string[] =>
  agents.map(({ state, failure }) => failure ?? state);

describe.each([
  ['a full mesh', FULL_MESH, MESH_END_MS],
  ['a sparse mesh', SPARSE_MESH, MESH_END_MS],
  ['a chain', CHAIN, CHAIN_END_MS],
])('in %s', (_name, shape, endMs) => {
  it.each(SEEDS)('F19: all fail with INTEGRITY when the way to all is bad (seed %i)', (seed) => {
    for (const atMs of [0, MIDWAY_MS]) {
      const result = run(seed, atMs, EVERYBODY, shape);
      expect(outcomes(result)).toEqual(Array(AGENTS).fill('INTEGRITY'));
      expect(result.endedAtMs).toBeLessThan(endMs);
    }
  });
});

describe.each([
  ['a full mesh', FULL_MESH],
  ['a sparse mesh', SPARSE_MESH],
])('in %s', (_name, shape) => {
  it.each(SEEDS)('F19: all complete when the way to one is good (seed %i)', (seed) => {
    const good = 1 + (seed % AGENTS);
    const bad = EVERYBODY.filter((host) => host !== good);
    for (const atMs of [0, MIDWAY_MS]) {
      expect(outcomes(run(seed, atMs, bad, shape))).toEqual(Array(AGENTS).fill('complete'));
    }
  });

  it.each(SEEDS)(
    'F19: nor give up on the one with the good way because it is slow (%i)',
    (seed) => {
      const good = 1 + (seed % AGENTS);
      const bad = EVERYBODY.filter((host) => host !== good);
      const linkBytesPerSecond = Array<number>(AGENTS + 1).fill(RATE);
      linkBytesPerSecond[good] = 100_000; // a fiftieth; 3 s a piece
      const result = run(seed, 0, bad, { ...shape, linkBytesPerSecond });
      expect(outcomes(result)).toEqual(Array(AGENTS).fill('complete'));
    },
  );
});

describe('in a chain', () => {
  it('F19: all complete when the way to the first is good', () => {
    expect(outcomes(run(1, 0, EVERYBODY.slice(1), CHAIN))).toEqual(Array(AGENTS).fill('complete'));
  });
});
