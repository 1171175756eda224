/**
 * What is moved to whom, as data: the rows of docs/benchmarks.md. A workload fixes hosts, rate, size
 * and what goes wrong, never how a peer has to solve it, so that every peer gets the same task. Goals
 * are for ours alone and are judged on medians. Pure.
 */

/** What a run measures that a goal can be set for. */
export type GoalMetric =
  | 'makespanMs'
  | 'boundRatio'
  | 'sourceCopies'
  | 'cpuSecondsPerGb'
  | 'peakRssMiB'
  | 'lagP99Ms'
  | 'piecesAgain';

export interface Goal {
  readonly metric: GoalMetric;
  /** Highest median that reaches the goal; with `ofPeer` a factor of that peer's median. */
  readonly atMost: number;
  readonly ofPeer?: string;
}

export interface SlowHost {
  readonly host: number;
  readonly rateMbit: number;
}

export interface Kill {
  readonly host: number;
  /** After the dispatch. */
  readonly atSeconds: number;
}

export interface Workload {
  readonly name: string;
  /** Receivers; they are numbered from 1, the source is 0. */
  readonly hosts: number;
  /** Of each host's link, each way; 0 = unshaped. */
  readonly rateMbit: number;
  readonly sizeMiB: number;
  readonly slow: readonly SlowHost[];
  readonly kills: readonly Kill[];
  readonly goals: readonly Goal[];
  /** Asks what only ours can answer; no other peer is run. @default false */
  readonly isOursOnly?: boolean;
  /** Its files lie on a disk; measured only when it is named. @default false */
  readonly needsDisk?: boolean;
  /** Tasks with other files of the same size before the one that is measured. @default 0 */
  readonly earlierTasks?: number;
  /** Percent of the file at which the agent of host 1 is killed and started again. @default never */
  readonly restartAtPercent?: number;
  /** What the size was before it was changed for a try. @default it was not */
  readonly usualSizeMiB?: number;
}

/** Addresses of one lab are 10.77.0.1 to 10.77.0.250. */
export const MAX_HOSTS = 249;
const MAX_SIZE_MIB = 1024 * 1024;
export const SIZE_RANGE = `above 0 and at most ${MAX_SIZE_MIB} MiB`;
const MAX_RATE_MBIT = 100_000;
/** Workloads below this are about latency: shown in ms, without CPU seconds per GB. */
const LATENCY_SIZE_MIB = 1;
const MIB = 1024 * 1024;
/** Share of a link's rate that TCP payload can have: 1,448 of 1,514 bytes a frame. */
const PAYLOAD_SHARE = 0.956;

/** 150 MB, the memory that an agent may have; memory is counted in MiB. */
const AGENT_MEMORY_MIB = 143;
const LARGE_SIZE_MIB = 10 * 1024;

const NOTHING_WRONG = { slow: [], kills: [], goals: [] };
/** The source sends the file once. */
const ONE_COPY: Goal = { metric: 'sourceCopies', atMost: 1.02 };

