/**
 * One run's world: real processes, each behind two fault proxies (or each on a host of its own), a
 * source, a task, and the hands that do harm. It keeps book of the harm, so that the judge can tell
 * what died from what was killed.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runCommand } from '../../bench/network/run-command.ts';
import {
  basicAuth,
  Cluster,
  PASSWORD,
  USERNAME,
  type ProcessPlace,
} from '../../cluster/cluster.ts';
import type { ServiceProcess } from '../../cluster/service-process.ts';
import { waitUntil } from '../../cluster/wait-until.ts';
import { randomFile } from '../../e2e/copies.ts';
import { factsOf, walk, type FileFacts } from '../check/file-facts.ts';
import { ask, isTerminal, type HttpAnswer, type ObservedTask } from '../check/observed-task.ts';
import type { Fault, Setting } from '../fault.ts';
import { TcpFaultProxy } from '../proxy/tcp-fault-proxy.ts';
import { SeededChoice } from '../seeded-choice.ts';
import { FaultNetwork } from './fault-network.ts';

const MIB = 1024 * 1024;
export const TASK_ID = 'build';
const AUTHORIZATION = basicAuth(USERNAME, PASSWORD);
const DEFAULTS = { agents: 4, fileMiB: 24, speed: 8, maxActive: 10 } as const;

/** The proxies before one process. */
export interface ProcessProxies {
  readonly mgnt: TcpFaultProxy;
  readonly data: TcpFaultProxy;
}

export class FaultLab {
  readonly choice: SeededChoice;
  readonly cluster: Cluster;
  readonly setting: Required<Omit<Setting, 'tmpfsMiB'>>;
  /** Path of the task's one file. */
  readonly source: string;
  /** Processes whose death is the runner's doing. */
  readonly killed = new Set<ServiceProcess>();
  /** File name → contents that were the source's at some time. */
  readonly contents = new Map<string, Set<string>>();
  sources: ReadonlyMap<string, FileFacts> = new Map();
  outside: readonly string[] = [];
  #proxies: ProcessProxies[] = [];
  #network: FaultNetwork | undefined;
  readonly #mounts: string[] = [];

  private constructor(choice: SeededChoice, cluster: Cluster, setting: FaultLab['setting']) {
    this.choice = choice;
    this.cluster = cluster;
    this.setting = setting;
    this.source = join(cluster.folder, 'src', TASK_ID);
  }

  /** Makes everything; starts nothing. */
  static async create(fault: Fault, runName: string): Promise<FaultLab> {
    const { tmpfsMiB, ...asked } = fault.setting ?? {};
    const setting = { ...DEFAULTS, ...asked };
    const network =
      fault.needs === 'network' ? new FaultNetwork(`gofd-f-${process.pid}`) : undefined;
    const places = network
      ? await network.create(setting.agents + 1)
      : Array.from({ length: setting.agents + 1 }, (_, index) => loopbackPlace(index));
    const { agents, speed, maxActive } = setting;
    const cluster = await Cluster.create({ agents, speed, maxActive, places, cacheSize: 8 });
    const lab = new FaultLab(new SeededChoice(runName), cluster, setting);
    lab.#network = network;
    if (tmpfsMiB !== undefined) await lab.#mountDowndir(tmpfsMiB);
    if (!network) await lab.#standBetween(places, runName);
    await randomFile(lab.source, setting.fileMiB * MIB);
    mkdirSync(join(cluster.folder, 'canary'));
    writeFileSync(join(cluster.folder, 'canary', 'stays'), 'untouched');
    lab.noteSources();
    lab.outside = lab.walkOutside();
    return lab;
  }

