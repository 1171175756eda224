/**
 * A real server and real agents on loopback addresses, each with its own folder: what the demo shows
 * and the end-to-end tests break. Everything lives below one temporary folder and goes with it.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TaskView } from '@gofd/task-model';
import { freePorts } from './free-ports.ts';
import { ServiceProcess } from './service-process.ts';
import { waitUntil } from './wait-until.ts';

/** Until a started service answers; one that ends instead is noticed at once. A busy machine is slow. */
const START_TIMEOUT_MS = 120_000;

export const USERNAME = 'gofd';
export const PASSWORD = 'gofd';
// The password above, as `gofd -p gofd` prints it.
const AUTH = `auth:
  username: ${USERNAME}
  password: LFFex2mDcetFDnghcZqpz0z/zbzYhRLBj58fnAs45uc=
  factor: 802cbde8
`;

export interface ClusterOptions {
  readonly agents: number;
  /** Upload limit, MiB a second. @default 4000 */
  readonly speed?: number;
  /** @default 10 */
  readonly maxActive?: number;
  /** @default 50 */
  readonly cacheSize?: number;
  /** Certificate files; every management port then speaks HTTPS. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca: string };
  /** Where the processes live: the server's first. @default loopback addresses, nothing between */
  readonly places?: readonly ProcessPlace[];
}

/** Where one process listens, and by what address the others know it. */
export interface ProcessPlace {
  readonly ip: string;
  /** Somebody who stands there passes on what arrives (a fault proxy). @default ip */
  readonly advertise?: string;
  /** Command that runs the rest of its arguments where the process shall live. */
  readonly enter?: readonly string[];
}

export interface AgentSlot {
  /** Its entry in destIPs. */
  readonly host: string;
  readonly downdir: string;
  readonly configPath: string;
  /** Address it listens on. */
  readonly ip: string;
  readonly mgntPort: number;
  readonly dataPort: number;
  process: ServiceProcess | undefined;
}

export interface ApiAnswer<T> {
  readonly status: number;
  readonly body: T;
}

export class Cluster {
  readonly folder: string;
  readonly agents: readonly AgentSlot[];
  readonly serverUrl: string;
  readonly serverConfigPath: string;
  readonly serverPorts: { readonly mgntPort: number; readonly dataPort: number };
  server: ServiceProcess | undefined;
  readonly #places: readonly ProcessPlace[];
  readonly #started: ServiceProcess[] = [];

  private constructor(folder: string, ports: readonly number[], options: ClusterOptions) {
    this.folder = folder;
    const [mgntPort = 0, dataPort = 0, agentMgntPort = 0, agentDataPort = 0, ...rest] = ports;
    this.#places = options.places ?? [];
    this.serverPorts = { mgntPort, dataPort };
    const serverPlace = options.places?.[0] ?? { ip: '127.0.0.1' };
    this.serverUrl = `${options.tls ? 'https' : 'http'}://${serverPlace.ip}:${mgntPort}`;
    this.serverConfigPath = join(folder, 'server.yml');
    const { speed = 4000, maxActive = 10, cacheSize = 50, tls } = options;
    const tlsSection = tls ? `  tls: { cert: ${tls.cert}, key: ${tls.key}, ca: ${tls.ca} }\n` : '';
    const control = `control: { speed: ${speed}, cacheSize: ${cacheSize}, maxActive: ${maxActive} }\n`;
    writeFileSync(
      this.serverConfigPath,
      `name: server\nstate: ${join(folder, 'state')}\nnet:\n  ip: ${serverPlace.ip}\n${advertiseLine(serverPlace)}` +
        `  mgntPort: ${mgntPort}\n  dataPort: ${dataPort}\n` +
        `  agentMgntPort: ${agentMgntPort}\n  agentDataPort: ${agentDataPort}\n` +
        `${tlsSection}${AUTH}${control}`,
    );
    this.agents = Array.from({ length: options.agents }, (_, index) => {
      const place = options.places?.[index + 1];
      const slot = place
        ? {
            ip: place.ip,
            host: place.advertise ?? place.ip,
            mgntPort: agentMgntPort,
            dataPort: agentDataPort,
          }
        : agentAddress(index, { agentMgntPort, agentDataPort, rest });
      const downdir = join(folder, `agent${index + 1}`);
      mkdirSync(downdir);
      const configPath = join(folder, `agent${index + 1}.yml`);
      writeFileSync(
        configPath,
        `name: agent${index + 1}\ndowndir: ${downdir}\nnet:\n  ip: ${slot.ip}\n${advertiseLine(place)}` +
          `  mgntPort: ${slot.mgntPort}\n  dataPort: ${slot.dataPort}\n${tlsSection}${AUTH}` +
          `control: { cacheSize: ${cacheSize}, maxActive: ${maxActive} }\n`,
      );
      return { ...slot, downdir, configPath, process: undefined };
    });
  }