export const WORKLOADS: readonly Workload[] = [
  {
    ...NOTHING_WRONG,
    name: '8x200',
    hosts: 8,
    rateMbit: 200,
    sizeMiB: 256,
    goals: [{ metric: 'boundRatio', atMost: 1.05 }, ONE_COPY],
  },
  {
    ...NOTHING_WRONG,
    name: '32x100',
    hosts: 32,
    rateMbit: 100,
    sizeMiB: 64,
    goals: [{ metric: 'boundRatio', atMost: 1.15 }, ONE_COPY],
  },
  {
    ...NOTHING_WRONG,
    name: 'slow',
    hosts: 8,
    rateMbit: 200,
    sizeMiB: 128,
    slow: [{ host: 2, rateMbit: 20 }],
    goals: [{ metric: 'boundRatio', atMost: 1.1 }],
  },
  {
    ...NOTHING_WRONG,
    name: 'kill',
    hosts: 8,
    rateMbit: 200,
    sizeMiB: 128,
    kills: [
      { host: 3, atSeconds: 2 },
      { host: 6, atSeconds: 3 },
    ],
    goals: [{ metric: 'boundRatio', atMost: 1.15 }],
  },
  {
    ...NOTHING_WRONG,
    name: 'cpu',
    hosts: 8,
    rateMbit: 0,
    sizeMiB: 512,
    goals: [
      { metric: 'cpuSecondsPerGb', atMost: 1 },
      { metric: 'cpuSecondsPerGb', atMost: 0.6, ofPeer: 'aria2' },
      { metric: 'peakRssMiB', atMost: 150 },
    ],
  },
  {
    ...NOTHING_WRONG,
    name: 'small',
    hosts: 32,
    rateMbit: 0,
    sizeMiB: 1 / 16,
    goals: [{ metric: 'makespanMs', atMost: 300 }],
  },
  {
    ...NOTHING_WRONG,
    name: 'small-warm',
    hosts: 32,
    rateMbit: 0,
    sizeMiB: 1 / 16,
    isOursOnly: true,
    earlierTasks: 2,
    goals: [{ metric: 'makespanMs', atMost: 300 }],
  },
  {
    ...NOTHING_WRONG,
    name: 'memory',
    hosts: 1,
    rateMbit: 0,
    sizeMiB: LARGE_SIZE_MIB,
    isOursOnly: true,
    needsDisk: true,
    goals: [
      { metric: 'peakRssMiB', atMost: AGENT_MEMORY_MIB },
      { metric: 'lagP99Ms', atMost: 20 },
    ],
  },
  {
    ...NOTHING_WRONG,
    name: 'resume',
    hosts: 1,
    rateMbit: 0,
    sizeMiB: LARGE_SIZE_MIB,
    isOursOnly: true,
    needsDisk: true,
    restartAtPercent: 50,
    goals: [{ metric: 'piecesAgain', atMost: 0 }],
  },
];

/** Without a name; those that need a disk take long and are asked for. */
export const DEFAULT_WORKLOADS: readonly Workload[] = WORKLOADS.filter(
  ({ needsDisk }) => needsDisk !== true,
);

export function fileBytes(workload: Workload): number {
  return Math.round(workload.sizeMiB * MIB);
}

export function isAboutLatency(workload: Workload): boolean {
  return workload.sizeMiB < LATENCY_SIZE_MIB;
}

/** Those that a makespan waits for: neither slow nor killed. */
export function healthyHosts(workload: Workload): number[] {
  const unhealthy = new Set([...workload.slow, ...workload.kills].map(({ host }) => host));
  return allHosts(workload).filter((host) => !unhealthy.has(host));
}

export function allHosts(workload: Workload): number[] {
  return Array.from({ length: workload.hosts }, (_, index) => index + 1);
}

/** Shortest time in which one link could carry the file once, s; undefined without shaping. */
export function boundSeconds(workload: Workload): number | undefined {
  if (workload.rateMbit === 0) return undefined;
  return (fileBytes(workload) * 8) / (PAYLOAD_SHARE * workload.rateMbit * 1e6);
}

/** @example describeWorkload(slow) is '8 hosts, 200 Mbit/s, 128 MiB, host 2 at 20 Mbit/s' */
export function describeWorkload(workload: Workload): string {
  const { hosts, rateMbit, slow, kills, earlierTasks = 0, restartAtPercent } = workload;
  return [
    `${hosts} ${hosts === 1 ? 'host' : 'hosts'}`,
    rateMbit === 0 ? 'unshaped' : `${rateMbit} Mbit/s`,
    sizeText(workload.sizeMiB),
    ...(workload.needsDisk ? ['on disk'] : []),
    ...(earlierTasks > 0 ? [`after ${earlierTasks} tasks with other files`] : []),
    ...(restartAtPercent === undefined
      ? []
      : [`agent killed at ${restartAtPercent} % and restarted`]),
    ...slow.map((one) => `host ${one.host} at ${one.rateMbit} Mbit/s`),
    ...kills.map((one) => `host ${one.host} killed after ${one.atSeconds} s`),
  ].join(', ');
}

