/**
 * Plain HTTP: nginx at the source, curl and sha1sum on every host. The floor of CPU time for a file
 * that is verified, and the ceiling of what a source has to send.
 */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SOURCE_HOST } from '../network/lab-network.ts';
import { missingPrograms } from './installed.ts';
import { FILE_NAME, type DoneReport, type Peer, type PeerKind, type RunSite } from './peer.ts';
import { ReceiverFleet } from './receiver-fleet.ts';

const PORT = 8080;
const FETCH_AND_HASH = 'curl -sS -f -o "$1" "$2" && sha1sum "$1" && echo done';

export const nginx: PeerKind = {
  name: 'nginx',
  what: 'nginx, curl and sha1sum: every host fetches from the source by HTTP and hashes',
  findMissing: () => missingPrograms('nginx', 'curl', 'sha1sum'),
  create: (site) => new NginxPeer(site),
};

class NginxPeer implements Peer {
  readonly #site: RunSite;
  readonly #fetchers = new ReceiverFleet();

  constructor(site: RunSite) {
    this.#site = site;
  }

  async prepare(): Promise<void> {
    const { folder, hosts } = this.#site;
    const configPath = join(folder, 'nginx.conf');
    writeFileSync(configPath, this.#config());
    const command = ['nginx', '-p', folder, '-c', configPath, '-g', 'daemon off;'];
    const server = this.#site.spawn(SOURCE_HOST, 'nginx', command);
    await server.waitForPort(PORT);
    const url = `http://${this.#site.addressOf(SOURCE_HOST)}:${PORT}/${FILE_NAME}`;
    for (const host of hosts) {
      const target = join(this.#site.outputFolder(host), FILE_NAME);
      const fetch = ['sh', '-c', FETCH_AND_HASH, 'sh', target, url];
      this.#fetchers.add(host, this.#site.spawn(host, 'curl', fetch, { waitsForGo: true }));
    }
  }

  start(): void {
    this.#fetchers.release();
  }

  async waitUntilDone(): Promise<DoneReport> {
    await this.#fetchers.waitUntilDone(this.#site.healthy);
    return {};
  }

  #config(): string {
    const { folder, sourcePath } = this.#site;
    const bodies = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path ${folder}/nginx-${name};`)
      .join(' ');
    const listen = `listen ${this.#site.addressOf(SOURCE_HOST)}:${PORT}; root ${dirname(sourcePath)};`;
    return [
      `user root; worker_processes auto; pid ${folder}/nginx.pid; error_log stderr;`,
      'events { worker_connections 1024; }',
      `http { access_log off; sendfile on; ${bodies} server { ${listen} } }`,
      '',
    ].join('\n');
  }
}