  /** @throws Error in a loopback run */
  get network(): FaultNetwork {
    if (!this.#network) throw new Error('this fault did not ask for a network');
    return this.#network;
  }

  /** Of a process: 0 is the server, agents follow. */
  proxies(process: number): ProcessProxies {
    const found = this.#proxies[process];
    if (!found) throw new Error(`no proxies before process ${process}`);
    return found;
  }

  anyAgent(): number {
    return this.choice.between(0, this.cluster.agents.length - 1);
  }

  agentProcess(index: number): ServiceProcess {
    const found = this.cluster.agents[index]?.process;
    if (!found) throw new Error(`agent ${index} was not started`);
    return found;
  }

  downdir(index: number): string {
    return this.cluster.agents[index]?.downdir ?? '';
  }

  serverProcess(): ServiceProcess {
    if (!this.cluster.server) throw new Error('the server was not started');
    return this.cluster.server;
  }

  async kill(process: ServiceProcess): Promise<void> {
    this.killed.add(process);
    await process.kill();
  }

  async restartServer(): Promise<void> {
    this.cluster.startServer();
    await this.cluster.waitForServer();
  }

  async restartAgent(index: number): Promise<void> {
    this.cluster.startAgent(index);
    await this.cluster.waitForAgent(index);
  }

  callServer(method: string, path: string, body?: unknown): Promise<HttpAnswer> {
    return ask(method, `${this.cluster.serverUrl}/api/v1/server${path}`, AUTHORIZATION, body);
  }

  async createTask(id = TASK_ID, source = this.source): Promise<HttpAnswer> {
    const body = { id, dispatchFiles: [source], destIPs: this.cluster.hosts };
    return this.callServer('POST', '/tasks', body);
  }

  /** @returns undefined while the server is out of reach or does not know it */
  async task(id = TASK_ID): Promise<ObservedTask | undefined> {
    const answer = await this.callServer('GET', `/tasks/${id}`).catch(() => undefined);
    return answer?.status === 200 ? (answer.body as ObservedTask) : undefined;
  }

  async waitForEnd(id: string, timeoutMs: number): Promise<ObservedTask> {
    const end = async (): Promise<ObservedTask | undefined> => {
      const task = await this.task(id);
      return task && isTerminal(task.status) ? task : undefined;
    };
    return waitUntil(`the end of task ${id}`, end, timeoutMs);
  }

  /** Percent as the agents themselves say it, without the pause between reports. */
  async percents(): Promise<number[]> {
    return Promise.all(
      this.cluster.agents.map(async ({ ip, mgntPort }) => {
        const url = `http://${ip}:${mgntPort}/api/v1/agent/tasks/${TASK_ID}`;
        const answer = await ask('GET', url, AUTHORIZATION).catch(() => undefined);
        return (answer?.body as { percentComplete?: number } | undefined)?.percentComplete ?? 0;
      }),
    );
  }

  /** What the sources hold now is allowed under their names, and must stay so. */
  noteSources(...more: string[]): void {
    const paths = [...new Set([...this.sources.keys(), this.source, ...more])];
    this.sources = factsOf(paths.filter((path) => existsSync(path)));
    for (const [path, { sha256 }] of this.sources) {
      const name = basename(path);
      this.contents.set(name, (this.contents.get(name) ?? new Set()).add(sha256));
    }
  }

  /** Everything that is nobody's to touch. */
  walkOutside(): string[] {
    const { folder, agents } = this.cluster;
    const own = agents.flatMap(({ downdir }) => [downdir, `${downdir}.log`, `${downdir}.away`]);
    return walk(folder, [...own, join(folder, 'state'), join(folder, 'server.log')]);
  }

  /** Mounts of the run itself go first, in reverse order. */
  unmountAtEnd(folder: string): void {
    this.#mounts.push(folder);
  }

  /** Takes down what the run made; processes first. */
  async remove(): Promise<void> {
    for (const { mgnt, data } of this.#proxies) await Promise.all([mgnt.close(), data.close()]);
    await Promise.all(this.cluster.started.map((process) => process.stop()));
    for (const folder of this.#mounts.reverse()) await runCommand('umount', [folder]);
    await this.cluster.stop();
    await this.#network?.remove();
  }

  async #mountDowndir(sizeMiB: number): Promise<void> {
    const folder = this.downdir(0);
    await runCommand('mount', ['-t', 'tmpfs', '-o', `size=${sizeMiB}m`, 'tmpfs', folder]);
    this.#mounts.push(folder);
  }

  async #standBetween(places: readonly ProcessPlace[], runName: string): Promise<void> {
    this.#proxies = places.map((place, index) => {
      const agent = this.cluster.agents[index - 1];
      const { mgntPort, dataPort } = agent ?? this.cluster.serverPorts;
      const proxy = (port: number): TcpFaultProxy =>
        new TcpFaultProxy(
          { host: place.advertise ?? '', port },
          { host: place.ip, port },
          `${runName} ${index} ${port === dataPort ? 'data' : 'mgnt'}`,
        );
      return { mgnt: proxy(mgntPort), data: proxy(dataPort) };
    });
    await Promise.all(this.#proxies.flatMap(({ mgnt, data }) => [mgnt.listen(), data.listen()]));
  }
}

/** The process listens on one loopback address and is known by another, where its proxies stand. */
function loopbackPlace(index: number): ProcessPlace {
  return { ip: `127.0.0.${index + 1}`, advertise: `127.0.1.${index + 1}` };
}
