/**
 * For a server that is told to keep nothing: what it remembers, it remembers itself, and an audit trail
 * that ends with the process is all there is.
 */
import { TaskStore, type AuditEntry } from './task-store.port.ts';

/** Audit entries that are kept; the oldest make room. */
export const MAX_REMEMBERED_ENTRIES = 10_000;

export class ForgetfulTaskStore extends TaskStore {
  /** Oldest first. */
  #entries: AuditEntry[] = [];

  override loadAll(): never[] {
    return [];
  }

  override add(): void {}

  override update(): void {}

  override setContent(): void {}

  override forget(): void {}

  override audit(entry: AuditEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length > 2 * MAX_REMEMBERED_ENTRIES) {
      this.#entries = this.#entries.slice(-MAX_REMEMBERED_ENTRIES);
    }
  }

  override readAudit(limit: number, taskId?: string): AuditEntry[] {
    const kept = this.#entries.slice(-MAX_REMEMBERED_ENTRIES);
    const asked = taskId === undefined ? kept : kept.filter((entry) => entry.taskId === taskId);
    return asked.slice(-limit).reverse();
  }

  override findProblem(): undefined {}

  override close(): void {}
}
