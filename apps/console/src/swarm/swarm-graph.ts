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

export function buildSwarm(rows: readonly HostRow[], selectedHost?: string): SwarmGraph {
  const fed = rows.filter(({ sources = [] }) => sources.length > 0);
  const drawn = chooseHosts(fed, selectedHost);
  const edges = drawn.flatMap(edgesInto);
  const statusOf = new Map(rows.map(({ host, status }) => [host, status]));
  const names = new Set(edges.flatMap(({ from, to }) => [from, to]));
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

/** The selected host and its neighbours first, then those that gave and took most. */
function chooseHosts(fed: readonly HostRow[], selectedHost: string | undefined): HostRow[] {
  if (fed.length <= MAX_SWARM_HOSTS) return [...fed];
  const movedBytes = new Map<string, number>();
  const add = (host: string, bytes: number): void => {
    movedBytes.set(host, (movedBytes.get(host) ?? 0) + bytes);
  };
  for (const { host, sources = [] } of fed) {
    for (const source of sources) {
      const isNear = host === selectedHost || source.host === selectedHost;
      add(host, isNear ? Infinity : source.bytes);
      add(source.host, isNear ? Infinity : source.bytes);
    }
  }
  const weight = ({ host }: HostRow): number => movedBytes.get(host) ?? 0;
  // Infinity minus itself is no number, so weights are compared and not subtracted.
  return fed
    .toSorted((a, b) => Number(weight(b) > weight(a)) - Number(weight(b) < weight(a)))
    .slice(0, MAX_SWARM_HOSTS);
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
