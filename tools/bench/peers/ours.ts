/**
 * The built services of this repository: a server at the source, an agent on every host, the task by
 * REST. Done is what the server answers: COMPLETED for every healthy host.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { waitUntil } from '../../cluster/wait-until.ts';
import type { HostProcess } from '../network/host-process.ts';
import { SOURCE_HOST } from '../network/lab-network.ts';
import { fileBytes, isAboutLatency } from '../workloads.ts';
import { hasCompleted, parseResume, worstLag } from './agent-log.ts';
import type { DoneReport, Peer, PeerKind, RunSite } from './peer.ts';
import type { DriverMilestone, DriverOrders, DriverReport } from './task-driver.ts';

export const OURS = 'ours';
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
/** A task of some ten milliseconds must not be measured in steps of 50. */
const LATENCY_POLL_MS = 5;
/** An agent that is killed on its way must be met there: the whole file takes at least this, s. */
const RESTART_TASK_SECONDS = 20;
const RESTARTED_HOST = 1;
const DRIVER_PATH = fileURLToPath(new URL('task-driver.ts', import.meta.url));

/** @param distFolder where the services were built to, `dist/apps` */
export function createOurs(distFolder: string): PeerKind {
  return {
    name: OURS,
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
  #server: HostProcess | undefined;
  #agents: HostProcess[] = [];
  #driver: HostProcess | undefined;

  constructor(site: RunSite) {
    this.#site = site;
  }

  get receivers(): readonly HostProcess[] {
    return this.#agents;
  }

  get source(): HostProcess | undefined {
    return this.#server;
  }

  async prepare(): Promise<void> {
    const server = this.#spawnService(SOURCE_HOST, 'server', this.#serverConfig());
    this.#server = server;
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
    const { restartAtPercent } = this.#site.workload;
    const reportedPercent = restartAtPercent === undefined ? undefined : await this.#restart();
    const { elapsedMs, serverSentBytes } = await this.#heard<DriverReport>('done');
    const logs = await Promise.all(this.#site.healthy.map((host) => this.#completedLog(host)));
    const lag = worstLag(logs, TASK_ID);
    return {
      makespanSeconds: elapsedMs / 1000,
      sourceSentBytes: serverSentBytes,
      ...(lag && { lag }),
      ...(reportedPercent !== undefined && {
        resume: { reportedPercent, ...parseResume(logs.join(''), TASK_ID) },
      }),
    };
  }

  /** @returns percent that the agent had reported when it was killed */
  async #restart(): Promise<number> {
    const { percent } = await this.#heard<DriverMilestone>('reached');
    const [agent] = this.#agents;
    agent?.kill();
    await waitUntil('the end of the agent', () => agent?.hasEnded);
    this.#agents = [this.#spawnService(RESTARTED_HOST, 'agent')];
    return percent;
  }

  async #heard<T>(word: 'done' | 'reached'): Promise<T> {
    const line = (await this.#driver?.waitForLine(word)) ?? '';
    return JSON.parse(line.slice(word.length)) as T;
  }

  /** The agent's log once it says that the task is completed, which it does after it has reported so. */
  #completedLog(host: number): Promise<string> {
    const path = join(this.#site.folder, `agent-${host}.log`);
    return waitUntil(`the last word of agent ${host}`, () => {
      const log = readFileSync(path, 'utf8');
      return hasCompleted(log, TASK_ID) && log;
    });
  }

  /** @param config written first; left out when the service is started again */
  #spawnService(host: number, service: 'server' | 'agent', config?: string): HostProcess {
    const configPath = join(this.#site.folder, `${service}-${host}.yml`);
    if (config !== undefined) writeFileSync(configPath, config);
    const main = join(this.#site.distFolder, 'cli', 'main.js');
    const command = [process.execPath, main, service === 'server' ? '-s' : '-a', configPath];
    return this.#site.spawn(host, service, command, { stdout: 'log' });
  }

  #serverConfig(): string {
    const ports = `mgntPort: ${SERVER_PORT}, dataPort: ${SERVER_DATA_PORT}`;
    const agentPorts = `agentMgntPort: ${AGENT_PORT}, agentDataPort: ${AGENT_DATA_PORT}`;
    return [
      'name: server',
      `net: { ip: ${this.#site.addressOf(SOURCE_HOST)}, ${ports}, ${agentPorts} }`,
      AUTH,
      `control: { speed: ${this.#speedMiB()}, cacheSize: ${CACHE_MIB} }`,
      '',
    ].join('\n');
  }

  #speedMiB(): number {
    const { sizeMiB, restartAtPercent } = this.#site.workload;
    return restartAtPercent === undefined ? SPEED_MIB : sizeMiB / RESTART_TASK_SECONDS;
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
      earlier: this.#earlierFiles().map((path, index) => ({
        id: `earlier-${index + 1}`,
        dispatchFiles: [path],
        destIPs: addresses,
      })),
      ...(workload.restartAtPercent !== undefined && { milestone: workload.restartAtPercent }),
    };
  }

  /** Of the same size, with other names and other bytes. */
  #earlierFiles(): string[] {
    const { folder, workload } = this.#site;
    return Array.from({ length: workload.earlierTasks ?? 0 }, (_, index) => {
      const path = join(folder, `earlier-${index + 1}`);
      writeFileSync(path, randomBytes(fileBytes(workload)));
      return path;
    });
  }
}
