/** What the documents and deploy/ promise about metrics, probes and request ids, asked of real services. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { basicAuth, Cluster, isOver } from '../cluster/cluster.ts';
import { waitUntil } from '../cluster/wait-until.ts';
import { PROBE_PATHS } from '../quality/manifests.ts';
import { randomFile } from './copies.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MIB = 1024 * 1024;
const SIZE_BYTES = 40 * MIB;
/** The list of files and hashes is payload as well: 32 bytes a piece, of 128 KiB or more. */
const MAX_MANIFEST_BYTES = 16 * 1024;
const AUTHORIZATION = basicAuth('gofd', 'gofd');

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

let cluster: Cluster;
/** Address of each service, the server's first, and what it showed when the task was over. */
let shown: Map<string, string>;

async function scrape(url: string): Promise<string> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: AUTHORIZATION } });
  expect(response.status).toBe(200);
  return response.text();
}

/** Sum of all series of a metric, or of those whose labels contain some text. */
function valueOf(text: string, name: string, label = ''): number {
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .filter((line) => line.includes(label))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

function metricNames(text: string): string[] {
  return [...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name = '']) => name);
}

beforeAll(async () => {
  cluster = await Cluster.create({ agents: 3 });
  await cluster.start();
  const source = await randomFile(join(cluster.folder, 'src/build'), SIZE_BYTES);
  const response = await fetch(`${cluster.serverUrl}/api/v1/server/tasks`, {
    method: 'POST',
    headers: {
      authorization: AUTHORIZATION,
      'content-type': 'application/json',
      'x-request-id': 'night-7',
    },
    body: JSON.stringify({ id: 'ops', dispatchFiles: [source], destIPs: cluster.hosts }),
  });
  expect(response.headers.get('x-request-id')).toBe('night-7');
  expect(await cluster.waitForTask('ops', isOver)).toMatchObject({ status: 'COMPLETED' });
  const urls = [
    cluster.serverUrl,
    ...cluster.agents.map(({ host, mgntPort }) => `http://${host.split(':')[0]}:${mgntPort}`),
  ];
  shown = new Map();
  for (const url of urls) shown.set(url, await scrape(url));
});
afterAll(() => cluster.stop());

describe('GET /metrics of real services', () => {
  it('accounts for every byte that the agents have, by who sent it', () => {
    const [server = '', ...agents] = shown.values();
    const fromServer = agents.map((text) =>
      valueOf(text, 'gofd_received_bytes_total', 'source="server"'),
    );
    const fromAgents = agents.map((text) =>
      valueOf(text, 'gofd_received_bytes_total', 'source="agents"'),
    );
    const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
    const duplicates = sum(agents.map((text) => valueOf(text, 'gofd_duplicate_bytes_total')));
    expect(sum(fromServer)).toBeGreaterThanOrEqual(SIZE_BYTES);
    expect(sum(fromAgents)).toBeGreaterThan(0);
    expect(sum([...fromServer, ...fromAgents])).toBeGreaterThanOrEqual(3 * SIZE_BYTES);
    expect(sum([...fromServer, ...fromAgents])).toBeLessThanOrEqual(
      3 * (SIZE_BYTES + MAX_MANIFEST_BYTES) + duplicates,
    );
    expect(valueOf(server, 'gofd_sent_bytes_total')).toBeGreaterThanOrEqual(SIZE_BYTES);
  });

  it('counts the verdicts and times the pieces', () => {
    const [server = '', ...agents] = shown.values();
    expect(valueOf(server, 'gofd_tasks', 'state="COMPLETED"')).toBe(1);
    expect(valueOf(server, 'gofd_tasks_over_total', 'state="COMPLETED"')).toBe(1);
    for (const agent of agents) {
      expect(valueOf(agent, 'gofd_agent_tasks_over_total', 'outcome="COMPLETED"')).toBe(1);
      expect(valueOf(agent, 'gofd_piece_latency_seconds_count')).toBeGreaterThan(0);
    }
  });

  it('names no task, host or file', () => {
    const ours = [...shown.values()]
      .join('\n')
      .split('\n')
      .filter((line) => /^gofd_/.test(line));
    const labels = ours.map((line) => /\{.*\}/.exec(line)?.[0] ?? '').join('\n');
    for (const word of ['ops', 'build"', '127.0.0', cluster.folder]) {
      expect(labels).not.toContain(word);
    }
  });

  it('shows what docs/metrics.md explains, and nothing else', () => {
    const [server = '', agent = ''] = shown.values();
    const ours = [...metricNames(server), ...metricNames(agent)].filter((name) =>
      name.startsWith('gofd_'),
    );
    const explained = [...read('docs/metrics.md').matchAll(/^\| `(gofd_\w+)`/gm)];
    const names = explained.map(([, name]) => name);
    expect([...new Set(names)].sort()).toEqual([...new Set(ours)].sort());
  });

  it('has every metric that the dashboard asks for', () => {
    const known = new Set([...shown.values()].flatMap(metricNames));
    const asked = read('deploy/grafana/gofd.json').match(/\b(gofd|nodejs|process)_\w+/g) ?? [];
    expect(asked.length).toBeGreaterThan(10);
    const missing = asked.filter(
      (name) => !known.has(name) && !known.has(name.replace(/_(bucket|sum|count)$/, '')),
    );
    expect(missing).toEqual([]);
  });
});

describe('the probes of real services', () => {
  it.each(PROBE_PATHS)('answer at %s, without a password', async (path) => {
    for (const url of shown.keys()) expect((await fetch(`${url}${path}`)).status).toBe(200);
  });
});

describe('the id of the create call', () => {
  it('stands in the lines of the task on the server and on each agent', async () => {
    const lineOf = (log: string, event: string): string =>
      log.split('\n').find((line) => line.includes(event)) ?? '';
    const { server, agents } = cluster;
    await waitUntil('the verdict', () => server?.log().includes('task over'));
    expect(lineOf(server?.log() ?? '', 'task started')).toContain('requestId=night-7');
    expect(lineOf(server?.log() ?? '', 'task over')).toContain('requestId=night-7');
    for (const { process } of agents) {
      expect(lineOf(process?.log() ?? '', 'task prepared')).toContain('requestId=night-7');
      expect(lineOf(process?.log() ?? '', 'task completed')).toContain('requestId=night-7');
    }
  });
});
