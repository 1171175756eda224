/** By what one host is the same however a task spells it. Pure. */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { formatAddress, type HostEntry } from '@gofd/task-model';

/**
 * Management address with one spelling for all of an address: `::ffff:10.0.0.1` is 10.0.0.1, `0:0::1` is `::1`.
 * @param agentMgntPort of agents whose entry names no port
 */
export function hostAddress({ host, port }: HostEntry, agentMgntPort: number): string {
  const canonical = isIP(host) ? ipaddr.process(host).toNormalizedString() : host;
  return formatAddress(canonical, port ?? agentMgntPort);
}
