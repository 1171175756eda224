/**
 * Who feeds whom, from what the hosts have measured: a picture of the hosts that move most, with the
 * server on the left and each host one column right of its greatest source.
 */
import type { HostRow, HostStatus } from '@gofd/task-model';

/** More can be drawn, but not read. */
export const MAX_SWARM_HOSTS = 40;
export const SERVER_NAME = 'server';
/** Farther hosts stand in the last column. */
const MAX_LEVEL = 7;

export interface SwarmNode {
  readonly name: string;
  /** Undefined for the server, and for what is no host of the task. */
  readonly status: HostStatus | undefined;
  /** Columns from the left, 0 for the server. */
  readonly level: number;
  /** Place in its column, 0 at the top. */
  readonly place: number;
}

export interface SwarmEdge {
  readonly from: string;
  readonly to: string;
  /** Share of what `to` has received from all of its sources, 0..1. */
  readonly share: number;
  readonly bytes: number;
}

export interface SwarmGraph {
  readonly nodes: readonly SwarmNode[];
  readonly edges: readonly SwarmEdge[];
  /** Hosts that have measured a source, drawn or not. */
  readonly hostCount: number;
}

/** The hosts that a picture is made of; costly, so it is made again only when rows have changed. */
export interface SwarmRanking {
  /** Hosts that have measured a source. */
  readonly fed: readonly HostRow[];
  /** Those that gave and took most, at most MAX_SWARM_HOSTS. */
  readonly busiest: readonly HostRow[];
}

export function rankSwarm(rows: readonly HostRow[]): SwarmRanking {
  const fed = rows.filter(({ sources = [] }) => sources.length > 0);
  if (fed.length <= MAX_SWARM_HOSTS) return { fed, busiest: fed };
  const givenBytes = new Map<string, number>();
  const received = fed.map((row) => {
    let bytes = 0;
    for (const source of row.sources ?? []) {
      bytes += source.bytes;
      givenBytes.set(source.host, (givenBytes.get(source.host) ?? 0) + source.bytes);
    }
    return { row, bytes };
  });
  const weighed = received.map(({ row, bytes }) => ({
    row,
    bytes: bytes + (givenBytes.get(row.host) ?? 0),
  }));
  const sorted = weighed.sort((a, b) => b.bytes - a.bytes).slice(0, MAX_SWARM_HOSTS);
  return { fed, busiest: sorted.map(({ row }) => row) };
}

/** The selected host and its neighbours, then the busiest, as many as there is space for. */
export function buildSwarm({ fed, busiest }: SwarmRanking, selectedHost?: string): SwarmGraph {
  const drawn = [...new Set([...neighbourhood(fed, selectedHost), ...busiest])];
  const edges = drawn.slice(0, MAX_SWARM_HOSTS).flatMap(edgesInto);
  const names = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const statusOf = new Map<string, HostStatus>();
  for (const { host, status } of fed) if (names.has(host)) statusOf.set(host, status);
  const levels = levelsOf(edges);
  const used: number[] = [];
  const nodes = [...names].map((name) => {
    const level = levels.get(name) ?? 0;
    const place = used[level] ?? 0;
    used[level] = place + 1;
    return { name, status: statusOf.get(name), level, place };
  });
  return { nodes, edges, hostCount: fed.length };
}

/** The host itself, who feeds it, and whom it feeds. */
function neighbourhood(fed: readonly HostRow[], host: string | undefined): HostRow[] {
  if (host === undefined) return [];
  const own = fed.find((row) => row.host === host);
  const sources = new Set(own?.sources?.map((source) => source.host));
  const near = fed.filter(
    (row) => sources.has(row.host) || row.sources?.some((source) => source.host === host),
  );
  return own ? [own, ...near] : near;
}

function edgesInto({ host, sources = [] }: HostRow): SwarmEdge[] {
  const totalBytes = sources.reduce((sum, { bytes }) => sum + bytes, 0);
  return sources.map((source) => ({
    from: source.host,
    to: host,
    bytes: source.bytes,
    share: totalBytes === 0 ? 0 : source.bytes / totalBytes,
  }));
}

/** Steps from the server along greatest sources; hosts can feed each other, so it ends at MAX_LEVEL. */
function levelsOf(edges: readonly SwarmEdge[]): ReadonlyMap<string, number> {
  const mainSource = new Map<string, SwarmEdge>();
  for (const edge of edges) {
    const best = mainSource.get(edge.to);
    if (!best || edge.bytes > best.bytes) mainSource.set(edge.to, edge);
  }
  const levels = new Map<string, number>();
  for (const { from, to } of edges) {
    for (const name of [from, to]) levels.set(name, levelOf(name, mainSource));
  }
  return levels;
}

function levelOf(name: string, mainSource: ReadonlyMap<string, SwarmEdge>): number {
  let level = 0;
  let at = name;
  while (at !== SERVER_NAME && level < MAX_LEVEL) {
    level += 1;
    const source = mainSource.get(at)?.from;
    if (source === undefined) break;
    at = source;
  }
  return level;
}
