/**
 * The network of one run: a namespace for each host, one more with the bridge between them, a veth
 * pair each, shaped both ways. Namespaces carry the name of the run, devices live inside them, so
 * two benchmarks on one machine cannot meet. Nothing leads out: no packet leaves the lab. What is
 * removed is what was created here, by name, and nothing else.
 */
import { runCommand } from './run-command.ts';
import { MAX_PACKET_BYTES, shapingArguments } from './shaping.ts';
import type { Workload } from '../workloads.ts';

/** Inside every host's namespace. */
export const HOST_DEVICE = 'e0';
const BRIDGE = 'br0';
const SUBNET = '10.77.0.0/24';
/** The same for every peer, whatever the machine's default is. */
const CONGESTION_CONTROL = 'cubic';
const CONGESTION_CONTROL_PATH = '/proc/sys/net/ipv4/tcp_congestion_control';
export const SOURCE_HOST = 0;

export class LabNetwork {
  readonly #name: string;
  readonly #created: string[] = [];

  /** @param name of the run, unique on this machine and short */
  constructor(name: string) {
    this.#name = name;
  }

  /** Those of the hosts, without the bridge's. */
  get namespaces(): readonly string[] {
    return this.#created.filter((name) => name !== this.#switch);
  }

  get #switch(): string {
    return `${this.#name}-sw`;
  }

  namespaceOf(host: number): string {
    return `${this.#name}-h${host}`;
  }

  /** IPv4; the source is host 0. */
  addressOf(host: number): string {
    return `10.77.0.${host + 1}`;
  }

  /** Creates everything; where that fails, `remove` takes away what is there by then. */
  async create(workload: Workload, signal: AbortSignal): Promise<void> {
    await this.#addNamespace(this.#switch);
    await this.#ip('-n', this.#switch, 'link', 'add', BRIDGE, 'type', 'bridge');
    await this.#ip('-n', this.#switch, 'link', 'set', BRIDGE, 'up');
    for (let host = SOURCE_HOST; host <= workload.hosts; host += 1) {
      signal.throwIfAborted();
      await this.#addHost(host, rateOf(workload, host));
    }
  }

  /** What the connections of the hosts really use. */
  async congestionControl(): Promise<string> {
    const source = this.namespaceOf(SOURCE_HOST);
    const route = await runCommand('ip', ['-n', source, 'route', 'show', SUBNET]);
    const fixed = /congctl (?:lock )?(\S+)/.exec(route)?.[1];
    return fixed ?? (await this.#exec(source, 'cat', CONGESTION_CONTROL_PATH)).trim();
  }

  /** Bytes that left a host by its link since the lab was made, headers included. */
  async sentBytes(host: number): Promise<number> {
    const path = `/sys/class/net/${HOST_DEVICE}/statistics/tx_bytes`;
    return Number(await this.#exec(this.namespaceOf(host), 'cat', path));
  }

  /** Runs a short command on a host. */
  async execute(host: number, command: readonly string[]): Promise<string> {
    return this.#exec(this.namespaceOf(host), ...command);
  }

  /** Its processes must have ended; a namespace takes its devices with it. */
  async remove(): Promise<void> {
    const removals = this.#created.splice(0).map((name) => this.#ip('netns', 'delete', name));
    const outcomes = await Promise.allSettled(removals);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #addHost(host: number, rateMbit: number): Promise<void> {
    const namespace = this.namespaceOf(host);
    const port = `s${host}`;
    await this.#addNamespace(namespace);
    await this.#ip(
      ...['link', 'add', HOST_DEVICE, 'netns', namespace],
      ...['type', 'veth', 'peer', 'name', port, 'netns', this.#switch],
    );
    await this.#ip(
      '-n',
      namespace,
      'addr',
      'add',
      `${this.addressOf(host)}/24`,
      'dev',
      HOST_DEVICE,
    );
    await this.#ip('-n', namespace, 'link', 'set', 'lo', 'up');
    await this.#ip('-n', namespace, 'link', 'set', HOST_DEVICE, 'up');
    await this.#ip('-n', this.#switch, 'link', 'set', port, 'master', BRIDGE);
    await this.#ip('-n', this.#switch, 'link', 'set', port, 'up');
    await this.#fixCongestionControl(host);
    if (rateMbit === 0) return;
    const packetLimit = ['gso_max_size', `${MAX_PACKET_BYTES}`];
    await this.#ip('-n', namespace, 'link', 'set', HOST_DEVICE, ...packetLimit);
    await runCommand('tc', shapingArguments(namespace, HOST_DEVICE, rateMbit));
    await runCommand('tc', shapingArguments(this.#switch, port, rateMbit));
  }

  /**
   * On the route: as the default of a namespace the machine may allow only what it allows everybody,
   * and that list is not ours to change. Without the module the default stays; it is reported.
   */
  async #fixCongestionControl(host: number): Promise<void> {
    const link = [SUBNET, 'dev', HOST_DEVICE, 'proto', 'kernel', 'scope', 'link'];
    const route = [...link, 'src', this.addressOf(host), 'congctl', CONGESTION_CONTROL];
    const args = ['-n', this.namespaceOf(host), 'route', 'change', ...route];
    await runCommand('ip', args).catch(() => undefined);
  }

  async #addNamespace(namespace: string): Promise<void> {
    await this.#ip('netns', 'add', namespace);
    this.#created.push(namespace);
  }

  async #ip(...args: string[]): Promise<void> {
    await runCommand('ip', args);
  }

  #exec(namespace: string, ...command: string[]): Promise<string> {
    return runCommand('ip', ['netns', 'exec', namespace, ...command]);
  }
}

function rateOf(workload: Workload, host: number): number {
  return workload.slow.find((one) => one.host === host)?.rateMbit ?? workload.rateMbit;
}
