/**
 * The floor: a chain in which every host only receives, writes and passes on, in Node, with buffers
 * of 1 MiB. No hash, no requests, no repair: what is left when everything that makes a distribution
 * trustworthy is taken away. Work above it is the price of that trust.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HostProcess } from '../network/host-process.ts';
import { SOURCE_HOST } from '../network/lab-network.ts';
import { fileBytes } from '../workloads.ts';
import type { RelayOrders } from './relay-host.ts';
import { FILE_NAME, type DoneReport, type Peer, type PeerKind, type RunSite } from './peer.ts';

const HOST_SCRIPT = fileURLToPath(new URL('relay-host.ts', import.meta.url));
const PORT = 7000;

export const relay: PeerKind = {
  name: 'relay',
  what: 'a bare chain in Node: receive, write, pass on, in buffers of 1 MiB; verifies nothing',
  findMissing: () => Promise.resolve(undefined),
  refusal: ({ slow, kills }) =>
    slow.length + kills.length > 0 ? 'a bare chain goes around nobody' : undefined,
  create: (site) => new RelayPeer(site),
};

class RelayPeer implements Peer {
  readonly #site: RunSite;
  #source: HostProcess | undefined;
  #hops: HostProcess[] = [];

  constructor(site: RunSite) {
    this.#site = site;
  }

  get receivers(): readonly HostProcess[] {
    return this.#hops;
  }

  async prepare(): Promise<void> {
    this.#source = this.#spawn(SOURCE_HOST, this.#site.sourcePath);
    this.#hops = this.#site.hosts.map((host) =>
      this.#spawn(host, join(this.#site.outputFolder(host), FILE_NAME)),
    );
    await Promise.all([this.#source, ...this.#hops].map((hop) => hop.waitForLine('ready')));
  }

  start(): void {
    this.#source?.release();
  }

  async waitUntilDone(): Promise<DoneReport> {
    await Promise.all(this.#hops.map((hop) => hop.waitForLine('done')));
    return {};
  }

  #spawn(host: number, path: string): HostProcess {
    const isLast = host === this.#site.hosts.at(-1);
    const orders: RelayOrders = {
      path,
      fileBytes: fileBytes(this.#site.workload),
      port: PORT,
      ...(host !== SOURCE_HOST && { upstream: this.#site.addressOf(host - 1) }),
      ...(!isLast && { listen: this.#site.addressOf(host) }),
    };
    const command = [process.execPath, HOST_SCRIPT, JSON.stringify(orders)];
    return this.#site.spawn(host, 'relay', command);
  }
}
