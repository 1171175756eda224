import { describe, expect, it } from 'vitest';
import { anEndedTask, aTask } from '../../test/a-task.ts';
import { aWatchState } from '../../test/a-watch-state.ts';
import { JsonReporter, PlainReporter } from './line-reporters.ts';

function plain() {
  const written: string[] = [];
  const time = { ms: 0 };
  const clock = {
    nowMs: () => time.ms,
    nowWall: () => new Date(Date.UTC(2026, 10, 22, 23, 15, 7)),
  };
  return { written, time, reporter: new PlainReporter((text) => written.push(text), clock) };
}

const at = (percentComplete: number) => aWatchState({ hosts: { a: { percentComplete } } });

describe('PlainReporter', () => {
  it('writes one line with the time for a change, and nothing without', () => {
    const { reporter, written, time } = plain();
    reporter.show({ ...at(10), bytesPerSecond: 1024, secondsLeft: 42 });
    time.ms = 5000;
    reporter.show({ ...at(10), bytesPerSecond: 2048 });
    expect(written).toEqual([
      '2026-11-22T23:15:07Z  INPROGRESS  10.0 %  0/1 hosts done  100 MiB each  1.00 KiB/s  0:42 left\n',
    ]);
  });

  it('writes at most one line a second, and the end always', () => {
    const { reporter, written, time } = plain();
    for (time.ms = 0; time.ms < 3000; time.ms += 100) reporter.show(at(time.ms / 100));
    const task = anEndedTask('COMPLETED');
    reporter.show({ ...at(0), task });
    expect(written).toHaveLength(4);
    expect(written[3]).toContain('COMPLETED');
  });

  it('names failed hosts, but not more than fit a line', () => {
    const { reporter, written } = plain();
    const failed = { status: 'FAILED' as const, code: 'NO_SPACE' };
    reporter.show(aWatchState({ hosts: { a: failed, b: failed, c: failed, d: failed } }));
    expect(written[0]).toContain('4 failed: a (NO_SPACE), b (NO_SPACE), c (NO_SPACE), …');
  });

  it('says that the server is away, without any figure', () => {
    const { reporter, written } = plain();
    const sinceWall = new Date(2026, 10, 22, 23, 15, 2);
    reporter.show({ ...at(50), trouble: { sinceMs: 0, sinceWall, reason: 'ETIMEDOUT' } });
    expect(written[0]).toBe(
      '2026-11-22T23:15:07Z  server unreachable since 23:15:02 (ETIMEDOUT), retrying\n',
    );
  });
});

describe('JsonReporter', () => {
  it('writes each changed answer exactly as it came', () => {
    const written: string[] = [];
    const reporter = new JsonReporter((text) => written.push(text));
    const state = { ...aWatchState(), task: aTask() };
    for (const json of ['{"a": 1}', '{"a": 1}', '{"a":2}']) reporter.show({ ...state, json });
    expect(written).toEqual(['{"a": 1}\n', '{"a":2}\n']);
  });
});
