import { ApiError } from '@gofd/api-client';
import { taskIdProblem } from '@gofd/task-model';
import { describe, expect, it } from 'vitest';
import { placeRefusal, readNewTask, suggestTaskId } from './new-task-form.ts';

const VALUES = { id: ' t1 ', dispatchFiles: '/a\n\n /b \n', destIPs: '', destGroups: '' };

describe('the form of a new task', () => {
  it('takes one entry a line', () => {
    const task = readNewTask({ ...VALUES, destIPs: '10.0.0.1\r\n10.0.0.2' });
    expect(task).toEqual({
      id: 't1',
      dispatchFiles: ['/a', '/b'],
      destIPs: ['10.0.0.1', '10.0.0.2'],
    });
  });

  it('leaves out the list of hosts only where there are groups', () => {
    expect(readNewTask(VALUES)).toHaveProperty('destIPs', []);
    expect(readNewTask({ ...VALUES, destGroups: 'zone=a' })).toEqual({
      id: 't1',
      dispatchFiles: ['/a', '/b'],
      destGroups: ['zone=a'],
    });
  });

  it('suggests an id that the server takes', () => {
    const id = suggestTaskId(new Date('2026-11-25T09:30:00Z'));
    expect(id).toBe('task-20261125-093000');
    expect(taskIdProblem(id)).toBeUndefined();
  });

  it('puts a refusal that names no field to the field it is about', () => {
    const existed = new ApiError({ statusCode: 409, code: 'TASK_EXISTED', message: 'taken' });
    const placed = { field: 'id', code: 'TASK_EXISTED', message: 'taken' };
    expect(placeRefusal(existed).details).toEqual([placed]);
    const busy = new ApiError({ statusCode: 429, code: 'TOO_MANY_TASKS', message: 'later' });
    expect(placeRefusal(busy)).toBe(busy);
  });
});
