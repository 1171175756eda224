/** Time as the watch needs it; tests hand in their own. */
import { setTimeout as delay } from 'node:timers/promises';

export interface Clock {
  /** Monotonic. */
  nowMs(): number;
  nowWall(): Date;
  /** Rejects as soon as the signal is aborted. */
  delay(ms: number, signal: AbortSignal): Promise<void>;
}

export const SYSTEM_CLOCK: Clock = {
  nowMs: () => performance.now(),
  nowWall: () => new Date(),
  delay: (ms, signal) => delay(ms, undefined, { signal }),
};
