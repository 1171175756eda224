/**
 * Which hosts the server may be made to call: addresses of its own networks. A name is refused behind the
 * fence, because whoever answers for it could point it elsewhere between two calls. Pure.
 */
import { BlockList, isIP } from 'node:net';
import type { HostEntry } from '@gofd/task-model';

/** Networks that one server may be told of. */
export const MAX_DEST_NETWORKS = 256;
const PREFIX = /^(?:0|[1-9][0-9]{0,2})$/;
const PREFIX_BITS = { 4: 32, 6: 128 } as const;

interface Network {
  readonly address: string;
  readonly prefixBits: number;
  readonly family: 4 | 6;
}

export class DestFence {
  readonly #inside = new BlockList();

  /** @param networks of which `networksProblem` finds nothing wrong */
  constructor(networks: readonly string[]) {
    for (const text of networks) {
      const network = parseNetwork(text);
      if (!network) throw new RangeError(`${text} is no network`);
      const { address, prefixBits, family } = network;
      this.#inside.addSubnet(address, prefixBits, `ipv${family}`);
    }
  }

  /** @returns why a host may not be called; undefined when it may */
  problemOf({ host, family }: HostEntry): string | undefined {
    if (family === 'name') {
      return 'is a name; with `control.destNetworks` hosts are named by their addresses';
    }
    if (this.#inside.check(host, `ipv${family}`)) return undefined;
    return 'is in none of the networks of `control.destNetworks`';
  }
}

/** @returns what is wrong with a configured list of networks, or undefined */
export function networksProblem(value: unknown): string | undefined {
  if (!Array.isArray(value)) return 'must be a list';
  if (value.length === 0) return 'must not be empty';
  if (value.length > MAX_DEST_NETWORKS) return `must have at most ${MAX_DEST_NETWORKS} entries`;
  const wrong = (value as unknown[]).findIndex(
    (text) => typeof text !== 'string' || !parseNetwork(text),
  );
  if (wrong < 0) return undefined;
  return `entry ${wrong + 1} must be a network, such as 10.1.0.0/16 or fd00:1::/32, or one address`;
}

function parseNetwork(text: string): Network | undefined {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address) as 0 | 4 | 6;
  if (family === 0 || rest.length > 0 || address.includes('%')) return undefined;
  const most = PREFIX_BITS[family];
  if (prefix === undefined) return { address, prefixBits: most, family };
  if (!PREFIX.test(prefix) || Number(prefix) > most) return undefined;
  return { address, prefixBits: Number(prefix), family };
}
