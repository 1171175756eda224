/** aria2 as a BitTorrent swarm with a tracker of its own; it verifies every piece (SHA-1). */
import { chmodSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HostProcess } from '../network/host-process.ts';
import { SOURCE_HOST } from '../network/lab-network.ts';
import { missingPrograms } from './installed.ts';
import { makeTorrent } from './torrent-file.ts';
import type { DoneReport, Peer, PeerKind, RunSite } from './peer.ts';
import { ReceiverFleet } from './receiver-fleet.ts';

const TRACKER_PORT = 6969;
const TRACKER_PATH = fileURLToPath(new URL('tracker.ts', import.meta.url));

/** A closed swarm without limits, that goes on seeding until it is killed. */
const SWARM_OPTIONS = [
  '--no-conf=true',
  '--enable-dht=false',
  '--bt-enable-lpd=false',
  '--enable-peer-exchange=true',
  '--seed-ratio=0.0',
  '--bt-tracker-interval=2',
  '--listen-port=6881',
  '--file-allocation=none',
  '--bt-max-peers=0',
  '--bt-request-peer-speed-limit=1000M',
  '--summary-interval=0',
  '--quiet',
];

export const aria2: PeerKind = {
  name: 'aria2',
  what: 'aria2, a BitTorrent swarm; verifies SHA-1 of 1 MiB pieces',
  findMissing: () => missingPrograms('aria2c'),
  create: (site) => new Aria2Peer(site),
};

class Aria2Peer implements Peer {
  readonly #site: RunSite;
  readonly #clients = new ReceiverFleet();

  constructor(site: RunSite) {
    this.#site = site;
  }

  get receivers(): readonly HostProcess[] {
    return this.#clients.all;
  }

  async prepare(): Promise<void> {
    const { folder, sourcePath, hosts } = this.#site;
    const address = this.#site.addressOf(SOURCE_HOST);
    const torrentPath = join(folder, 'blob.torrent');
    writeFileSync(
      torrentPath,
      makeTorrent(sourcePath, `http://${address}:${TRACKER_PORT}/announce`),
    );
    const track = [process.execPath, TRACKER_PATH, address, `${TRACKER_PORT}`];
    const tracker = this.#site.spawn(SOURCE_HOST, 'tracker', track);
    await tracker.waitForPort(TRACKER_PORT);
    const seed = ['-d', dirname(sourcePath), '--check-integrity=true', torrentPath];
    this.#site.spawn(SOURCE_HOST, 'seed', ['aria2c', ...SWARM_OPTIONS, ...seed]);
    // A seed announces itself when it has checked its file.
    await tracker.waitForLine(`announced ${address}`);
    const hook = `--on-bt-download-complete=${this.#writeHook()}`;
    for (const host of hosts) {
      const target = ['-d', this.#site.outputFolder(host), hook, torrentPath];
      const command = ['aria2c', ...SWARM_OPTIONS, ...target];
      this.#clients.add(host, this.#site.spawn(host, 'aria2', command, { waitsForGo: true }));
    }
  }

  start(): void {
    this.#clients.release();
  }

  async waitUntilDone(): Promise<DoneReport> {
    await this.#clients.waitUntilDone(this.#site.healthy);
    return {};
  }

  /** aria2 runs it when the last piece is verified; its output is that of aria2. */
  #writeHook(): string {
    const path = join(this.#site.folder, 'aria2-done.sh');
    writeFileSync(path, '#!/bin/sh\necho done\n');
    chmodSync(path, 0o755);
    return path;
  }
}
