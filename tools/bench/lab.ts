/**
 * One run's hosts, folders and processes, made for it and gone with it. Whatever the run did, `remove`
 * kills who is left inside its namespaces, and takes away namespaces, control group and folder.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ProcessGroup } from './measure/process-group.ts';
import { HostProcess, type HostProcessOptions } from './network/host-process.ts';
import { LabNetwork } from './network/lab-network.ts';
import { emptyNamespaces, killProcessesIn } from './network/namespace-processes.ts';
import type { RunSite } from './peers/peer.ts';
import { allHosts, healthyHosts, type Workload } from './workloads.ts';

export interface LabPlace {
  /** Holds the folders of runs. */
  readonly folder: string;
  readonly sourcePath: string;
  readonly distFolder: string;
}

const NAME_BYTES = 4;

export class Lab implements RunSite {
  readonly workload: Workload;
  readonly hosts: readonly number[];
  readonly healthy: readonly number[];
  readonly folder: string;
  readonly sourcePath: string;
  readonly distFolder: string;
  readonly network: LabNetwork;
  readonly #group: ProcessGroup | undefined;
  readonly #spawned: HostProcess[] = [];
  /** What the hosts really have, `cubic` where that is allowed. */
  #congestionControl = '';

  private constructor(workload: Workload, place: LabPlace) {
    // Random, so that neither another benchmark nor the remains of one can bear the same name.
    const name = `gofd-bench-${randomBytes(NAME_BYTES).toString('hex')}`;
    this.workload = workload;
    this.hosts = allHosts(workload);
    this.healthy = healthyHosts(workload);
    this.folder = join(place.folder, name);
    this.sourcePath = place.sourcePath;
    this.distFolder = place.distFolder;
    this.network = new LabNetwork(name);
    this.#group = ProcessGroup.create(name);
  }

  static async create(workload: Workload, place: LabPlace, signal: AbortSignal): Promise<Lab> {
    const lab = new Lab(workload, place);
    try {
      for (const host of lab.hosts) mkdirSync(lab.outputFolder(host), { recursive: true });
      await lab.network.create(workload, signal);
      lab.#congestionControl = await lab.network.congestionControl();
      return lab;
    } catch (error) {
      await lab.remove();
      throw error;
    }
  }

  get congestionControl(): string {
    return this.#congestionControl;
  }

  /** CPU time of all processes of this run so far, s; undefined where it cannot be counted. */
  get peerClock(): (() => number) | undefined {
    const group = this.#group;
    return group && (() => group.cpuSeconds());
  }

  addressOf(host: number): string {
    return this.network.addressOf(host);
  }

  outputFolder(host: number): string {
    return join(this.folder, `host${host}`);
  }

  spawn(
    host: number,
    name: string,
    command: readonly string[],
    options: HostProcessOptions = {},
  ): HostProcess {
    const place = {
      namespace: this.network.namespaceOf(host),
      logPath: join(this.folder, `${name}-${host}.log`),
      folder: this.folder,
      groupListPath: this.#group?.listPath,
    };
    const spawned = new HostProcess(place, command, options);
    this.#spawned.push(spawned);
    return spawned;
  }

  execute(host: number, command: readonly string[]): Promise<string> {
    return this.network.execute(host, command);
  }

  /** As if its power had failed: nothing says goodbye. */
  killHost(host: number): void {
    killProcessesIn([this.network.namespaceOf(host)]);
  }

  /** Ends everything at once; the folders stay for the check. */
  async killAll(): Promise<void> {
    for (const spawned of this.#spawned) spawned.kill();
    await emptyNamespaces(this.network.namespaces);
  }

  async remove(): Promise<void> {
    await this.killAll();
    await this.network.remove();
    await this.#group?.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
