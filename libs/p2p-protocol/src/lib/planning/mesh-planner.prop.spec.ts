import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPrng } from '../kernel/prng.ts';
import { planMesh } from './mesh-planner.ts';
import {
  FULL_MESH_MEMBERS,
  meshDegree,
  shareLinks,
  spareSources,
  type LinkShares,
} from './mesh-shape.ts';
import type { PullPlan, RackPlan, SwarmMember } from './plan.ts';
import { MAX_CELL_MEMBERS } from './rack-cells.ts';

type Plans = ReadonlyMap<string, PullPlan>;

const LARGE = [512, 1000, 2049];
/** Pullers above a fair share: 3 were seen in 1500 swarms. */
const MOST_ABOVE_FAIR = 4;
const seeds = fc.integer();
const memberCounts = fc.integer({ min: 1, max: 400 });

function membersOf(count: number, rackOf?: (index: number) => string | undefined): SwarmMember[] {
  return Array.from({ length: count }, (_, index) => ({
    address: `10.${index >> 8}.${index & 255}.1:45011`,
    rack: rackOf?.(index),
  }));
}

function connectedTo({ sources, degree }: PullPlan): readonly string[] {
  return sources.slice(0, degree);
}

function countPullers(plans: Plans, sourcesOf: (plan: PullPlan) => readonly string[]): number[] {
  const counts = new Map([...plans.keys()].map((address) => [address, 0]));
  for (const plan of plans.values()) {
    for (const source of sourcesOf(plan)) counts.set(source, (counts.get(source) ?? 0) + 1);
  }
  return [...counts.values()];
}

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

function reachesAll(graph: Graph): boolean {
  const reached = new Set([...graph.keys()].slice(0, 1));
  for (const node of reached) for (const next of graph.get(node) ?? []) reached.add(next);
  return reached.size === graph.size;
}

/** From any node to any other: the first one reaches all, and all reach it. */
function isStronglyConnected(graph: Graph): boolean {
  const reversed = new Map([...graph.keys()].map((node) => [node, new Set<string>()]));
  for (const [from, tos] of graph) for (const to of tos) reversed.get(to)?.add(from);
  return reachesAll(graph) && reachesAll(reversed);
}

function expectSound(members: readonly SwarmMember[], plans: Plans): void {
  const count = members.length;
  expect([...plans.keys()].sort()).toEqual(members.map(({ address }) => address).sort());
  const degree = meshDegree(count);
  const sourceCount = degree + spareSources(count);
  const unsound = [...plans].filter(([address, plan]) => {
    const distinct = new Set(plan.sources);
    return (
      plan.degree !== degree ||
      plan.sources.length !== sourceCount ||
      distinct.size !== sourceCount ||
      distinct.has(address) ||
      !plan.sources.every((source) => plans.has(source))
    );
  });
  expect(unsound).toEqual([]);
  const edges = new Map([...plans].map(([address, plan]) => [address, new Set(connectedTo(plan))]));
  expect(isStronglyConnected(edges)).toBe(true);
}

describe('a mesh without racks', () => {
  function expectMesh(count: number, seed: number): void {
    const members = membersOf(count);
    const plans = planMesh(members, createPrng(seed));
    expectSound(members, plans);
    const degree = meshDegree(count);
    const pullers = countPullers(plans, connectedTo);
    expect(Math.max(...pullers)).toBeLessThanOrEqual(degree + 1);
    expect(Math.min(...pullers)).toBeGreaterThanOrEqual(degree - 1);
    const withSpares = countPullers(plans, ({ sources }) => sources);
    expect(Math.max(...withSpares)).toBeLessThanOrEqual(2 * degree);
    expect(countPullers(plans, ({ sources }) => sources.slice(0, 1))).toEqual(
      members.map(() => (count > 1 ? 1 : 0)),
    );
    expect([...plans.values()].every(({ rack }) => rack === undefined)).toBe(true);
  }

  it('gives everybody its degree, loads nobody more, and connects all, whatever the seed', () => {
    fc.assert(fc.property(memberCounts, seeds, expectMesh), { numRuns: 50 });
  });

  it('does so at every size to 100', () => {
    for (let count = 1; count <= 100; count++) expectMesh(count, count);
  });

  it.each(LARGE)('does so for %i members', (count) => expectMesh(count, 7));

  it('is complete up to FULL_MESH_MEMBERS, and sparse beyond', () => {
    const degreeAt = (count: number): number =>
      [...planMesh(membersOf(count), createPrng(1)).values()][0]?.degree ?? NaN;
    expect(degreeAt(FULL_MESH_MEMBERS)).toBe(FULL_MESH_MEMBERS - 1);
    expect(degreeAt(FULL_MESH_MEMBERS + 1)).toBeLessThan(FULL_MESH_MEMBERS);
  });

  it('shares every place in the order evenly in a complete mesh', () => {
    const plans = planMesh(membersOf(9), createPrng(5));
    for (let place = 0; place < 8; place++) {
      const pullers = countPullers(plans, ({ sources }) => sources.slice(place, place + 1));
      expect(pullers).toEqual(Array(9).fill(1));
    }
  });

  it('is the same for the same seed and another for another', () => {
    const plan = (seed: number): Plans => planMesh(membersOf(100), createPrng(seed));
    expect(plan(1)).toEqual(plan(1));
    expect(plan(1)).not.toEqual(plan(2));
  });

  it('plans nothing for nobody', () => {
    expect(planMesh([], createPrng(1)).size).toBe(0);
  });
});

