/**
 * Whether a service should be given work, and if not, why. A service that is alive but not ready is left
 * to itself: a restart would not mend a full disk. Anybody may ask, so the checks run once a second at
 * most, however often that is, and their sentences name no path.
 */

/** One reason not to be ready. */
export interface Unreadiness {
  readonly code: string;
  readonly message: string;
}

/** @returns why not, or undefined */
export type ReadinessCheck = () => Unreadiness | undefined;

/** A result is given again for so long. */
export const READINESS_TTL_MS = 1_000;

const STARTING: Unreadiness = {
  code: 'STARTING',
  message: 'tasks of an earlier run are still being taken up',
};

export class Readiness {
  readonly #check: ReadinessCheck;
  readonly #nowMs: () => number;
  #isStarted = false;
  #last: { readonly reasons: readonly Unreadiness[]; readonly atMs: number } | undefined;

  /** @param nowMs monotonic */
  constructor(check: ReadinessCheck, nowMs: () => number = () => performance.now()) {
    this.#check = check;
    this.#nowMs = nowMs;
  }

  /** Whatever an earlier life left is taken up: calls are answered as they should be. */
  started(): void {
    this.#isStarted = true;
  }

  /** Every reason; none when the service is ready. */
  reasons(): readonly Unreadiness[] {
    if (!this.#isStarted) return [STARTING];
    const atMs = this.#nowMs();
    if (!this.#last || atMs - this.#last.atMs >= READINESS_TTL_MS) {
      const reason = this.#check();
      this.#last = { reasons: reason ? [reason] : [], atMs };
    }
    return this.#last.reasons;
  }
}
