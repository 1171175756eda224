/**
 * Waits until a peer that is ready has come to rest: what a daemon still compiles and collects after it
 * has begun to listen belongs to its start, not to the distribution.
 */
import { setTimeout as sleep } from 'node:timers/promises';

const SAMPLE_MS = 250;
/** Cores in use below which it rests; idle daemons have timers. */
const RESTING_CORES = 0.1;
/** A peer that never rests is measured as it is after this. */
const MAX_SAMPLES = 20;
/** Where nobody counts its CPU time. */
const UNCOUNTED_PAUSE_MS = 1000;

/** @param peerClock CPU time of its processes so far, s */
export async function waitForRest(
  peerClock: (() => number) | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (!peerClock) return sleep(UNCOUNTED_PAUSE_MS, undefined, { signal });
  let before = peerClock();
  for (let sample = 0; sample < MAX_SAMPLES; sample += 1) {
    await sleep(SAMPLE_MS, undefined, { signal });
    const now = peerClock();
    if (isResting(now - before, SAMPLE_MS)) return;
    before = now;
  }
}

export function isResting(cpuSeconds: number, elapsedMs: number): boolean {
  return (cpuSeconds * 1000) / elapsedMs < RESTING_CORES;
}
