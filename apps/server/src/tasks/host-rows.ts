/** The hosts of a task as rows of lists and events. Pure. */
import type { HostRow, HostStatus } from '@gofd/task-model';
import { explainHost, SILENT_MS } from '../explain/explain-host.ts';
import type { HostRecord } from './host-record.ts';
import { rateOf } from './task-figures.ts';
import type { TaskRecord } from './task-record.ts';

/** What a source that is the server itself is called. */
export const SERVER_SOURCE = 'server';

export interface RowsContext {
  /** Now, monotonic. */
  readonly nowMs: number;
  /** The server's own data address, host:port. */
  readonly serverAddress: string;
}

/** Makes rows of one moment: what concerns all hosts is looked at once. */
export class HostRows {
  readonly #record: TaskRecord;
  readonly #context: RowsContext;
  readonly #typicalBytesPerSecond: number | undefined;
  #names: Map<string, string> | undefined;

  constructor(record: TaskRecord, context: RowsContext) {
    this.#record = record;
    this.#context = context;
    this.#typicalBytesPerSecond = medianOf(
      record.hosts.flatMap((host) => comparableRate(host, record.totalBytes) ?? []),
    );
  }

  row(host: HostRecord): HostRow {
    const { attempt, totalBytes, createdAt } = this.#record;
    const bytesPerSecond = rateOf(host, totalBytes);
    const explanation = this.explain(host);
    const sources = host.measures?.sources?.map(({ address, bytes }) => ({
      host: this.#nameOf(address),
      bytes,
    }));
    const { zone } = host.facts;
    return {
      host: host.name,
      status: host.status,
      percentComplete: host.percentComplete,
      ...host.failure,
      ...(explanation !== undefined && { explanation }),
      attempt,
      ...(bytesPerSecond !== undefined && { bytesPerSecond }),
      ...(zone !== undefined && { zone }),
      ...(sources && { sources }),
      updatedAt: (host.updatedAt ?? createdAt).toISOString(),
    };
  }

  /** Why the host is late or failed; undefined when it is neither. */
  explain(host: HostRecord): string | undefined {
    return explainHost({
      status: host.status,
      percentComplete: host.percentComplete,
      failure: host.failure,
      measures: host.measures,
      bytesPerSecond: rateOf(host, this.#record.totalBytes),
      typicalBytesPerSecond: this.#typicalBytesPerSecond,
      silentMs: host.isAsked ? this.#context.nowMs - host.lastContactMs : 0,
      heardAt: host.heardAt,
      nameOf: (address) => this.#nameOf(address),
    });
  }

  #nameOf(address: string): string {
    if (address === this.#context.serverAddress) return SERVER_SOURCE;
    this.#names ??= new Map(
      this.#record.hosts.flatMap(({ name, facts }): [string, string][] =>
        facts.dataAddress === undefined ? [] : [[facts.dataAddress, name]],
      ),
    );
    return this.#names.get(address) ?? address;
  }
}

export interface RowsQuery {
  /** @default all */
  readonly states?: readonly HostStatus[] | undefined;
  readonly limit: number;
  /** Position of the last host of the page before. */
  readonly afterPosition?: number | undefined;
}

/** Positions of one page of hosts, and whether there are more. */
export function pageOfHosts(
  hosts: readonly HostRecord[],
  { states, limit, afterPosition = -1 }: RowsQuery,
): { positions: number[]; hasMore: boolean } {
  const positions: number[] = [];
  for (let position = afterPosition + 1; position < hosts.length; position++) {
    const host = hosts[position];
    if (!host || (states && !states.includes(host.status))) continue;
    if (positions.length === limit) return { positions, hasMore: true };
    positions.push(position);
  }
  return { positions, hasMore: false };
}

/** Positions of hosts that are in progress and that nothing was heard of for a while. */
export function silentHosts(hosts: readonly HostRecord[], nowMs: number): number[] {
  return hosts.flatMap((host, position) => {
    const isSilent = host.status === 'INPROGRESS' && nowMs - host.lastContactMs >= SILENT_MS;
    return isSilent ? [position] : [];
  });
}

/** Of a host in progress its rate now, of one that is done its mean: the last one is late beside them. */
function comparableRate(host: HostRecord, totalBytes: number | undefined): number | undefined {
  if (host.status !== 'COMPLETED') return rateOf(host, totalBytes);
  const { tookMs } = host;
  return tookMs && totalBytes !== undefined ? (totalBytes / tookMs) * 1_000 : undefined;
}

function medianOf(values: readonly number[]): number | undefined {
  return Float64Array.from(values).sort()[values.length >> 1];
}
