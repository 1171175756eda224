import { describe, expect, it } from 'vitest';
import { hrefOf, parseRoute, type Route } from './route.ts';

describe('addresses', () => {
  it.each<Route>([
    { page: 'tasks' },
    { page: 'new' },
    { page: 'agents' },
    { page: 'task', taskId: 'release-7@a:b+c=d' },
  ])('lead back to the page they name: $page', (route) => {
    expect(parseRoute(hrefOf(route))).toEqual(route);
  });

  it.each(['', '#', '#/', '#/nothing', '#/tasks/'])('"%s" is the list', (hash) => {
    expect(parseRoute(hash)).toEqual({ page: 'tasks' });
  });

  it('that are broken do not break the page', () => {
    expect(parseRoute('#/tasks/%E0%A4%A')).toEqual({ page: 'task', taskId: '%E0%A4%A' });
  });
});