describe('a mesh with racks', () => {
  /**
   * Up to 400 hosts in 1 to 20 racks, from equal ones to one that has nearly all. Tags stand in no
   * order, and the first of them may be no tag at all.
   */
  const rackedMembers = fc
    .record({
      count: fc.integer({ min: 1, max: 400 }),
      rackCount: fc.integer({ min: 1, max: 20 }),
      skew: fc.integer({ min: 1, max: 6 }),
      hasUntagged: fc.boolean(),
      seed: seeds,
    })
    .map(({ count, rackCount, skew, hasUntagged, seed }) => {
      const prng = createPrng(seed);
      return membersOf(count, () => {
        const rack = Math.floor(rackCount * prng.next() ** skew);
        return rack === 0 && hasUntagged ? undefined : `r${rack}`;
      });
    });

  function expectRackedMesh(members: readonly SwarmMember[], seed: number): void {
    const plans = planMesh(members, createPrng(seed));
    expectSound(members, plans);
    const isBordered = new Set(members.map(({ rack }) => rack)).size > 1;
    for (const { address, rack } of members) {
      const plan = plans.get(address);
      expect(plan?.rack !== undefined).toBe(isBordered);
      if (!plan?.rack) continue;
      expect(plan.rack.name).toBe(rack ?? '');
      expect(plan.rack.members).toContain(address);
      expectShares(plan, plan.rack, plans);
    }
    expectRings(plans);
    expectFairLoad(plans);
    if (isBordered) expectCellsConnected(plans);
  }

  /** Everybody's first source is the next in the ring of its cell, where the cell has others. */
  function expectRings(plans: Plans): void {
    const cells = cellsOf(plans);
    for (const cell of new Set(cells.values())) {
      if (cell.length === 1) continue;
      const ring = new Set<string | undefined>();
      for (let at = cell[0]; !ring.has(at); at = plans.get(at ?? '')?.sources[0]) ring.add(at);
      expect([...ring].sort()).toEqual([...cell].sort());
    }
  }

  /**
   * Nobody serves much more than must be: what its own cell asks of it, its share of what all others
   * ask across their borders, and what the ring of cells puts on a small one beside a large one.
   */
  function expectFairLoad(plans: Plans): void {
    const cells = cellsOf(plans);
    const sharesOf = (cell: readonly string[]): LinkShares =>
      shareLinks(meshDegree(plans.size), plans.size, cell.length);
    const distinct = [...new Set(cells.values())];
    const largest = Math.max(...distinct.map((cell) => cell.length));
    const addresses = [...plans.keys()];
    const pullersOf = new Map(
      countPullers(plans, connectedTo).map((pullers, place) => [addresses[place], pullers]),
    );
    const tooMuch = distinct.filter((own) => {
      const others = distinct.filter((cell) => cell !== own);
      const askedAcross = others.reduce(
        (sum, cell) => sum + (cell.length * sharesOf(cell).across) / (plans.size - cell.length),
        0,
      );
      const ofRing = others.length > 0 ? Math.ceil(largest / own.length) : 0;
      const fair = sharesOf(own).inside + Math.ceil(askedAcross) + ofRing;
      return own.some((address) => (pullersOf.get(address) ?? NaN) > fair + MOST_ABOVE_FAIR);
    });
    expect(tooMuch).toEqual([]);
  }

  /** The cell that each member is in; all of them where there is no border. */
  function cellsOf(plans: Plans): ReadonlyMap<string, readonly string[]> {
    const all = [...plans.keys()];
    const byFirst = new Map<string | undefined, readonly string[]>();
    return new Map(
      all.map((address) => {
        const members = plans.get(address)?.rack?.members ?? all;
        if (!byFirst.has(members[0])) byFirst.set(members[0], members);
        return [address, byFirst.get(members[0]) ?? members];
      }),
    );
  }

  function expectShares(plan: PullPlan, { members }: RackPlan, plans: Plans): void {
    expect(members.length).toBeLessThanOrEqual(MAX_CELL_MEMBERS);
    expect(members.every((mate) => plans.get(mate)?.rack === plan.rack)).toBe(true);
    const acrossOf = (sources: readonly string[]): number =>
      sources.filter((source) => !members.includes(source)).length;
    const shareOf = (links: number): number => shareLinks(links, plans.size, members.length).across;
    expect(acrossOf(connectedTo(plan))).toBe(shareOf(plan.degree));
    expect(acrossOf(plan.sources)).toBe(shareOf(plan.sources.length));
  }

  /**
   * Racks are connected for every choice of entries, which holds when the cells to which *all* members
   * of a cell are connected make a strongly connected graph.
   */
  function expectCellsConnected(plans: Plans): void {
    const cellOf = (address: string): string => plans.get(address)?.rack?.members[0] ?? '';
    const edges = new Map<string, Set<string>>();
    for (const [address, plan] of plans) {
      const own = cellOf(address);
      const cells = new Set(connectedTo(plan).map(cellOf));
      cells.delete(own);
      const common = edges.get(own);
      edges.set(own, common ? new Set([...common].filter((cell) => cells.has(cell))) : cells);
    }
    expect(isStronglyConnected(edges)).toBe(true);
  }

  it('keeps its promises for racks of any sizes, whatever the seed', () => {
    fc.assert(fc.property(rackedMembers, seeds, expectRackedMesh), { numRuns: 40 });
  });

  it('keeps them at the ends of what was drawn', () => {
    for (const [count, rackCount] of [
      [400, 20],
      [400, 1],
      [20, 20],
      [400, 2],
    ] as const) {
      expectRackedMesh(
        membersOf(count, (index) => `r${index % rackCount}`),
        7,
      );
    }
  });

  it.each(LARGE)('does so for %i members in racks of 40', (count) => {
    expectRackedMesh(
      membersOf(count, (index) => `r${Math.floor(index / 40)}`),
      7,
    );
  });

  it('does so for a few hosts with a tag among many without', () => {
    expectRackedMesh(
      membersOf(1000, (index) => (index < 5 ? 'a' : undefined)),
      7,
    );
  });

  it('loads nobody more than two above its degree when racks are of equal size', () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 2, max: 12 }));
    fc.assert(
      fc.property(sizes, seeds, ([hosts, racks], seed) => {
        const members = membersOf(hosts * racks, (index) => `r${Math.floor(index / hosts)}`);
        const plans = planMesh(members, createPrng(seed));
        const most = Math.max(...countPullers(plans, connectedTo));
        expect(most).toBeLessThanOrEqual(meshDegree(members.length) + 2);
      }),
    );
  });
});

describe('the size of a plan', () => {
  const MAX_PLAN_BYTES = 3 * 1024;
  const COUNT = 10_000;
  const longest = (rackOf: (index: number) => string | undefined): number => {
    const members = Array.from({ length: COUNT }, (_, index) => ({
      address: `192.168.${100 + (index >> 7)}.${100 + (index & 127)}:45011`,
      rack: rackOf(index),
    }));
    const plans = planMesh(members, createPrng(1));
    return Math.max(...[...plans.values()].map((plan) => JSON.stringify(plan).length));
  };

  it('stays below 3 KiB with 10,000 members in racks of 40', () => {
    expect(longest((index) => `rack-${Math.floor(index / 40)}`)).toBeLessThan(MAX_PLAN_BYTES);
  });

  it('stays below 3 KiB when almost nobody has a rack', () => {
    expect(longest((index) => (index === 0 ? 'rack' : undefined))).toBeLessThan(MAX_PLAN_BYTES);
  });
});
