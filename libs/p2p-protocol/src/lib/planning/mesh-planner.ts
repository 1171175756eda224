/**
 * The mesh: a sparse random directed graph over all members, with the promises on which scatter-once
 * rests. Each member has exactly `degree` sources and as many spares as the shape says; nobody serves
 * much more than its share; and every piece gets everywhere from anywhere:
 * - in each cell a ring goes through all members;
 * - cells stand in a ring of their own, and *every* member of a cell has a source in the next one, so
 *   that racks are connected whichever of its hosts is the entry for a piece.
 * Small swarms are complete. Cost: members · degree.
 */
import type { Prng } from '../kernel/prng.ts';
import { dealLinks } from './link-deal.ts';
import { Links } from './links.ts';
import { meshDegree, shareLinks, spareSources, type LinkShares } from './mesh-shape.ts';
import { addressesAt, type Planner, type PullPlan, type SwarmMember } from './plan.ts';
import { divideIntoCells, type Cell } from './rack-cells.ts';
import { shuffled } from './shuffle.ts';

/** A cell with its members in the order of its ring, and what each of them needs. */
interface Ring {
  readonly cell: Cell;
  readonly members: readonly number[];
  readonly connected: LinkShares;
  readonly spare: LinkShares;
}

export const planMesh: Planner = (members, prng) => {
  const degree = meshDegree(members.length);
  const capacity = degree + spareSources(members.length);
  const rings = formRings(members, degree, capacity, prng);
  const links = new Links(members.length, capacity);
  for (const ring of rings) linkInside(ring, links, prng);
  if (rings.length > 1) linkAcross(rings, links, prng);
  for (const ring of rings) dealInside(ring, ring.spare.inside, links, prng);
  return toPlans(members, rings, links, degree);
};

/** Largest cell first: the next one is then hardly smaller, and its members serve hardly more. */
function formRings(
  members: readonly SwarmMember[],
  degree: number,
  capacity: number,
  prng: Prng,
): Ring[] {
  const rings = divideIntoCells(members).map((cell): Ring => {
    const connected = shareLinks(degree, members.length, cell.members.length);
    const total = shareLinks(capacity, members.length, cell.members.length);
    const spare = {
      inside: total.inside - connected.inside,
      across: total.across - connected.across,
    };
    return { cell, members: shuffled(cell.members, prng), connected, spare };
  });
  return shuffled(rings, prng).sort((a, b) => b.members.length - a.members.length);
}

/** A complete cell gets every step of its ring, so that each place in the order is shared evenly. */
function linkInside(ring: Ring, links: Links, prng: Prng): void {
  const size = ring.members.length;
  const { inside } = ring.connected;
  const steps = inside === size - 1 ? inside : Math.min(1, inside);
  ring.members.forEach((puller, position) => {
    for (let step = 1; step <= steps; step++) {
      links.add(puller, around(ring.members, position + step));
    }
  });
  dealInside(ring, inside - steps, links, prng);
}

function dealInside(ring: Ring, each: number, links: Links, prng: Prng): void {
  const pullers = repeatEach(ring.members, each);
  dealLinks({ pool: ring.members, pullers, isFit: () => true }, links, prng);
}

/** Links between cells, spares included: what a cell loses across its border is replaced first. */
function linkAcross(rings: readonly Ring[], links: Links, prng: Prng): void {
  const pool = rings.flatMap(({ members }) => members);
  const ringOf = new Int32Array(pool.length);
  rings.forEach(({ members }, place) => members.forEach((member) => (ringOf[member] = place)));
  const isFit = (puller: number, source: number): boolean => ringOf[puller] !== ringOf[source];
  const deal = (eachOf: (ring: Ring) => number): void => {
    const pullers = rings.flatMap((ring) => repeatEach(ring.members, eachOf(ring)));
    dealLinks({ pool, pullers, isFit }, links, prng);
  };

  rings.forEach(({ members }, place) => {
    const next = around(rings, place + 1).members;
    members.forEach((puller, position) => links.add(puller, around(next, position)));
  });
  deal(({ connected }) => connected.across - 1);
  deal(({ spare }) => spare.across);
}

/** The item at a place of a circle; there is one at least. */
function around<Item>(circle: readonly Item[], place: number): Item {
  return circle[place % circle.length] as Item;
}

function repeatEach(members: readonly number[], times: number): number[] {
  const repeated: number[] = [];
  for (const member of members) {
    for (let count = 0; count < times; count++) repeated.push(member);
  }
  return repeated;
}

function toPlans(
  members: readonly SwarmMember[],
  rings: readonly Ring[],
  links: Links,
  degree: number,
): Map<string, PullPlan> {
  const plans = new Map<string, PullPlan>();
  for (const { cell } of rings) {
    const cellAddresses = addressesAt(members, cell.members);
    const rack = cell.rack !== undefined && { rack: { name: cell.rack, members: cellAddresses } };
    cell.members.forEach((member, place) => {
      const sources = addressesAt(members, links.of(member));
      plans.set(around(cellAddresses, place), { sources, degree, ...rack });
    });
  }
  return plans;
}
