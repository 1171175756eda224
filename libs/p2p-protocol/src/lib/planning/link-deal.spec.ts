import { describe, expect, it } from 'vitest';
import { createPrng } from '../kernel/prng.ts';
import { dealLinks } from './link-deal.ts';
import { Links } from './links.ts';

const anySource = (): boolean => true;

function repeated(members: readonly number[], times: number): number[] {
  return members.flatMap((member) => Array.from({ length: times }, () => member));
}

describe('Links', () => {
  it('counts pullers through adding and replacing, and keeps the order', () => {
    const links = new Links(4, 2);
    links.add(0, 1);
    links.add(0, 2);
    links.replace(0, 1, 3);
    expect(links.of(0)).toEqual([3, 2]);
    expect([1, 2, 3].map((source) => links.pullersOf(source))).toEqual([0, 1, 1]);
  });

  it('takes a member itself and a source it has for not new', () => {
    const links = new Links(3, 2);
    links.add(0, 1);
    expect([0, 1, 2].map((source) => links.isNew(0, source))).toEqual([false, false, true]);
  });
});

describe('dealLinks', () => {
  it('spreads the load evenly, whatever the seed', () => {
    const members = [...Array(40).keys()];
    for (let seed = 0; seed < 50; seed++) {
      const links = new Links(members.length, 6);
      const pullers = repeated(members, 6);
      dealLinks({ pool: members, pullers, isFit: anySource }, links, createPrng(seed));
      for (const member of members) {
        expect(links.of(member)).toHaveLength(6);
        expect(links.pullersOf(member)).toBe(6);
      }
    }
  });

  it('fills a complete graph, where nearly every card must be exchanged', () => {
    const members = [...Array(9).keys()];
    for (let seed = 0; seed < 50; seed++) {
      const links = new Links(members.length, 8);
      const pullers = repeated(members, 8);
      dealLinks({ pool: members, pullers, isFit: anySource }, links, createPrng(seed));
      for (const member of members) {
        const others = members.filter((other) => other !== member);
        expect(links.of(member).toSorted((a, b) => a - b)).toEqual(others);
      }
    }
  });

  it('takes the least used source where the pool has too few cards that fit', () => {
    const isFit = (puller: number, source: number): boolean => puller < 8 && source >= 8;
    const links = new Links(12, 1);
    const pool = [...Array(12).keys()];
    dealLinks({ pool, pullers: pool.slice(0, 8), isFit }, links, createPrng(3));
    expect([8, 9, 10, 11].reduce((sum, source) => sum + links.pullersOf(source), 0)).toBe(8);
    for (const source of [8, 9, 10, 11]) expect(links.pullersOf(source)).toBeLessThanOrEqual(3);
  });

  it('leaves a puller without a link that nobody can give', () => {
    const links = new Links(2, 2);
    dealLinks({ pool: [0, 1], pullers: [0, 0], isFit: anySource }, links, createPrng(1));
    expect(links.of(0)).toEqual([1]);
  });
});
