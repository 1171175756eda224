/**
 * How long the event loop kept callers waiting while something ran: what hashing, parsing and garbage
 * collection cost everybody else. Measured by timers that ring late (perf_hooks), so it costs a wake
 * every RESOLUTION_MS, and only while somebody measures.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Waits shorter than this are not seen. */
const RESOLUTION_MS = 20;
const NS_PER_MS = 1e6;

export interface LagMeasurement {
  /** Stops and tells the wait that 99 of 100 stayed below, ms beyond the timer's own interval. */
  stop(): { readonly p99Ms: number; readonly maxMs: number };
}

export function measureLag(): LagMeasurement {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  return {
    stop: () => {
      delays.disable();
      return { p99Ms: toLag(delays.percentile(99)), maxMs: toLag(delays.max) };
    },
  };
}

/** Before the first timer rang, the histogram holds nothing but its bounds. */
function toLag(delayNs: number): number {
  const lagMs = delayNs / NS_PER_MS - RESOLUTION_MS;
  return Number.isFinite(lagMs) ? Math.max(0, Math.round(lagMs * 10) / 10) : 0;
}
