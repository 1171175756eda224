/** At most `control.maxActive` tasks are active at once in a process; the others wait in turn. */
export class ActiveSlots {
  readonly #limit: number;
  readonly #active = new Set<string>();
  readonly #waiting = new Map<string, () => void>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Tasks that have a slot. */
  get activeCount(): number {
    return this.#active.size;
  }

  /** Tasks that wait for one. */
  get waitingCount(): number {
    return this.#waiting.size;
  }

  /** Calls `start` now or when a slot is free. A task that has one keeps it. */
  request(taskId: string, start: () => void): void {
    if (this.#active.has(taskId)) return start();
    this.#waiting.set(taskId, start);
    this.#fill();
  }

  /** The task needs no slot any more, whether it had one or waited. */
  release(taskId: string): void {
    this.#waiting.delete(taskId);
    this.#active.delete(taskId);
    this.#fill();
  }

  #fill(): void {
    for (const [taskId, start] of this.#waiting) {
      if (this.#active.size >= this.#limit) return;
      this.#waiting.delete(taskId);
      this.#active.add(taskId);
      start();
    }
  }
}