function sizeText(sizeMiB: number): string {
  return sizeMiB < LATENCY_SIZE_MIB ? `${sizeMiB * 1024} KiB` : `${sizeMiB} MiB`;
}

/** @returns what the size was, when it was changed for a try */
export function triedInsteadOf({ usualSizeMiB }: Workload): string | undefined {
  return usualSizeMiB === undefined ? undefined : sizeText(usualSizeMiB);
}

/** The workload with another size; marked unless it is the same. */
export function withSize(workload: Workload, sizeMiB: number): Workload {
  if (sizeMiB === workload.sizeMiB) return workload;
  return { ...workload, sizeMiB, usualSizeMiB: workload.sizeMiB };
}

export function isSize(sizeMiB: number): boolean {
  return sizeMiB > 0 && sizeMiB <= MAX_SIZE_MIB && Math.round(sizeMiB * MIB) >= 1;
}

/**
 * A name of the table above, or one of your own: `hosts:rateMbit:sizeMiB[:slow=2@20][:kill=3@1.5]`.
 * @returns a sentence where it is neither
 */
export function parseWorkload(text: string): Workload | string {
  const known = WORKLOADS.find(({ name }) => name === text);
  if (known) return known;
  const [hosts, rateMbit, sizeMiB, ...faults] = text.split(':');
  if (sizeMiB === undefined) return `${text} is no workload: ${workloadNames()}, or 3:200:16`;
  const workload: Workload = {
    name: text,
    hosts: Number(hosts),
    rateMbit: Number(rateMbit),
    sizeMiB: Number(sizeMiB),
    slow: pairsOf(faults, 'slow').map(([host, rate]) => ({ host, rateMbit: rate })),
    kills: pairsOf(faults, 'kill').map(([host, at]) => ({ host, atSeconds: at })),
    goals: [],
  };
  const stranger = faults.find((fault) => !FAULT.test(fault));
  if (stranger !== undefined)
    return `${text}: ${stranger} is neither slow=host@Mbit nor kill=host@s`;
  return problemOf(workload) ?? workload;
}

function workloadNames(): string {
  return WORKLOADS.map(({ name }) => name).join(', ');
}

const FAULT = /^(slow|kill)=(\d+)@(\d+(?:\.\d+)?)$/;

function pairsOf(faults: readonly string[], kind: string): [number, number][] {
  return faults.flatMap((fault) => {
    const [, faultKind, host, value] = FAULT.exec(fault) ?? [];
    return faultKind === kind ? [[Number(host), Number(value)]] : [];
  });
}

function problemOf(workload: Workload): string | undefined {
  const { name, hosts, rateMbit, sizeMiB, slow, kills } = workload;
  if (!Number.isInteger(hosts) || hosts < 1 || hosts > MAX_HOSTS) {
    return `${name}: hosts must be a whole number from 1 to ${MAX_HOSTS}`;
  }
  if (!(rateMbit >= 0 && rateMbit <= MAX_RATE_MBIT)) {
    return `${name}: the rate must be 0 (unshaped) to ${MAX_RATE_MBIT} Mbit/s`;
  }
  if (!isSize(sizeMiB)) return `${name}: the size must be ${SIZE_RANGE}`;
  const strange = [...slow, ...kills].find(({ host }) => host < 1 || host > hosts);
  if (strange) return `${name}: there is no host ${strange.host}`;
  if (slow.some((one) => one.rateMbit === 0)) return `${name}: a slow host needs a rate above 0`;
  return healthyHosts(workload).length === 0 ? `${name}: no host stays healthy` : undefined;
}
