/**
 * A plan for one more member of a mesh that already runs: as many sources as the grown swarm gives
 * each, drawn at random. The others' plans stay as they are: nobody pulls from the late one, and
 * nobody counts on it as the entry of its rack. In its own view it is the entry for its share of
 * the pieces; what it fetches for that comes on top of the rack's one copy.
 */
import type { Prng } from '../kernel/prng.ts';
import { meshDegree, shareLinks, spareSources } from './mesh-shape.ts';
import { addressesAt, type PullPlan, type SwarmMember } from './plan.ts';
import { divideIntoCells } from './rack-cells.ts';
import { shuffled } from './shuffle.ts';

/** @param existing the members that run; an entry with the late one's own address is ignored */
export function planLate(
  member: SwarmMember,
  existing: readonly SwarmMember[],
  prng: Prng,
): PullPlan {
  const others = existing.filter(({ address }) => address !== member.address);
  const members = [...others, member];
  const self = others.length;
  const cell = divideIntoCells(members).find((candidate) => candidate.members.at(-1) === self);
  const mates = new Set(cell?.members);
  const degree = meshDegree(members.length);
  const spares = spareSources(members.length);
  const first = shareLinks(degree, members.length, mates.size);
  const total = shareLinks(degree + spares, members.length, mates.size);

  const order = shuffled([...others.keys()], prng);
  const inside = order.filter((index) => mates.has(index));
  const across = order.filter((index) => !mates.has(index));
  const chosen = [
    ...inside.slice(0, first.inside),
    ...across.slice(0, first.across),
    ...across.slice(first.across, total.across),
    ...inside.slice(first.inside, total.inside),
  ];
  const sources = addressesAt(members, chosen);
  if (cell?.rack === undefined) return { sources, degree };
  return {
    sources,
    degree,
    rack: { name: cell.rack, members: addressesAt(members, cell.members) },
  };
}
