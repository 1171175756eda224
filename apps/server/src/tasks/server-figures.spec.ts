import { expect, it } from 'vitest';
import { countTasks } from './server-figures.ts';

it('counts hosts of the tasks that wait or run, and tasks of every state', () => {
  const hosts = [{ status: 'COMPLETED' }, { status: 'INPROGRESS' }] as const;
  const { tasks, hosts: counted } = countTasks([
    { status: 'INPROGRESS', isOver: false, hosts },
    { status: 'INIT', isOver: false, hosts: [{ status: 'INIT' }] },
    { status: 'PARTIAL', isOver: true, hosts },
  ]);
  expect(tasks).toMatchObject({ INIT: 1, INPROGRESS: 1, PARTIAL: 1, COMPLETED: 0 });
  expect(counted).toEqual({ INIT: 1, INPROGRESS: 1, COMPLETED: 1, FAILED: 0, CANCELLED: 0 });
});
