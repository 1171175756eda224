/**
 * Tells the server of the configuration that this agent is there, what it is and how much room it has,
 * again and again. A server that is away costs nothing but the next try.
 */
import type { Clock } from '@gofd/p2p-driver';
import type { AnnounceDto } from '@gofd/task-model';

/** Pause after a failed announcement: first, doubled each time, at most the last. */
export const ANNOUNCE_RETRY_FIRST_MS = 1_000;
export const ANNOUNCE_RETRY_MAX_MS = 60_000;
/** The interval that a server may ask for. */
export const MIN_INTERVAL_MS = 1_000;
export const MAX_INTERVAL_MS = 600_000;

export interface AnnouncerOptions {
  /** What is said, as it is at this moment. */
  readonly describe: () => Promise<AnnounceDto>;
  /** @returns time until the next one; undefined when it was not taken */
  readonly send: (announcement: AnnounceDto) => Promise<number | undefined>;
  readonly clock: Clock;
  /** Called when announcing begins to work, or ceases to. */
  readonly changed: (isTaken: boolean) => void;
}

export class Announcer {
  readonly #options: AnnouncerOptions;
  #failuresInRow = 0;
  #wasTaken: boolean | undefined;
  #isStopped = false;
  #cancel: () => void = () => undefined;

  constructor(options: AnnouncerOptions) {
    this.#options = options;
  }

  start(): void {
    void this.#announce();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  async #announce(): Promise<void> {
    const { describe, send, clock, changed } = this.#options;
    const intervalMs = await describe()
      .then(send)
      .catch(() => undefined);
    if (this.#isStopped) return;
    const isTaken = intervalMs !== undefined;
    if (isTaken !== this.#wasTaken) changed(isTaken);
    this.#wasTaken = isTaken;
    this.#failuresInRow = isTaken ? 0 : this.#failuresInRow + 1;
    const delayMs = isTaken ? within(intervalMs) : retryDelayMs(this.#failuresInRow);
    this.#cancel = clock.after(delayMs, () => void this.#announce());
  }
}

function within(intervalMs: number): number {
  return Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, intervalMs));
}

function retryDelayMs(failuresInRow: number): number {
  return Math.min(ANNOUNCE_RETRY_MAX_MS, ANNOUNCE_RETRY_FIRST_MS * 2 ** (failuresInRow - 1));
}
