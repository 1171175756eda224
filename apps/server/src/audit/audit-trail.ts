/**
 * Who asked for what, and how it ended. An entry is written with what it speaks of; one that cannot be
 * written is logged instead and stops nobody.
 */
import {
  StateError,
  type AuditAction,
  type AuditEntry,
  type TaskStore,
} from '../state/task-store.port.ts';
import type { TaskLog } from '../tasks/task-log.ts';

/** The server, for what it did of itself. */
export const SERVER_ACTOR = 'server';

export class AuditTrail {
  readonly #store: TaskStore;
  readonly #log: TaskLog;

  constructor(store: TaskStore, log: TaskLog) {
    this.#store = store;
    this.#log = log;
  }

  /** @param actor address of the caller, or SERVER_ACTOR */
  note(actor: string, action: AuditAction, detail: string, taskId?: string): void {
    try {
      this.#store.audit({ at: new Date(), actor, action, taskId, detail });
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      this.#log.warn('audit entry cannot be stored', { actor, action, task: taskId, detail });
    }
  }

  /** Newest first. */
  read(limit: number, taskId?: string): AuditEntry[] {
    return this.#store.readAudit(limit, taskId);
  }
}
