/**
 * Stores what changes in one attempt. Changes of one turn of the event loop are one transaction, which
 * ends before any answer that speaks of them leaves: microtasks run in the order in which they were
 * queued. While the state cannot be written the task goes on, and what has changed stays marked.
 */
import type { Clock } from '@gofd/p2p-driver';
import type { TaskLog } from '../tasks/task-log.ts';
import type { TaskRecord } from '../tasks/task-record.ts';
import type { StoredAttempt, StoredHost, TaskStore } from './task-store.port.ts';

/** Pause before a failed write is tried again. */
export const RETRY_WRITE_MS = 5_000;

export interface StateKeeperOptions {
  readonly record: TaskRecord;
  /** The attempt as it is now. */
  readonly attempt: () => StoredAttempt;
  readonly store: TaskStore;
  readonly clock: Clock;
  readonly log: TaskLog;
}

export class StateKeeper {
  readonly #options: StateKeeperOptions;
  readonly #changedHosts = new Set<number>();
  #isDue = false;
  #isFailing = false;

  constructor(options: StateKeeperOptions) {
    this.#options = options;
    options.record.whenChanged((position) => this.changed(position));
  }

  /** @param position of the host that changed; undefined for the attempt itself */
  changed(position?: number): void {
    if (position !== undefined) this.#changedHosts.add(position);
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => this.#write());
  }

  #write(): void {
    const { attempt, store, clock, log } = this.#options;
    const now = attempt();
    try {
      store.update(now, this.#changed());
      this.#changedHosts.clear();
      this.#isDue = false;
      if (this.#isFailing) log.info('state is written again', { task: now.id });
      this.#isFailing = false;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!this.#isFailing) log.warn('state cannot be written', { task: now.id, reason });
      this.#isFailing = true;
      clock.after(RETRY_WRITE_MS, () => this.#write());
    }
  }

  #changed(): Map<number, StoredHost> {
    const { hosts } = this.#options.record;
    const changed = new Map<number, StoredHost>();
    for (const position of this.#changedHosts) {
      const host = hosts[position];
      if (host) changed.set(position, host.toStore());
    }
    return changed;
  }
}
