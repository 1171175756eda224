/**
 * Divides a swarm into cells: hosts between which traffic is cheap and which share one copy of each
 * piece. A cell is a rack, or all hosts without a tag where others have one, or a part of either that
 * is small enough to be listed in a control message. Without a border there is one nameless cell.
 */
import type { SwarmMember } from './plan.ts';

/**
 * Members of one cell; a larger rack is cut into equal parts. Keeps a plan below 3 KiB. With h hosts in
 * a rack whose uplink is oversubscribed o times, ⌈h/64⌉ copies across the border take at most o/64 of
 * the time that a host's own link takes for one, so that the cut never binds while o ≤ 64.
 */
export const MAX_CELL_MEMBERS = 64;

export interface Cell {
  /** The rack's tag; undefined when the swarm has no border. */
  readonly rack: string | undefined;
  /** Indices into the list of members, ascending. */
  readonly members: readonly number[];
}

/** @returns cells in the order of their first member; none is empty */
export function divideIntoCells(members: readonly SwarmMember[]): Cell[] {
  const racks = new Map<string, number[]>();
  members.forEach(({ rack = '' }, index) => {
    const group = racks.get(rack);
    if (group) group.push(index);
    else racks.set(rack, [index]);
  });
  if (racks.size <= 1)
    return [...racks.values()].map((group) => ({ rack: undefined, members: group }));
  return [...racks].flatMap(([rack, group]) => cut(group).map((part) => ({ rack, members: part })));
}

function cut(group: readonly number[]): number[][] {
  const parts = Math.ceil(group.length / MAX_CELL_MEMBERS);
  const startOf = (part: number): number => Math.round((part * group.length) / parts);
  return Array.from({ length: parts }, (_, part) => group.slice(startOf(part), startOf(part + 1)));
}
