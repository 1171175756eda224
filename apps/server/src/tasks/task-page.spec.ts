import { describe, expect, it } from 'vitest';
import type { TaskStatus } from '@gofd/task-model';
import { pageOfTasks } from './task-page.ts';

const aTask = (id: string, createdAtMs: number, status: TaskStatus = 'COMPLETED') => ({
  id,
  createdAt: new Date(createdAtMs),
  status,
});
const TASKS = [aTask('d', 40), aTask('c', 30, 'FAILED'), aTask('b', 30), aTask('a', 10, 'FAILED')];
const ids = (page: readonly { id: string }[]): string[] => page.map(({ id }) => id);

describe('a page of tasks', () => {
  it('is all of them when nothing is asked for', () => {
    const { page, next } = pageOfTasks(TASKS, {});
    expect([ids(page), next]).toEqual([['d', 'c', 'b', 'a'], undefined]);
  });

  it('leads to the next until there is none', () => {
    const first = pageOfTasks(TASKS, { limit: 2 });
    expect(ids(first.page)).toEqual(['d', 'c']);
    const second = pageOfTasks(TASKS, { limit: 2, after: first.next });
    expect([ids(second.page), second.next]).toEqual([['b', 'a'], undefined]);
  });

  it('has no next when it ends exactly with the last task', () => {
    expect(pageOfTasks(TASKS, { limit: 4 }).next).toBeUndefined();
  });

  it('holds the states that are asked for, and so do the next ones', () => {
    const first = pageOfTasks(TASKS, { statuses: ['FAILED'], limit: 1 });
    expect(ids(first.page)).toEqual(['c']);
    const second = pageOfTasks(TASKS, { statuses: ['FAILED'], limit: 1, after: first.next });
    expect([ids(second.page), second.next]).toEqual([['a'], undefined]);
  });

  it('goes on at the same place when its last task is gone and new ones have come', () => {
    const { next } = pageOfTasks(TASKS, { limit: 2 });
    const now = [aTask('e', 50), ...TASKS.filter(({ id }) => id !== 'c')];
    expect(ids(pageOfTasks(now, { after: next }).page)).toEqual(['a']);
    expect(pageOfTasks([], { after: next }).page).toEqual([]);
  });
});
