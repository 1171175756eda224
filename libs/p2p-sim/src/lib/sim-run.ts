/** Names one run, draws it, and runs it: a name is all that it takes to repeat a run. */
import { createPrng } from '@gofd/p2p-protocol';
import { drawLiars } from './drawn-liars.ts';
import { drawFaultStorm } from './fault-storm.ts';
import { drawMeshScenario, drawScenario } from './scenario.ts';
import type { SimMode, SimShape } from './sim-mode.ts';
import type { SwarmOptions } from './swarm-options.ts';

export interface SimRun {
  readonly seed: number;
  readonly mode: SimMode;
  readonly shape: SimShape;
}

/** A storm lasts this many times as long as an undisturbed transfer, and at least so long. */
const STORM_STRETCH = 3;
const MIN_STORM_MS = 2_000;

/** @returns everything that happens in this run; equal for equal runs */
export function drawRun({ seed, mode, shape }: SimRun): SwarmOptions {
  const scenario = shape === 'mesh' ? drawMeshScenario(seed) : drawScenario(seed);
  if (mode === 'survival') return { ...scenario, mode };
  const prng = createPrng(seed ^ 0x5704);
  const agentCount = scenario.linkBytesPerSecond.length - 1;
  const liars = shape === 'mesh' ? drawLiars(prng, agentCount) : new Map<number, never>();
  const faults = drawFaultStorm(prng, { agentCount, withinMs: stormMs(scenario) });
  // A liar does not tire: what strikes its process would only make a second one of it.
  const striking = faults.filter(({ host, kind }) => !liars.has(host) || kind === 'stall');
  return { ...scenario, mode, faults: striking, liars };
}

function stormMs({ sizes, linkBytesPerSecond }: SwarmOptions): number {
  const idealMs = (1_000 * sizes.totalBytes) / Math.max(...linkBytesPerSecond);
  return Math.max(MIN_STORM_MS, Math.ceil(STORM_STRETCH * idealMs));
}
