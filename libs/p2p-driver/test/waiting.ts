/** Waits on conditions, never on time; what does not come about names itself. */

/** Long enough for a busy machine, short enough to be told before the runner loses patience. */
const DEADLINE_MS = 15_000;

/** One turn of the event loop: sockets and disk get their say. Works under fake timers, too. */
export function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** @param what says in the failure what was waited for */
export async function waitUntil(what: string, isTrue: () => boolean): Promise<void> {
  const endsAtMs = performance.now() + DEADLINE_MS;
  while (!isTrue()) {
    if (performance.now() > endsAtMs) throw new Error(`waited in vain until ${what}`);
    await eventLoopTurn();
  }
}
