import { describe, expect, it } from 'vitest';
import { AT, aBegunRecord } from '../../test/a-task-record.ts';
import type { AttemptRunner } from './attempt-runner.ts';
import { MAX_TASKS, TaskRegistry } from './task-registry.ts';

/** The registry looks at the record only. */
function aRunner(id: string, isOver = false): AttemptRunner {
  const record = aBegunRecord({ id });
  if (isOver) record.cancel(AT);
  return { record } as AttemptRunner;
}

/** As the service does it. */
function take(registry: TaskRegistry, runner: AttemptRunner): void {
  const old = registry.inTheWayOf(runner.record.id);
  if (old !== undefined) registry.forget(old);
  registry.put(runner);
}

const idsOf = (registry: TaskRegistry): string[] => registry.list().map(({ record }) => record.id);

describe('TaskRegistry', () => {
  it('lists the newest first, a new attempt included', () => {
    const registry = new TaskRegistry();
    for (const id of ['a', 'b', 'c', 'a']) registry.put(aRunner(id));
    expect(idsOf(registry)).toEqual(['a', 'c', 'b']);
  });

  it('forgets the oldest ended task at its bound', () => {
    const registry = new TaskRegistry(3);
    take(registry, aRunner('live'));
    take(registry, aRunner('old', true));
    take(registry, aRunner('recent', true));
    take(registry, aRunner('new'));
    expect(idsOf(registry)).toEqual(['new', 'recent', 'live']);
  });

  it('refuses a task when all at its bound are live, and forgets none', () => {
    const registry = new TaskRegistry(2);
    take(registry, aRunner('a'));
    take(registry, aRunner('b'));
    expect(() => take(registry, aRunner('c'))).toThrow(
      expect.objectContaining({ code: 'TOO_MANY_TASKS', statusCode: 429 }),
    );
    expect(idsOf(registry)).toEqual(['b', 'a']);
    take(registry, aRunner('a'));
    expect(idsOf(registry)).toEqual(['a', 'b']);
  });

  it('has a bound', () => {
    expect(MAX_TASKS).toBe(10_000);
  });
});
