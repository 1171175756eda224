/** What a client that follows the list is told: the newest tasks, then each that changed. */
import type { TaskSummary } from '@gofd/task-model';
import { MAX_TASKS } from '../tasks/task-registry.ts';
import { Coalescer } from './coalescer.ts';
import type { EventSink } from './event-sink.ts';
import { EVENT_INTERVAL_MS, MAX_TASKS_PER_EVENT } from './limits.ts';

export interface FollowedList {
  /** Ids of the newest tasks, the newest first. */
  newest(count: number): string[];
  /** Undefined when the server has forgotten the task. */
  summary(taskId: string): TaskSummary | undefined;
}

export class TaskListStream {
  readonly #list: FollowedList;
  readonly #sink: EventSink;
  readonly #tasks = new Coalescer<string>({
    intervalMs: EVENT_INTERVAL_MS,
    maxWaiting: MAX_TASKS,
  });
  #isFirst = true;

  constructor(list: FollowedList, sink: EventSink) {
    this.#list = list;
    this.#sink = sink;
    for (const id of list.newest(MAX_TASKS_PER_EVENT)) this.#tasks.mark(id);
  }

  changed(taskId: string): void {
    this.#tasks.mark(taskId);
  }

  get dueAtMs(): number | undefined {
    return this.#tasks.dueAtMs;
  }

  /** Says what is due, as long as the client takes it; the first event comes even if there is no task. */
  send(nowMs: number): void {
    while (this.#sink.isReady) {
      const ids = this.#tasks.take(nowMs, MAX_TASKS_PER_EVENT);
      if (ids.length === 0 && !this.#isFirst) return;
      this.#isFirst = false;
      this.#sink.send(
        'tasks',
        ids.flatMap((id) => this.#list.summary(id) ?? []),
      );
    }
  }
}
