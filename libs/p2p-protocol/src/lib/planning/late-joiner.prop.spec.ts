import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPrng } from '../kernel/prng.ts';
import { planLate } from './late-joiner.ts';
import { meshDegree, shareLinks, spareSources } from './mesh-shape.ts';
import type { PullPlan, RackPlan, SwarmMember } from './plan.ts';
import { MAX_CELL_MEMBERS } from './rack-cells.ts';

const LATE = '10.9.9.9:45011';

function membersOf(racks: readonly (string | undefined)[]): SwarmMember[] {
  return racks.map((rack, index) => ({ address: `10.0.${index >> 8}.${index & 255}:45011`, rack }));
}

describe('planLate', () => {
  it('gives the late one the degree of the grown swarm, and a share in each rack', () => {
    const racks = fc
      .record({
        count: fc.nat(400),
        rackCount: fc.integer({ min: 1, max: 20 }),
        seed: fc.integer(),
      })
      .map(({ count, rackCount, seed }) => {
        const prng = createPrng(seed);
        const tags = [undefined, ...Array.from({ length: rackCount - 1 }, (_, rack) => `r${rack}`)];
        // Squared, so that some racks are much larger than others.
        return Array.from(
          { length: count },
          () => tags[Math.floor(tags.length * prng.next() ** 2)],
        );
      });
    const own = fc.constantFrom(undefined, 'r0', 'r18', 'new');
    fc.assert(
      fc.property(racks, own, fc.integer(), (others, rack, seed) => {
        const existing = membersOf(others);
        const plan = planLate({ address: LATE, rack }, existing, createPrng(seed));
        expectSound(plan, existing);
        const isBordered = new Set([...others, rack]).size > 1;
        expect(plan.rack !== undefined).toBe(isBordered);
        if (plan.rack) expectRack(plan, plan.rack, rack, existing);
      }),
    );
  });

  function expectSound(plan: PullPlan, existing: readonly SwarmMember[]): void {
    const addresses = existing.map(({ address }) => address);
    expect(plan.degree).toBe(meshDegree(existing.length + 1));
    expect(plan.sources).toHaveLength(plan.degree + spareSources(existing.length + 1));
    expect(new Set(plan.sources).size).toBe(plan.sources.length);
    expect(plan.sources.every((source) => addresses.includes(source))).toBe(true);
  }

  function expectRack(
    { sources, degree }: PullPlan,
    { name, members }: RackPlan,
    rack: string | undefined,
    existing: readonly SwarmMember[],
  ): void {
    expect(name).toBe(rack ?? '');
    expect(members.at(-1)).toBe(LATE);
    expect(members.length).toBeLessThanOrEqual(MAX_CELL_MEMBERS);
    const rackOf = new Map(existing.map((member) => [member.address, member.rack]));
    expect(members.slice(0, -1).every((mate) => rackOf.get(mate) === rack)).toBe(true);
    const acrossOf = (some: readonly string[]): number =>
      some.filter((source) => !members.includes(source)).length;
    const shareOf = (links: number): number =>
      shareLinks(links, existing.length + 1, members.length).across;
    expect(acrossOf(sources.slice(0, degree))).toBe(shareOf(degree));
    expect(acrossOf(sources)).toBe(shareOf(sources.length));
  }

  it('does not send a member that comes back to itself', () => {
    const existing = [...membersOf([undefined, undefined]), { address: LATE }];
    const { sources, degree } = planLate({ address: LATE }, existing, createPrng(1));
    expect([...sources].sort()).toEqual(['10.0.0.0:45011', '10.0.0.1:45011']);
    expect(degree).toBe(2);
  });

  it('leaves the first of a swarm to the origin', () => {
    expect(planLate({ address: LATE, rack: 'a' }, [], createPrng(1))).toEqual({
      sources: [],
      degree: 0,
    });
  });

  it('spreads late ones over the swarm', () => {
    const existing = membersOf(Array.from({ length: 100 }, () => undefined));
    const prng = createPrng(1);
    const counts = new Map<string, number>();
    for (let late = 0; late < 200; late++) {
      const { sources, degree } = planLate({ address: LATE }, existing, prng);
      for (const source of sources.slice(0, degree)) {
        counts.set(source, (counts.get(source) ?? 0) + 1);
      }
    }
    // 28 expected, standard deviation 5.
    expect(counts.size).toBe(100);
    expect(Math.max(...counts.values())).toBeLessThan(28 + 5 * 5);
  });
});
