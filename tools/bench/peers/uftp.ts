/**
 * UFTP, multicast: the source sends each packet once and the bridge copies it. It sends at a rate that
 * it is told, so a slow or a dead host says nothing about it.
 */
import { join } from 'node:path';
import type { HostProcess } from '../network/host-process.ts';
import { HOST_DEVICE, SOURCE_HOST } from '../network/lab-network.ts';
import type { Workload } from '../workloads.ts';
import { missingPrograms } from './installed.ts';
import type { DoneReport, Peer, PeerKind, RunSite } from './peer.ts';

const PORT = 1044;
/** Receive and send buffer, bytes: the largest that Linux does not silently cut on most machines. */
const BUFFER_BYTES = 8_000_000;
/** Of the link's rate: what is left beside headers; more is dropped by the shaping. */
const RATE_SHARE = 0.93;
/** Where links are unshaped it still needs a rate, Mbit/s. */
const UNSHAPED_RATE_MBIT = 2000;

export const uftp: PeerKind = {
  name: 'uftp',
  what: 'UFTP, multicast at a fixed rate (0.93 of the link, 2 Gbit/s unshaped)',
  findMissing: () => missingPrograms('uftp', 'uftpd'),
  refusal: ({ slow, kills }: Workload) =>
    slow.length + kills.length > 0 ? 'one rate for all hosts' : undefined,
  create: (site) => new UftpPeer(site),
};

class UftpPeer implements Peer {
  readonly #site: RunSite;
  #sender: HostProcess | undefined;
  #receivers: HostProcess[] = [];

  constructor(site: RunSite) {
    this.#site = site;
  }

  get receivers(): readonly HostProcess[] {
    return this.#receivers;
  }

  async prepare(): Promise<void> {
    for (const host of [SOURCE_HOST, ...this.#site.hosts]) {
      await this.#site.execute(host, ['ip', 'route', 'add', '224.0.0.0/4', 'dev', HOST_DEVICE]);
    }
    this.#receivers = this.#site.hosts.map((host) => this.#spawnReceiver(host));
    await Promise.all(this.#receivers.map((receiver) => receiver.waitForPort(PORT, 'udp')));
    const rateKbit = Math.floor(
      (this.#site.workload.rateMbit || UNSHAPED_RATE_MBIT) * 1000 * RATE_SHARE,
    );
    const send = ['uftp', '-I', HOST_DEVICE, '-R', `${rateKbit}`, '-B', `${BUFFER_BYTES}`];
    this.#sender = this.#site.spawn(SOURCE_HOST, 'uftp', [...send, this.#site.sourcePath], {
      waitsForGo: true,
    });
  }

  start(): void {
    this.#sender?.release();
  }

  /** The sender ends when every receiver has confirmed the file. */
  async waitUntilDone(): Promise<DoneReport> {
    await this.#sender?.waitForSuccess();
    return {};
  }

  #spawnReceiver(host: number): HostProcess {
    const log = join(this.#site.folder, `uftpd-${host}.log`);
    const receive = ['uftpd', '-d', '-I', HOST_DEVICE, '-D', this.#site.outputFolder(host)];
    return this.#site.spawn(host, 'uftpd', [...receive, '-B', `${BUFFER_BYTES}`, '-L', log]);
  }
}
