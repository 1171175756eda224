/** When to ask the server again. Pure arithmetic; the watcher owns the timer. */

export const POLL_INTERVAL_MS = 500;
/** Longest pause between two calls, after errors and for slow answers. */
export const MAX_POLL_INTERVAL_MS = 5_000;
/** Of the time, at most a fifth is spent in calls: a view of 10,000 hosts costs the server too. */
const PAUSE_PER_CALL = 4;
/** A watcher that nobody looks at must end some time. */
export const GIVE_UP_AFTER_MS = 10 * 60_000;

export function pauseAfterAnswerMs(callMs: number): number {
  return Math.min(MAX_POLL_INTERVAL_MS, Math.max(POLL_INTERVAL_MS, callMs * PAUSE_PER_CALL));
}

/** @param failures calls that failed in a row, at least 1 */
export function pauseAfterFailureMs(failures: number): number {
  return Math.min(MAX_POLL_INTERVAL_MS, POLL_INTERVAL_MS * 2 ** Math.min(failures - 1, 10));
}
