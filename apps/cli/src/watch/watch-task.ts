/**
 * Follows a task to its end. A server that does not answer is asked again with growing pauses, and
 * the reporter is told each time; an answer that says no (4xx) ends the watch at once.
 */
import { isTerminalTaskStatus, type TaskView } from '@gofd/task-model';
import type { Answer } from '../connection/server-calls.ts';
import { CliError } from '../errors.ts';
import { SYSTEM_CLOCK, type Clock } from './clock.ts';
import { GIVE_UP_AFTER_MS, pauseAfterAnswerMs, pauseAfterFailureMs } from './poll-schedule.ts';
import { WatchModel, type WatchState } from './watch-state.ts';

/** Where a watch shows itself. `close` leaves the terminal as it should be. */
export interface WatchReporter {
  show(state: WatchState): void;
  close(): void;
}

export interface TaskSource {
  getTask(id: string, signal: AbortSignal): Promise<Answer<TaskView>>;
}

/**
 * @param signal ends the watch; the task goes on
 * @returns the state in which the task has ended
 * @throws CliError when the first call fails, the server refuses, or it is away for too long
 */
export async function watchTask(
  source: TaskSource,
  id: string,
  reporter: WatchReporter,
  signal: AbortSignal,
  clock: Clock = SYSTEM_CLOCK,
): Promise<WatchState> {
  const poller = new TaskPoller(source, id, signal, clock);
  try {
    for (;;) {
      const { state, pauseMs } = await poller.poll();
      reporter.show(state);
      if (isTerminalTaskStatus(state.task.status)) return state;
      await clock.delay(pauseMs, signal);
    }
  } catch (error) {
    throw signal.aborted ? new CliError('interrupted', 'interrupted') : error;
  }
}

/** One call after the other, and what is known after each. */
class TaskPoller {
  private readonly model = new WatchModel();
  private readonly source: TaskSource;
  private readonly id: string;
  private readonly signal: AbortSignal;
  private readonly clock: Clock;
  private state: WatchState | undefined;
  private failures = 0;

  constructor(source: TaskSource, id: string, signal: AbortSignal, clock: Clock) {
    this.source = source;
    this.id = id;
    this.signal = signal;
    this.clock = clock;
  }

  async poll(): Promise<{ state: WatchState; pauseMs: number }> {
    const startedAtMs = this.clock.nowMs();
    try {
      const answer = await this.source.getTask(this.id, this.signal);
      const nowMs = this.clock.nowMs();
      this.failures = 0;
      this.state = this.model.onAnswer(answer, nowMs);
      return { state: this.state, pauseMs: pauseAfterAnswerMs(nowMs - startedAtMs) };
    } catch (error) {
      return this.onFailure(error);
    }
  }

  private onFailure(error: unknown): { state: WatchState; pauseMs: number } {
    const nowMs = this.clock.nowMs();
    if (!this.state || !isPassing(error)) throw error;
    if (nowMs - this.state.answeredAtMs > GIVE_UP_AFTER_MS) throw error;
    this.failures += 1;
    const reason = error.options.code ?? error.message;
    this.state = this.model.onTrouble(this.state, reason, nowMs, this.clock.nowWall());
    return { state: this.state, pauseMs: pauseAfterFailureMs(this.failures) };
  }
}

/** The server is away or in trouble: it may well answer the next call. */
function isPassing(error: unknown): error is CliError {
  return (
    error instanceof CliError && (error.outcome === 'unreachable' || error.outcome === 'unexpected')
  );
}
