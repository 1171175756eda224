/** rsync in daemon mode, whole files: every host fetches from the source; nothing is hashed again. */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SOURCE_HOST } from '../network/lab-network.ts';
import { missingPrograms } from './installed.ts';
import { FILE_NAME, type DoneReport, type Peer, type PeerKind, type RunSite } from './peer.ts';
import { ReceiverFleet } from './receiver-fleet.ts';

const PORT = 873;
/** With a socket as its input rsync believes that inetd has started it. */
const WITHOUT_INPUT = 'exec "$@" < /dev/null';
const FETCH = 'rsync --whole-file "$2" "$1" && echo done';

export const rsync: PeerKind = {
  name: 'rsync',
  what: 'rsync daemon, whole files: every host fetches from the source',
  findMissing: () => missingPrograms('rsync'),
  create: (site) => new RsyncPeer(site),
};

class RsyncPeer implements Peer {
  readonly #site: RunSite;
  readonly #fetchers = new ReceiverFleet();

  constructor(site: RunSite) {
    this.#site = site;
  }

  async prepare(): Promise<void> {
    const { folder, sourcePath, hosts } = this.#site;
    const address = this.#site.addressOf(SOURCE_HOST);
    const configPath = join(folder, 'rsyncd.conf');
    writeFileSync(
      configPath,
      `uid = root\ngid = root\nuse chroot = no\n[source]\npath = ${dirname(sourcePath)}\nread only = yes\n`,
    );
    const command = [
      'sh',
      '-c',
      WITHOUT_INPUT,
      'sh',
      'rsync',
      '--daemon',
      '--no-detach',
      `--config=${configPath}`,
    ];
    const daemon = this.#site.spawn(SOURCE_HOST, 'rsyncd', [
      ...command,
      `--address=${address}`,
      `--port=${PORT}`,
    ]);
    await daemon.waitForPort(PORT);
    const url = `rsync://${address}/source/${FILE_NAME}`;
    for (const host of hosts) {
      const target = join(this.#site.outputFolder(host), FILE_NAME);
      const fetch = ['sh', '-c', FETCH, 'sh', target, url];
      this.#fetchers.add(host, this.#site.spawn(host, 'rsync', fetch, { waitsForGo: true }));
    }
  }

  start(): void {
    this.#fetchers.release();
  }

  async waitUntilDone(): Promise<DoneReport> {
    await this.#fetchers.waitUntilDone(this.#site.healthy);
    return {};
  }
}
