import { setTimeout as delay } from 'node:timers/promises';

const DEADLINE_MS = 10_000;
const POLL_MS = 5;

/** The first value that is there; fails with `what` when it does not come in time. */
export async function waitUntil<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const deadlineMs = Date.now() + DEADLINE_MS;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadlineMs) throw new Error(`waited in vain for ${what}`);
    await delay(POLL_MS);
  }
}
