/** The tasks that the server remembers, by id. The oldest ended ones make room for new ones. */
import { RequestError } from '@gofd/task-model';
import type { AttemptRunner } from './attempt-runner.ts';

/** Tasks remembered; at the bound the oldest ended one is forgotten, or the new one refused. */
export const MAX_TASKS = 10_000;

export class TaskRegistry {
  readonly #limit: number;
  /** In the order of their last attempt. */
  readonly #tasks = new Map<string, AttemptRunner>();

  constructor(limit = MAX_TASKS) {
    this.#limit = limit;
  }

  get(id: string): AttemptRunner | undefined {
    return this.#tasks.get(id);
  }

  /** Newest first. */
  list(): AttemptRunner[] {
    return [...this.#tasks.values()].reverse();
  }

  /** Takes a new task, or a new attempt in place of the last one. */
  put(runner: AttemptRunner): void {
    this.#tasks.delete(runner.record.id);
    this.#tasks.set(runner.record.id, runner);
  }

  forget(id: string): void {
    this.#tasks.delete(id);
  }

  /**
   * @returns the task that has to be forgotten before one with this id is put
   * @throws RequestError when there is no room and nothing to forget
   */
  inTheWayOf(id: string): string | undefined {
    if (this.#tasks.has(id) || this.#tasks.size < this.#limit) return undefined;
    for (const [other, { record }] of this.#tasks) if (record.isOver) return other;
    throw new RequestError(
      'TOO_MANY_TASKS',
      `${this.#limit} tasks are waiting or running; try again when some have ended`,
    );
  }
}
