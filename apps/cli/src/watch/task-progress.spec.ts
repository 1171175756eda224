import { describe, expect, it } from 'vitest';
import { aTask } from '../../test/a-task.ts';
import { hostsByUrgency, taskProgress } from './task-progress.ts';

describe('taskProgress', () => {
  it('counts failed and cancelled hosts as lost, and what they had received as moved', () => {
    const task = aTask({
      totalBytes: 1000,
      hosts: {
        a: { status: 'COMPLETED', percentComplete: 100 },
        b: { status: 'INPROGRESS', percentComplete: 50 },
        c: { status: 'FAILED', percentComplete: 20 },
        d: { status: 'CANCELLED', percentComplete: 0 },
      },
    });
    expect(taskProgress(task)).toEqual({
      deliveredShare: 0.375,
      lostShare: 0.5,
      movedBytes: 1700,
      remainingBytes: 500,
    });
  });

  it('knows no bytes before the size is known', () => {
    expect(taskProgress(aTask({ totalBytes: undefined }))).toEqual({
      deliveredShare: 0,
      lostShare: 0,
    });
  });
});

describe('hostsByUrgency', () => {
  it('puts failed hosts first, then those in progress, and keeps the given order within', () => {
    const task = aTask({
      hosts: {
        done: { status: 'COMPLETED' },
        wait: { status: 'INIT' },
        b: { status: 'INPROGRESS', percentComplete: 90 },
        a: { status: 'INPROGRESS', percentComplete: 10 },
        bad: { status: 'FAILED' },
      },
    });
    expect(hostsByUrgency(task).map(([name]) => name)).toEqual(['bad', 'b', 'a', 'wait', 'done']);
  });
});
