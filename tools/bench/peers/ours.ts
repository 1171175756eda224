/**
 * The built services of this repository: a server at the source, an agent on every host, the task by
 * REST. Done is what the server answers: COMPLETED for every healthy host.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HostProcess } from '../network/host-process.ts';
import { SOURCE_HOST } from '../network/lab-network.ts';
import { isAboutLatency } from '../workloads.ts';
import type { DoneReport, Peer, PeerKind, RunSite } from './peer.ts';
import type { DriverOrders, DriverReport } from './task-driver.ts';

const SERVER_PORT = 45000;
const SERVER_DATA_PORT = 45001;
const AGENT_PORT = 45010;
const AGENT_DATA_PORT = 45011;
/** MiB/s: above what any workload here can reach, so that only the links limit. */
const SPEED_MIB = 4000;
/** The budget that the memory goal is stated for, MiB. */
const CACHE_MIB = 50;
// "gofd", as `gofd -p` hides it.
const AUTH =
  'auth: { username: gofd, password: LFFex2mDcetFDnghcZqpz0z/zbzYhRLBj58fnAs45uc=, factor: 802cbde8 }';
const AUTHORIZATION = `Basic ${Buffer.from('gofd:gofd').toString('base64')}`;
const TASK_ID = 'bench';
const POLL_MS = 50;
/** A task of some hundred milliseconds must not be measured in steps of 50. */
const LATENCY_POLL_MS = 10;
const DRIVER_PATH = fileURLToPath(new URL('task-driver.ts', import.meta.url));

/** @param distFolder where the services were built to, `dist/apps` */
export function createOurs(distFolder: string): PeerKind {
  return {
    name: 'ours',
    what: 'this repository: server, agents, task by REST; verifies every piece',
    findMissing: () => {
      const main = join(distFolder, 'server', 'main.js');
      return Promise.resolve(existsSync(main) ? undefined : `a build (${main})`);
    },
    create: (site) => new OurPeer(site),
  };
}

class OurPeer implements Peer {
  readonly #site: RunSite;
  #agents: HostProcess[] = [];
  #driver: HostProcess | undefined;

  constructor(site: RunSite) {
    this.#site = site;
  }

  get receivers(): readonly HostProcess[] {
    return this.#agents;
  }

  async prepare(): Promise<void> {
    const server = this.#spawnService(SOURCE_HOST, 'server', this.#serverConfig());
    this.#agents = this.#site.hosts.map((host) =>
      this.#spawnService(host, 'agent', this.#agentConfig(host)),
    );
    await server.waitForPort(SERVER_PORT);
    await Promise.all(this.#agents.map((agent) => agent.waitForPort(AGENT_PORT)));
    const drive = [process.execPath, DRIVER_PATH, JSON.stringify(this.#orders())];
    this.#driver = this.#site.spawn(SOURCE_HOST, 'task-driver', drive);
    await this.#driver.waitForLine('ready');
  }

  start(): void {
    this.#driver?.release();
  }

  async waitUntilDone(): Promise<DoneReport> {
    const line = (await this.#driver?.waitForLine('done')) ?? '';
    const { elapsedMs, serverSentBytes } = JSON.parse(line.slice('done '.length)) as DriverReport;
    return { makespanSeconds: elapsedMs / 1000, sourceSentBytes: serverSentBytes };
  }

  #spawnService(host: number, service: 'server' | 'agent', config: string): HostProcess {
    const configPath = join(this.#site.folder, `${service}-${host}.yml`);
    writeFileSync(configPath, config);
    const main = join(this.#site.distFolder, service, 'main.js');
    const command = [process.execPath, main, '-c', configPath];
    return this.#site.spawn(host, service, command, { stdout: 'log' });
  }

  #serverConfig(): string {
    const ports = `mgntPort: ${SERVER_PORT}, dataPort: ${SERVER_DATA_PORT}`;
    const agentPorts = `agentMgntPort: ${AGENT_PORT}, agentDataPort: ${AGENT_DATA_PORT}`;
    return [
      'name: server',
      `net: { ip: ${this.#site.addressOf(SOURCE_HOST)}, ${ports}, ${agentPorts} }`,
      AUTH,
      `control: { speed: ${SPEED_MIB}, cacheSize: ${CACHE_MIB} }`,
      '',
    ].join('\n');
  }

  #agentConfig(host: number): string {
    const ports = `mgntPort: ${AGENT_PORT}, dataPort: ${AGENT_DATA_PORT}`;
    return [
      `name: agent${host}`,
      `downdir: ${this.#site.outputFolder(host)}`,
      `net: { ip: ${this.#site.addressOf(host)}, ${ports} }`,
      AUTH,
      `control: { cacheSize: ${CACHE_MIB} }`,
      '',
    ].join('\n');
  }

  #orders(): DriverOrders {
    const { hosts, healthy, sourcePath, workload } = this.#site;
    const addresses = hosts.map((host) => this.#site.addressOf(host));
    return {
      tasksUrl: `http://${this.#site.addressOf(SOURCE_HOST)}:${SERVER_PORT}/api/v1/server/tasks`,
      authorization: AUTHORIZATION,
      task: { id: TASK_ID, dispatchFiles: [sourcePath], destIPs: addresses },
      awaited: healthy.map((host) => this.#site.addressOf(host)),
      pollMs: isAboutLatency(workload) ? LATENCY_POLL_MS : POLL_MS,
    };
  }
}
