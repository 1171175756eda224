/**
 * What a client that follows one task is told: a snapshot, then the hosts that changed and the task,
 * then the end. It asks for rows only when they can be sent, so what waits for a slow client are the
 * positions of hosts and never their rows.
 */
import {
  isTerminalTaskStatus,
  MAX_HOSTS_PER_TASK,
  type HostRow,
  type TaskSummary,
} from '@gofd/task-model';
import { Coalescer } from './coalescer.ts';
import type { EventSink } from './event-sink.ts';
import { EVENT_INTERVAL_MS, MAX_ROWS_PER_EVENT } from './limits.ts';

/** The task as it is at this moment. */
export interface FollowedTask {
  /** Of the newest attempt. */
  readonly attempt: number;
  readonly hostCount: number;
  summary(): TaskSummary;
  /** @param positions in destIPs */
  rows(positions: readonly number[]): HostRow[];
  /** Positions of hosts whose explanation may have changed though nothing was heard of them. */
  silent(): number[];
}

export class TaskStream {
  readonly #find: () => FollowedTask | undefined;
  readonly #sink: EventSink;
  readonly #hosts = new Coalescer<number>({
    intervalMs: EVENT_INTERVAL_MS,
    maxWaiting: MAX_HOSTS_PER_TASK,
  });
  readonly #task = new Coalescer<'task'>({ intervalMs: EVENT_INTERVAL_MS, maxWaiting: 1 });
  #attempt = 0;
  #hasSnapshot = false;
  #isEnded = false;

  /** @param find the task; undefined when the server has forgotten it */
  constructor(find: () => FollowedTask | undefined, sink: EventSink) {
    this.#find = find;
    this.#sink = sink;
  }

  /** @param position of the host that changed; undefined for the task itself */
  changed(position?: number): void {
    if (position !== undefined) this.#hosts.mark(position);
    this.#task.mark('task');
  }

  /** Time has passed in which nothing may have been heard. */
  lookAtSilent(): void {
    for (const position of this.#find()?.silent() ?? []) this.#hosts.mark(position);
  }

  /** When `send` has to be called next; undefined while there is nothing to say. */
  get dueAtMs(): number | undefined {
    if (this.#isEnded) return undefined;
    const earliest = Math.min(this.#hosts.dueAtMs ?? Infinity, this.#task.dueAtMs ?? Infinity);
    return earliest === Infinity ? undefined : earliest;
  }

  /** Says what is due, as long as the client takes it. */
  send(nowMs: number): void {
    while (this.#sink.isReady && !this.#isEnded) {
      const task = this.#find();
      if (!task) return this.#end();
      if (task.attempt !== this.#attempt) this.#begin(task);
      if (!this.#sendRows(task, nowMs) && !this.#sendTask(task, nowMs)) return;
    }
  }

  #begin({ attempt, hostCount }: FollowedTask): void {
    this.#attempt = attempt;
    this.#hasSnapshot = false;
    for (let position = 0; position < hostCount; position++) this.#hosts.mark(position);
    this.#task.mark('task');
  }

  #sendRows(task: FollowedTask, nowMs: number): boolean {
    const positions = this.#hosts.take(nowMs, MAX_ROWS_PER_EVENT);
    if (positions.length === 0) return false;
    const hosts = task.rows(positions.filter((position) => position < task.hostCount));
    if (this.#hasSnapshot) this.#sink.send('hosts', hosts);
    else this.#sink.send('snapshot', { task: task.summary(), hosts });
    this.#hasSnapshot = true;
    return true;
  }

  #sendTask(task: FollowedTask, nowMs: number): boolean {
    if (this.#task.take(nowMs, 1).length === 0) return false;
    const summary = task.summary();
    const isOver = isTerminalTaskStatus(summary.status);
    // The verdict comes after the last row, whatever is due when.
    if (isOver && this.#hosts.size > 0) {
      this.#task.mark('task');
      return false;
    }
    this.#sink.send(isOver ? 'end' : 'task', summary);
    if (isOver) this.#end();
    return true;
  }

  #end(): void {
    this.#isEnded = true;
    this.#sink.end();
  }
}
