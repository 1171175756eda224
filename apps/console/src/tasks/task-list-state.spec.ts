import { ApiError, type ListEvent } from '@gofd/api-client';
import { describe, expect, it } from 'vitest';
import { aTask } from '../../test/a-host-row.ts';
import { mergeTasks, reduceList, START_OF_LIST, type ShownPage } from './task-list-state.ts';

const at = (minute: number): { createdAt: string } => ({
  createdAt: `2026-11-25T12:0${minute}:00.000Z`,
});
const tasks = (...data: Extract<ListEvent, { event: 'tasks' }>['data'][number][]): ListEvent => ({
  event: 'tasks',
  data,
});
const LOST: ListEvent = {
  event: 'lost',
  data: { error: ApiError.unreachable('gone'), retryInMs: 500 },
};
const PAGE: ShownPage = {
  tasks: [aTask('new', at(2)), aTask('old', at(1))],
  status: undefined,
  isFirst: true,
  limit: 3,
};
const idsOf = (page: ShownPage, ...events: readonly ListEvent[]): string[] =>
  mergeTasks(page, events.reduce(reduceList, START_OF_LIST).told).map(({ id }) => id);

describe('the list', () => {
  it('shows what has changed in its place, and what is new in front, up to a page', () => {
    expect(idsOf(PAGE, tasks(aTask('newer', at(3)), aTask('old', at(1))))).toEqual([
      'newer',
      'new',
      'old',
    ]);
    expect(idsOf(PAGE, tasks(aTask('a', at(4)), aTask('b', at(3))))).toEqual(['a', 'b', 'new']);
  });

  it('shows nothing new on a later page', () => {
    const later = { ...PAGE, isFirst: false };
    expect(idsOf(later, tasks(aTask('newer', at(3))))).toEqual(['new', 'old']);
  });

  it('lets go what has left the state that is asked for', () => {
    const running = { ...PAGE, status: 'INPROGRESS' as const };
    const ended = aTask('new', { ...at(2), status: 'COMPLETED' });
    expect(idsOf(running, tasks(ended))).toEqual(['old']);
  });

  it('forgets after a loss what may have changed unheard, and asks again', () => {
    const heard = [tasks(aTask('new', at(2))), LOST];
    const lost = heard.reduce(reduceList, START_OF_LIST);
    expect(lost.told.size).toBe(1); // shown still, as stale
    const back = reduceList(lost, tasks(aTask('old', at(1))));
    expect([...back.told.keys()]).toEqual(['old']);
    expect([lost.connectionCount, back.connectionCount]).toEqual([1, 2]);
    expect(reduceList(back, tasks()).connectionCount).toBe(2);
  });
});
