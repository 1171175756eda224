/**
 * `npm run demo [-- FILE] [--agents N]`: starts a server and agents as real processes on this machine,
 * distributes a real file, shows each host's progress, checks every copy with a hash of its own and
 * ends everything again. Exit code 0 only when every copy is right.
 */
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import logUpdate from 'log-update';
import type { TaskView } from '@gofd/task-model';
import { Cluster, isOver } from '../cluster/cluster.ts';
import { waitUntil } from '../cluster/wait-until.ts';
import { progressLines, resultLines } from './demo-text.ts';

const DEMO_TIMEOUT_MS = 30 * 60_000;
const DEFAULT_AGENTS = 5;
const MAX_AGENTS = 50;

let lastShown = '';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { agents: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
});

function agentCount(): number {
  const count = Number(values.agents ?? DEFAULT_AGENTS);
  if (Number.isInteger(count) && count >= 1 && count <= MAX_AGENTS) return count;
  console.error(`--agents must be a whole number from 1 to ${MAX_AGENTS}`);
  process.exit(64);
}

async function demo(file: string, agents: number): Promise<number> {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile()) {
    console.error(`${file} is not a regular file; give the path of one: npm run demo -- FILE`);
    return 64;
  }
  console.log(`Starting a server and ${agents} agents on this machine…`);
  const cluster = await Cluster.create({ agents });
  const stopOnSignal = (): void => void cluster.stop().then(() => process.exit(130));
  process.once('SIGINT', stopOnSignal);
  process.once('SIGTERM', stopOnSignal);
  try {
    await cluster.start();
    console.log(`Distributing ${file} (${stat.size} bytes)\n`);
    const startedAtMs = performance.now();
    const task = await distribute(cluster, file);
    const elapsedMs = performance.now() - startedAtMs;
    const wrong = await wrongCopies(cluster, file);
    console.log(resultLines({ task, fileBytes: stat.size, agents, elapsedMs, wrong }).join('\n'));
    return task.status === 'COMPLETED' && wrong.length === 0 ? 0 : 1;
  } finally {
    await cluster.stop();
  }
}

async function distribute(cluster: Cluster, file: string): Promise<TaskView> {
  const created = await cluster.call('POST', '/tasks', {
    id: 'demo',
    dispatchFiles: [file],
    destIPs: cluster.hosts,
  });
  if (created.status !== 200) throw new Error(`create refused: ${JSON.stringify(created.body)}`);
  const task = await waitUntil(
    'the demo task',
    async () => {
      const { body } = await cluster.call('GET', '/tasks/demo');
      show(body);
      return isOver(body) && body;
    },
    DEMO_TIMEOUT_MS,
  );
  if (process.stdout.isTTY) logUpdate.done();
  return task;
}

/** A live picture on a terminal, a line for each change elsewhere. */
function show(task: TaskView): void {
  const text = progressLines(task).join('\n');
  if (process.stdout.isTTY) logUpdate(text);
  else if (text !== lastShown) console.log(`${text}\n`);
  lastShown = text;
}

/** Hosts whose copy differs, by a hash that shares no code with the product. */
async function wrongCopies(cluster: Cluster, file: string): Promise<string[]> {
  const expected = await sha256(file);
  console.log(`\nsha256 of the source: ${expected}`);
  const wrong: string[] = [];
  for (const { host, downdir } of cluster.agents) {
    const found = await sha256(join(downdir, basename(file))).catch(
      (error: Error) => error.message,
    );
    console.log(`  ${host.padEnd(16)} ${found === expected ? 'identical' : `DIFFERENT: ${found}`}`);
    if (found !== expected) wrong.push(host);
  }
  return wrong;
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

if (values.help) {
  console.log(
    'npm run demo [-- FILE] [--agents N]\n\n' +
      'Distributes FILE (default: the Node.js binary, the largest file at hand) from a server to\n' +
      `N agents (default ${DEFAULT_AGENTS}, at most ${MAX_AGENTS}) on loopback addresses and checks every copy.`,
  );
} else {
  process.exitCode = await demo(resolve(positionals[0] ?? process.execPath), agentCount());
}