  /** Makes folder and configuration; starts nothing yet. */
  static async create(options: ClusterOptions): Promise<Cluster> {
    const ports = await freePorts(4 + 2 * options.agents);
    return new Cluster(mkdtempSync(join(tmpdir(), 'gofd-')), ports, options);
  }

  /** Every process that was ever started, those since replaced included. */
  get started(): readonly ServiceProcess[] {
    return this.#started;
  }

  get hosts(): string[] {
    return this.agents.map(({ host }) => host);
  }

  /** Starts the server and all agents and waits until they answer. */
  async start(): Promise<void> {
    this.startServer();
    this.agents.forEach((_, index) => this.startAgent(index));
    await this.waitForServer();
    await Promise.all(this.agents.map((_, index) => this.waitForAgent(index)));
  }

  startServer(): ServiceProcess {
    this.server = new ServiceProcess(
      'server',
      this.serverConfigPath,
      join(this.folder, 'server.log'),
      this.#places[0]?.enter,
    );
    this.#started.push(this.server);
    return this.server;
  }

  startAgent(index: number): ServiceProcess {
    const agent = this.#agent(index);
    agent.process = new ServiceProcess(
      'agent',
      agent.configPath,
      `${agent.downdir}.log`,
      this.#places[index + 1]?.enter,
    );
    this.#started.push(agent.process);
    return agent.process;
  }

  async waitForServer(): Promise<void> {
    await waitForHealth(`${this.serverUrl}/api/v1/server/health`, this.server);
  }

  async waitForAgent(index: number): Promise<void> {
    const agent = this.#agent(index);
    await waitForHealth(`http://${agent.ip}:${agent.mgntPort}/api/v1/agent/health`, agent.process);
  }

  /** Calls the server's REST interface with the right password unless told otherwise. */
  async call<T = TaskView>(
    method: string,
    path: string,
    body?: unknown,
    authorization = basicAuth(USERNAME, PASSWORD),
  ): Promise<ApiAnswer<T>> {
    const response = await fetch(`${this.serverUrl}/api/v1/server${path}`, {
      method,
      headers: {
        authorization,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as T };
  }

  /** Polls a task until `isThere` holds. */
  async waitForTask(
    id: string,
    isThere: (task: TaskView) => boolean,
    timeoutMs = 60_000,
  ): Promise<TaskView> {
    return waitUntil(
      `task ${id}`,
      async () => {
        const { body } = await this.call('GET', `/tasks/${id}`);
        return isThere(body) && body;
      },
      timeoutMs,
    );
  }

  /** Ends every process that is still there and removes the folder. */
  async stop(): Promise<void> {
    await Promise.all(this.#started.map((process) => process.stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }

  #agent(index: number): AgentSlot {
    const agent = this.agents[index];
    if (!agent) throw new Error(`there is no agent ${index}`);
    return agent;
  }
}

export function isOver(task: TaskView): boolean {
  return !['INIT', 'INPROGRESS'].includes(task.status);
}

export function basicAuth(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function advertiseLine(place: ProcessPlace | undefined): string {
  return place?.advertise === undefined ? '' : `  advertise: ${place.advertise}\n`;
}

/** Linux answers on all of 127/8, so each agent gets its own address; elsewhere its own ports. */
function agentAddress(
  index: number,
  ports: { agentMgntPort: number; agentDataPort: number; rest: readonly number[] },
): { ip: string; host: string; mgntPort: number; dataPort: number } {
  if (process.platform === 'linux') {
    const ip = `127.0.0.${index + 2}`;
    return { ip, host: ip, mgntPort: ports.agentMgntPort, dataPort: ports.agentDataPort };
  }
  const mgntPort = ports.rest[2 * index] ?? 0;
  const dataPort = ports.rest[2 * index + 1] ?? 0;
  return { ip: '127.0.0.1', host: `127.0.0.1:${mgntPort}`, mgntPort, dataPort };
}

async function waitForHealth(url: string, service: ServiceProcess | undefined): Promise<void> {
  const answers = async (): Promise<boolean> => {
    if (service && !service.isRunning) {
      throw new Error(`a service did not start:\n${service.log()}`);
    }
    return fetch(url).then(
      (response) => response.ok,
      () => false,
    );
  };
  await waitUntil(url, answers, START_TIMEOUT_MS);
}
