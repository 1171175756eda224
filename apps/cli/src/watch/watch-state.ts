/** What a watcher knows at one moment, and how an answer or a failed call changes it. */
import type { TaskView } from '@gofd/task-model';
import { RateEstimator, secondsLeft } from './rate-estimator.ts';
import { taskProgress, type TaskProgress } from './task-progress.ts';

/** Figures older than this are shown with their age, and without rate and time left. */
export const STALE_AFTER_MS = 3_000;

/** The server has not answered since. */
export interface Trouble {
  readonly sinceMs: number;
  readonly sinceWall: Date;
  readonly reason: string;
}

export interface WatchState {
  readonly task: TaskView;
  /** The answer as it came. */
  readonly json: string;
  readonly progress: TaskProgress;
  /** Monotonic time of the last answer. */
  readonly answeredAtMs: number;
  readonly bytesPerSecond?: number;
  readonly secondsLeft?: number;
  readonly trouble?: Trouble;
}

export class WatchModel {
  private readonly rate = new RateEstimator();

  onAnswer(answer: { value: TaskView; json: string }, nowMs: number): WatchState {
    const progress = taskProgress(answer.value);
    if (progress.movedBytes !== undefined) this.rate.add(progress.movedBytes, nowMs);
    const bytesPerSecond = this.rate.bytesPerSecond();
    const left = secondsLeft(progress.remainingBytes ?? 0, bytesPerSecond);
    return {
      task: answer.value,
      json: answer.json,
      progress,
      answeredAtMs: nowMs,
      ...(bytesPerSecond !== undefined && { bytesPerSecond }),
      ...(left !== undefined && { secondsLeft: left }),
    };
  }

  onTrouble(state: WatchState, reason: string, nowMs: number, nowWall: Date): WatchState {
    const since = state.trouble ?? { sinceMs: nowMs, sinceWall: nowWall };
    return { ...state, trouble: { ...since, reason } };
  }
}

/** Milliseconds since the last answer when the figures must not look live, else undefined. */
export function staleAgeMs(state: WatchState, nowMs: number): number | undefined {
  const ageMs = nowMs - state.answeredAtMs;
  return state.trouble !== undefined || ageMs > STALE_AFTER_MS ? ageMs : undefined;
}
