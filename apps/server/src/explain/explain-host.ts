/**
 * Why a host is late or failed, in plain words, from what it and the server measured. One sentence that
 * names the cause that weighs most, then what else speaks for it. Pure; says nothing where nothing is wrong.
 */
import type { Failure, HostMeasures, HostStatus } from '@gofd/task-model';

/** Silence after which a host in progress counts as late. */
export const SILENT_MS = 15_000;
/** A host is late when its rate is below this share of the typical one. */
export const LATE_SHARE = 0.5;
/** Share of the time in which reading waited for the disk, from which the disk is to blame. */
export const DISK_BOUND_SHARE = 0.3;
/** Share of a limit that counts as using it up. */
export const LIMIT_BOUND_SHARE = 0.85;
/** Share of the bytes from which one source counts as the only one. */
export const ONE_SOURCE_SHARE = 0.8;

/** What is known of one host. */
export interface HostCase {
  readonly status: HostStatus;
  readonly percentComplete: number;
  readonly failure?: Failure | undefined;
  readonly measures?: HostMeasures | undefined;
  readonly bytesPerSecond?: number | undefined;
  /** Of the middle one of the hosts that are in progress or done. */
  readonly typicalBytesPerSecond?: number | undefined;
  /** Since the agent was last heard of. */
  readonly silentMs: number;
  /** When the agent last said something of this task. */
  readonly heardAt?: Date | undefined;
  /** What a data address is called: a host of the task, or the server. */
  readonly nameOf: (address: string) => string;
}

/** One sentence or two; undefined for a host that is neither late nor failed. */
export function explainHost(host: HostCase): string | undefined {
  if (host.status === 'FAILED') return sentence([whyFailed(host), ...evidence(host)]);
  if (host.status !== 'INPROGRESS') return undefined;
  if (host.silentMs >= SILENT_MS) return sentence([silence(host), ...evidence(host)]);
  const cause = whySlow(host);
  return cause && sentence([cause, ...evidence(host)]);
}

const FAILURE_WORDS: Readonly<Record<string, (host: HostCase) => string>> = {
  NO_SPACE: (host) => `no space left on its disk, ${had(host)}`,
  AGENT_UNREACHABLE: () => 'unreachable since the task began: its agent never answered',
  AGENT_LOST: (host) => `unreachable since ${since(host)}, ${had(host)}`,
  AGENT_FORGOT_TASK: (host) =>
    `its agent was started anew and had forgotten the task, ${had(host)}`,
  NO_SOURCE_REACHABLE: (host) => `no source could be reached from there, ${had(host)}`,
  INTEGRITY: (host) => `what it was sent did not match the hashes, ${had(host)}`,
  IO_ERROR: (host) => `its disk failed, ${had(host)}`,
  DEST_UNWRITABLE: () => 'its agent may not write to downdir',
  DEST_BUSY: () => 'another task is writing a file of that name there',
  AGENT_AUTH_REFUSED: () => 'its agent has another user name or password than the server',
  AGENT_TLS_REFUSED: () => 'the certificate of its agent is not trusted',
  AGENT_VERSION: () => 'its agent is too old for this task',
};

function whyFailed(host: HostCase): string {
  const words = host.failure && FAILURE_WORDS[host.failure.code];
  if (words) return words(host);
  return `failed with ${host.failure?.code ?? 'no reason given'}, ${had(host)}`;
}

function silence(host: HostCase): string {
  const seconds = Math.round(host.silentMs / 1_000);
  return `nothing heard for ${seconds} s (since ${since(host)}), ${had(host)}`;
}

function whySlow(host: HostCase): string | undefined {
  const { bytesPerSecond: rate, typicalBytesPerSecond: typical, measures = {} } = host;
  if (rate === undefined || typical === undefined || rate >= typical * LATE_SHARE) return undefined;
  const slow = `slow: ${inMebibytes(rate)} where others have ${inMebibytes(typical)}`;
  const { diskWaitShare = 0, downloadLimitBytesPerSecond: limit } = measures;
  if (diskWaitShare >= DISK_BOUND_SHARE) {
    return `${slow}, disk-bound: for ${percent(diskWaitShare)} of the time it waited for its disk`;
  }
  if (limit !== undefined && rate >= limit * LIMIT_BOUND_SHARE) {
    return `${slow}, limit-bound: its own download limit is ${inMebibytes(limit)}`;
  }
  const only = onlySource(measures);
  if (only === undefined)
    return `${slow}, source-bound or its network: its disk and limit have room`;
  return `${slow}, source-bound: nearly all of it comes from ${host.nameOf(only)}`;
}

function onlySource({ sources = [] }: HostMeasures): string | undefined {
  const sum = sources.reduce((bytes, source) => bytes + source.bytes, 0);
  const [first] = sources;
  return first && sum > 0 && first.bytes >= sum * ONE_SOURCE_SHARE ? first.address : undefined;
}

function evidence({ measures = {}, nameOf }: HostCase): string[] {
  const { badPieces = [], retries = 0 } = measures;
  const bad = badPieces.map(
    ({ address, pieces }) => `${nameOf(address)} sent it ${count(pieces, 'bad piece')}`,
  );
  return retries > 0 ? [...bad, `${count(retries, 'connection')} to sources lost`] : bad;
}

function sentence(parts: readonly string[]): string {
  return parts.join('; ');
}

function had({ percentComplete }: HostCase): string {
  return percentComplete > 0 ? `with ${percentComplete} % received` : 'with nothing received';
}

function since({ heardAt }: HostCase): string {
  return heardAt ? heardAt.toISOString().replace(/\.\d+Z$/, 'Z') : 'the task began';
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function inMebibytes(bytesPerSecond: number): string {
  return `${(bytesPerSecond / 1_048_576).toFixed(1)} MiB/s`;
}
