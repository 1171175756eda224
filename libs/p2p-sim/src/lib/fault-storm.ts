/**
 * Faults without mercy: many more than a plan of `fault-plan.ts` has, on every host alike. The server
 * too may die for good or send wrong bytes, so nobody can be asked to complete before all is healed.
 */
import type { Prng } from '@gofd/p2p-protocol';
import { drawFault, type Fault, type FaultScope } from './fault-plan.ts';

/** Enough that two faults often overlap on one host. */
const MAX_STORM_FAULTS = 40;
const SERVER = 0;
/** Of the faults of a server, which otherwise are those that it survives. */
const SHARE_OF_RUINOUS = 0.2;
const MAX_WRONG_BLOCKS = 20;

export function drawFaultStorm(prng: Prng, scope: FaultScope): Fault[] {
  const count = 1 + Math.floor(prng.next() * MAX_STORM_FAULTS);
  return Array.from({ length: count }, () => ruined(drawFault(prng, scope), prng));
}

function ruined(fault: Fault, prng: Prng): Fault {
  const { host, atMs } = fault;
  if (host !== SERVER || prng.next() >= SHARE_OF_RUINOUS) return fault;
  if (prng.next() < 0.5) return { kind: 'kill', host, atMs, mode: 'reset' };
  const blockCount = 1 + Math.floor(prng.next() * MAX_WRONG_BLOCKS);
  return { kind: 'corrupt', host, atMs, blockCount };
}
