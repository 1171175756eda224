/**
 * Who may pull from whom in one task: what the server decides before any byte moves. A planner is a
 * function of the members and a seeded generator, so that a plan replays. It knows nothing of pieces,
 * rates or liveness: which source serves which piece is the receiver's choice at every request.
 * The server itself (the origin) stands in no plan: every agent knows it besides.
 */
import type { Prng } from '../kernel/prng.ts';

/** An agent of the task. */
export interface SwarmMember {
  /** Data address, host:port; unique within the task. */
  readonly address: string;
  /** Hosts with the same tag are close to each other; undefined when nothing is known. */
  readonly rack?: string | undefined;
}

/** Whom one member pulls from; neither itself nor the origin is among the sources. */
export interface PullPlan {
  /** In the order to try: the first `degree` are dialled at once, the rest replace lost ones. */
  readonly sources: readonly string[];
  readonly degree: number;
  /** Set when there is a border between racks to save traffic on. */
  readonly rack?: RackPlan | undefined;
}

/** The hosts that share one copy of each piece across the border of their rack. */
export interface RackPlan {
  /** The tag; empty for the hosts without one. A large rack has several plans of the same name. */
  readonly name: string;
  /** Addresses, this member's included, in the same order for all: they compute the same entry. */
  readonly members: readonly string[];
}

/** @param indices places in the list of members, each within it */
export function addressesAt(
  members: readonly SwarmMember[],
  indices: readonly number[],
): readonly string[] {
  return indices.map((index) => (members[index] as SwarmMember).address);
}

/** @returns a plan for each address */
export type Planner = (
  members: readonly SwarmMember[],
  prng: Prng,
) => ReadonlyMap<string, PullPlan>;

/** Members that a member of a chain may pull from, one at a time; the origin comes after them. */
export const MAX_CHAIN_SOURCES = 8;

/** Each member pulls from the one before it; lost ones are replaced by those further up. */
export const planChain: Planner = (members) =>
  new Map(
    members.map(({ address }, position) => {
      const before = members.slice(Math.max(0, position - MAX_CHAIN_SOURCES), position);
      return [address, { sources: before.reverse().map((member) => member.address), degree: 1 }];
    }),
  );

/** Everybody pulls everything from the origin. */
export const planDirect: Planner = (members) =>
  new Map(members.map(({ address }) => [address, { sources: [], degree: 0 }]));
