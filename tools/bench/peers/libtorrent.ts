/** libtorrent through its Python binding, every host connected to every other; verifies SHA-1. */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HostProcess } from '../network/host-process.ts';
import { SOURCE_HOST } from '../network/lab-network.ts';
import { runCommand } from '../network/run-command.ts';
import { makeTorrent } from './torrent-file.ts';
import type { DoneReport, Peer, PeerKind, RunSite } from './peer.ts';
import { ReceiverFleet } from './receiver-fleet.ts';

/** The system's own first: a distribution installs the binding for that one. */
const PYTHONS = ['/usr/bin/python3', 'python3'];
const HOST_SCRIPT = fileURLToPath(new URL('libtorrent-host.py', import.meta.url));

export const libtorrent: PeerKind = {
  name: 'libtorrent',
  what: 'libtorrent (python3-libtorrent), a full mesh without a tracker; verifies SHA-1 of 1 MiB pieces',
  findMissing: async () => ((await findPython()) === undefined ? 'python3-libtorrent' : undefined),
  create: (site) => new LibtorrentPeer(site),
};

class LibtorrentPeer implements Peer {
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
    const python = (await findPython()) ?? '';
    const torrentPath = join(folder, 'blob.torrent');
    writeFileSync(torrentPath, makeTorrent(sourcePath, 'http://127.0.0.1/none'));
    const everyone = [SOURCE_HOST, ...hosts].map((host) => this.#site.addressOf(host)).join(',');
    const run = (host: number, role: string, target: string): HostProcess =>
      this.#site.spawn(host, `libtorrent-${role}`, [
        ...[python, HOST_SCRIPT, role, this.#site.addressOf(host)],
        ...[target, torrentPath, everyone],
      ]);
    const seed = run(SOURCE_HOST, 'seed', dirname(sourcePath));
    for (const host of hosts) {
      this.#clients.add(host, run(host, 'fetch', this.#site.outputFolder(host)));
    }
    await Promise.all([seed, ...this.#clients.all].map((one) => one.waitForLine('ready')));
  }

  start(): void {
    this.#clients.release();
  }

  async waitUntilDone(): Promise<DoneReport> {
    await this.#clients.waitUntilDone(this.#site.healthy);
    return {};
  }
}

async function findPython(): Promise<string | undefined> {
  for (const python of PYTHONS) {
    const hasBinding = await runCommand(python, ['-c', 'import libtorrent']).then(
      () => true,
      () => false,
    );
    if (hasBinding) return python;
  }
  return undefined;
}
