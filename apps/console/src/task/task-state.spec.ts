import { ApiError, type TaskEvent } from '@gofd/api-client';
import { describe, expect, it } from 'vitest';
import { aHostRow, aTask } from '../../test/a-host-row.ts';
import { reduceTask, START_OF_TASK, type TaskState } from './task-state.ts';

function told(...events: readonly TaskEvent[]): TaskState {
  return events.reduce(
    (state, event, index) => reduceTask(state, event, index * 1_000),
    START_OF_TASK,
  );
}

const SNAPSHOT: TaskEvent = {
  event: 'snapshot',
  data: { task: aTask('t', { bytesPerSecond: 5 }), hosts: [aHostRow('a'), aHostRow('b')] },
};

describe('what is known of a task', () => {
  it('begins with the snapshot, and rows take their place or come behind', () => {
    const changed = aHostRow('a', { percentComplete: 50 });
    const state = told(SNAPSHOT, { event: 'hosts', data: [aHostRow('c'), changed] });
    expect(state.rows.map(({ host }) => host)).toEqual(['a', 'b', 'c']);
    expect(state.rows[0]).toBe(changed);
    expect([...state.positionOf]).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 2],
    ]);
  });

  it('does not change what was shown before', () => {
    const before = told(SNAPSHOT);
    const rows = [...before.rows];
    reduceTask(before, { event: 'hosts', data: [aHostRow('a', { percentComplete: 9 })] }, 1);
    expect(before.rows).toEqual(rows);
  });

  it('stays when the connection is lost, and is replaced by the next snapshot', () => {
    const error = ApiError.unreachable('gone');
    const lost: TaskEvent = { event: 'lost', data: { error, retryInMs: 500 } };
    expect(told(SNAPSHOT, lost)).toEqual(told(SNAPSHOT));
    const fresh: TaskEvent = {
      event: 'snapshot',
      data: { task: aTask('t'), hosts: [aHostRow('b', { status: 'COMPLETED' })] },
    };
    expect(told(SNAPSHOT, lost, fresh).rows).toEqual([aHostRow('b', { status: 'COMPLETED' })]);
  });

  it('has a rate for each moment while it runs; a new attempt begins a new curve', () => {
    const running: TaskEvent = { event: 'task', data: aTask('t') };
    const ended: TaskEvent = { event: 'end', data: aTask('t', { status: 'PARTIAL' }) };
    expect(told(SNAPSHOT, running, ended).rates).toEqual({
      atSeconds: [0, 1],
      bytesPerSecond: [5, null],
    });
    const again: TaskEvent = {
      event: 'snapshot',
      data: { task: aTask('t', { attempt: 2, bytesPerSecond: 7 }), hosts: [] },
    };
    expect(told(SNAPSHOT, ended, again).rates.bytesPerSecond).toEqual([7]);
  });
});
