/**
 * Hosts that can be cut from each other: a network namespace each, all on one bridge of the namespace
 * that the runner itself lives in. A one-way cut is a wrong neighbour entry: packets go to a hardware
 * address that nobody has, and vanish without a word, as behind a broken switch. Needs root and
 * iproute2, no firewall. The runner must already be in a network namespace of its own.
 */
import { runCommand } from '../../bench/network/run-command.ts';
import type { ProcessPlace } from '../../cluster/cluster.ts';

const BRIDGE = 'br0';
const DEVICE = 'e0';
const SUBNET = '10.79.0';
const RUNNER_ADDRESS = `${SUBNET}.250/24`;
/** Locally administered, and no device's. */
const NOBODY = '02:00:00:00:00:fe';

export class FaultNetwork {
  readonly #name: string;
  readonly #namespaces: string[] = [];
  /** The runner's end of each host's link. */
  readonly #ports: string[] = [];

  /** @param name unique on this machine and short */
  constructor(name: string) {
    this.#name = name;
  }

  /** @returns where the processes shall live: the server's place first */
  async create(hostCount: number): Promise<ProcessPlace[]> {
    await ip('link', 'add', BRIDGE, 'type', 'bridge');
    await ip('addr', 'add', RUNNER_ADDRESS, 'dev', BRIDGE);
    await ip('link', 'set', BRIDGE, 'up');
    const places: ProcessPlace[] = [];
    for (let host = 0; host < hostCount; host += 1) places.push(await this.#addHost(host));
    return places;
  }

  /** Nothing that `from` sends reaches `to`; the other way stays open. */
  async cut(from: number, to: number): Promise<void> {
    const entry = [addressOf(to), 'lladdr', NOBODY, 'dev', DEVICE, 'nud', 'permanent'];
    await ip('-n', this.#namespaceOf(from), 'neigh', 'replace', ...entry);
  }

  async mend(from: number, to: number): Promise<void> {
    await ip('-n', this.#namespaceOf(from), 'neigh', 'del', addressOf(to), 'dev', DEVICE);
  }

  async cutBoth(one: number, other: number): Promise<void> {
    await this.cut(one, other);
    await this.cut(other, one);
  }

  async mendBoth(one: number, other: number): Promise<void> {
    await this.mend(one, other);
    await this.mend(other, one);
  }

  /**
   * Its processes must have ended. Links go first: those of a namespace that is deleted vanish some time
   * later, and until then their names are taken.
   */
  async remove(): Promise<void> {
    for (const port of this.#ports.splice(0)) await ip('link', 'delete', port);
    for (const name of this.#namespaces.splice(0)) await ip('netns', 'delete', name);
    await ip('link', 'delete', BRIDGE);
  }

  #namespaceOf(host: number): string {
    return `${this.#name}-h${host}`;
  }

  async #addHost(host: number): Promise<ProcessPlace> {
    const namespace = this.#namespaceOf(host);
    const port = `s${host}`;
    await ip('netns', 'add', namespace);
    this.#namespaces.push(namespace);
    const pair = ['type', 'veth', 'peer', 'name', port];
    await ip('link', 'add', DEVICE, 'netns', namespace, ...pair);
    this.#ports.push(port);
    await ip('link', 'set', port, 'master', BRIDGE);
    await ip('link', 'set', port, 'up');
    await ip('-n', namespace, 'addr', 'add', `${addressOf(host)}/24`, 'dev', DEVICE);
    await ip('-n', namespace, 'link', 'set', 'lo', 'up');
    await ip('-n', namespace, 'link', 'set', DEVICE, 'up');
    return { ip: addressOf(host), enter: ['ip', 'netns', 'exec', namespace] };
  }
}

function addressOf(host: number): string {
  return `${SUBNET}.${host + 1}`;
}

async function ip(...args: string[]): Promise<void> {
  await runCommand('ip', args);
}
