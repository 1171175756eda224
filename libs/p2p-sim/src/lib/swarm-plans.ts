/**
 * Whom each host of a simulated swarm pulls from. A chain's agents pull from those above, nearest
 * first; a mesh's from all others, in an order of their own, with the server beside them.
 */
import type { Prng, RackPlace, SourcePlan } from '@gofd/p2p-protocol';

export const NO_SOURCES: SourcePlan = { sources: [], degree: 0 };

const SERVER = 0;

/** @param addresses the server first, then the chain in order */
export function planChained(addresses: readonly string[], host: number): SourcePlan {
  if (host === SERVER) return NO_SOURCES;
  return { sources: addresses.slice(0, host).reverse(), degree: 1 };
}

export interface MeshShape {
  /** The server first. */
  readonly addresses: readonly string[];
  readonly degree: number;
  /** Rack of each host, the server's not counted. @default no border */
  readonly racks: readonly number[] | undefined;
}

export function planMeshed(shape: MeshShape, host: number, prng: Prng): SourcePlan {
  if (host === SERVER) return NO_SOURCES;
  const { addresses, degree } = shape;
  const keyed = addresses.slice(SERVER + 1).map((address) => ({ address, key: prng.next() }));
  const sources = keyed
    .sort((one, other) => one.key - other.key)
    .map(({ address }) => address)
    .filter((address) => address !== addresses[host]);
  return { sources, degree, origin: addresses[SERVER], rack: rackPlaceOf(shape, host) };
}

function rackPlaceOf({ addresses, racks }: MeshShape, host: number): RackPlace | undefined {
  if (!racks) return undefined;
  const members = addresses.filter((_, index) => index !== SERVER && racks[index] === racks[host]);
  return { members, self: members.indexOf(addresses[host] ?? '') };
}
