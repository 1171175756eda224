import { WatchModel, type WatchState } from '../src/watch/watch-state.ts';
import { aTask, type TaskShape } from './a-task.ts';

/** The state right after an answer at time 0, with anything replaced. */
export function aWatchState(shape: TaskShape = {}, changes: Partial<WatchState> = {}): WatchState {
  const task = aTask(shape);
  return {
    ...new WatchModel().onAnswer({ value: task, json: JSON.stringify(task) }, 0),
    ...changes,
  };
}
