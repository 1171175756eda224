/** Tells whoever listens which tasks and hosts have changed; costs nothing while nobody does. */
import type { TaskRecord } from '../tasks/task-record.ts';

/** @param position in destIPs of the host that changed; undefined for the task itself */
export type FeedListener = (taskId: string, position?: number) => void;

export class TaskFeed {
  readonly #listeners = new Set<FeedListener>();

  /** From now on changes of this attempt are told; the first is that it is there. */
  follow(record: TaskRecord): void {
    record.whenUpdated((position) => this.#tell(record.id, position));
    this.#tell(record.id);
  }

  /** @returns a function that ends it */
  listen(listener: FeedListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(taskId: string, position?: number): void {
    for (const listener of this.#listeners) listener(taskId, position);
  }
}
