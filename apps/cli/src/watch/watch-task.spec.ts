import type { TaskView } from '@gofd/task-model';
import { describe, expect, it } from 'vitest';
import { aTask, anEndedTask, MIB } from '../../test/a-task.ts';
import { CliError } from '../errors.ts';
import type { Clock } from './clock.ts';
import { GIVE_UP_AFTER_MS } from './poll-schedule.ts';
import { watchTask, type WatchReporter } from './watch-task.ts';
import type { WatchState } from './watch-state.ts';

class RecordingReporter implements WatchReporter {
  readonly states: WatchState[] = [];
  show(state: WatchState): void {
    this.states.push(state);
  }
  close(): void {}
}

/** Time passes only in pauses. */
class VirtualClock implements Clock {
  readonly pausesMs: number[] = [];
  private timeMs = 0;
  onPause: () => void = () => {};
  nowMs(): number {
    return this.timeMs;
  }
  nowWall(): Date {
    return new Date(this.timeMs);
  }
  delay(ms: number, signal: AbortSignal): Promise<void> {
    this.pausesMs.push(ms);
    this.timeMs += ms;
    this.onPause();
    return signal.aborted ? Promise.reject(new Error('aborted')) : Promise.resolve();
  }
}

const AWAY = new CliError('unreachable', 'refused', { code: 'ECONNREFUSED' });

function watching(answers: readonly (TaskView | CliError)[]) {
  const reporter = new RecordingReporter();
  const clock = new VirtualClock();
  const interrupt = new AbortController();
  let calls = 0;
  const source = {
    getTask: () => {
      const answer = answers[Math.min(calls, answers.length - 1)];
      calls += 1;
      if (answer instanceof CliError) return Promise.reject(answer);
      if (answer === undefined) return Promise.reject(new Error('no answer was given'));
      return Promise.resolve({ value: answer, json: JSON.stringify(answer) });
    },
  };
  const ended = () => watchTask(source, 'release-7', reporter, interrupt.signal, clock);
  return { reporter, clock, interrupt, ended };
}

const at = (percentComplete: number) => aTask({ hosts: { a: { percentComplete } } });

describe('watchTask', () => {
  it('asks every half second until the task has ended', async () => {
    const { ended, clock, reporter } = watching([at(0), at(50), anEndedTask('PARTIAL')]);
    expect((await ended()).task.status).toBe('PARTIAL');
    expect(clock.pausesMs).toEqual([500, 500]);
    expect(reporter.states).toHaveLength(3);
  });

  it('tells the rate and the time left from the answers', async () => {
    const answers = [0, 10, 20, 30, 40].map(at);
    const { ended, reporter } = watching([...answers, anEndedTask('COMPLETED')]);
    await ended();
    // 10 MiB in each half second, 60 MiB to go.
    expect(reporter.states[4]?.bytesPerSecond).toBeCloseTo(20 * MIB);
    expect(reporter.states[4]?.secondsLeft).toBeCloseTo(3);
  });

  it('keeps trying with growing pauses while the server is away, and tells since when', async () => {
    const answers = [at(5), AWAY, AWAY, AWAY, at(6), anEndedTask('COMPLETED')];
    const { ended, clock, reporter } = watching(answers);
    await ended();
    expect(clock.pausesMs).toEqual([500, 500, 1000, 2000, 500]);
    const troubles = reporter.states.map(({ trouble }) => trouble?.sinceMs);
    expect(troubles).toEqual([undefined, 500, 500, 500, undefined, undefined]);
    expect(reporter.states[3]?.trouble?.reason).toBe('ECONNREFUSED');
  });

  it('gives up when the server stays away for too long', async () => {
    const { ended, clock } = watching([at(5), AWAY]);
    await expect(ended()).rejects.toBe(AWAY);
    expect(clock.nowMs()).toBeGreaterThan(GIVE_UP_AFTER_MS);
  });

  it.each([
    ['an unreachable server at the first call', [AWAY]],
    ['a refusal', [at(1), new CliError('refused', 'gone', { code: 'TASK_NOT_EXISTED' })]],
  ])('ends at once on %s', async (_title, answers) => {
    const { ended, clock } = watching(answers);
    await expect(ended()).rejects.toBe(answers.at(-1));
    expect(clock.pausesMs.length).toBeLessThanOrEqual(1);
  });

  it('ends as interrupted when the signal comes', async () => {
    const { ended, clock, interrupt } = watching([at(1)]);
    clock.onPause = () => interrupt.abort();
    await expect(ended()).rejects.toMatchObject({ outcome: 'interrupted' });
  });
});
