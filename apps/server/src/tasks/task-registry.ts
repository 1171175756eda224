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
    if (this.#tasks.size >= this.#limit) this.#forgetOne();
    this.#tasks.set(runner.record.id, runner);
  }

  #forgetOne(): void {
    for (const [id, { record }] of this.#tasks) {
      if (!record.isOver) continue;
      this.#tasks.delete(id);
      return;
    }
    throw new RequestError(
      'TOO_MANY_TASKS',
      `${this.#limit} tasks are waiting or running; try again when some have ended`,
    );
  }
}
