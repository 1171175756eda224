/** Where this host stands in a chain, and whom it may pull from there. Pure. */
import { formatAddress, parseHostEntry } from '@gofd/task-model';

/** Upstreams that are tried before the server; the walk up a long chain is cut short after these. */
export const MAX_UPSTREAM_AGENTS = 8;

/** The data addresses by which others may know this host. */
export function ownDataAddresses(
  dataPort: number,
  names: readonly (string | undefined)[],
): readonly string[] {
  return names.flatMap((name) => {
    if (name === undefined) return [];
    const parsed = parseHostEntry(name);
    return [formatAddress('problem' in parsed ? name.toLowerCase() : parsed.host, dataPort)];
  });
}

/**
 * @param chain the server's data address, then the agents' in order
 * @returns sources, nearest first, the server last; the server alone when we are not in the chain
 */
export function upstreamsInChain(chain: readonly string[], own: readonly string[]): string[] {
  const [server, ...agents] = chain;
  if (server === undefined) return [];
  const position = agents.findIndex((address) => own.includes(address.toLowerCase()));
  if (position < 0) return [server];
  const before = agents.slice(Math.max(0, position - MAX_UPSTREAM_AGENTS), position);
  return [...before.reverse(), server];
}
