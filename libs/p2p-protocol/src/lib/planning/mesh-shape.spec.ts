import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FULL_MESH_MEMBERS,
  meshDegree,
  MIN_REMOTE_SOURCES,
  shareLinks,
  spareSources,
} from './mesh-shape.ts';

describe('meshDegree', () => {
  it.each([
    [0, 0],
    [1, 0],
    [2, 1],
    [FULL_MESH_MEMBERS, FULL_MESH_MEMBERS - 1],
    [FULL_MESH_MEMBERS + 1, 10],
    [32, 10],
    [33, 12],
    [1000, 20],
    [10_000, 28],
  ])('of %i members is %i', (memberCount, degree) => {
    expect(meshDegree(memberCount)).toBe(degree);
  });
});

it('names half as many spares as sources, and none where all are connected', () => {
  expect([1, FULL_MESH_MEMBERS, 18, 10_000].map(spareSources)).toEqual([0, 0, 5, 14]);
});

describe('shareLinks', () => {
  it.each([
    ['without a border everything is inside', 20, 1000, 1000, { inside: 20, across: 0 }],
    ['three quarters stay in a large rack', 28, 10_000, 40, { inside: 21, across: 7 }],
    ['a small rack is complete and the rest goes out', 28, 10_000, 4, { inside: 3, across: 25 }],
    ['a host alone in its rack goes out with all', 28, 10_000, 1, { inside: 0, across: 28 }],
    ['one host outside is one link', 12, 40, 39, { inside: 11, across: 1 }],
    ['two links go out at least', 4, 5, 3, { inside: 2, across: 2 }],
  ])('%s', (_, links, memberCount, cellSize, shares) => {
    expect(shareLinks(links, memberCount, cellSize)).toEqual(shares);
  });

  it('adds up, fits and never shrinks with more links', () => {
    const swarms = fc
      .integer({ min: 2, max: 500 })
      .chain((memberCount) =>
        fc.tuple(
          fc.constant(memberCount),
          fc.integer({ min: 1, max: memberCount }),
          fc.integer({ min: 1, max: memberCount - 1 }),
        ),
      );
    fc.assert(
      fc.property(swarms, ([memberCount, cellSize, links]) => {
        const { inside, across } = shareLinks(links, memberCount, cellSize);
        const fewer = shareLinks(links - 1, memberCount, cellSize);
        expect(inside + across).toBe(links);
        expect(inside).toBeLessThan(cellSize);
        expect(across).toBeLessThanOrEqual(memberCount - cellSize);
        const least = Math.min(links, MIN_REMOTE_SOURCES, memberCount - cellSize);
        expect(across).toBeGreaterThanOrEqual(least);
        expect(inside).toBeGreaterThanOrEqual(fewer.inside);
        expect(across).toBeGreaterThanOrEqual(fewer.across);
      }),
    );
  });
});
