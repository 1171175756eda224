/**
 * 5,000 hosts report once a second each, as the busiest fleet would: how long does the server let them
 * wait, and does it know at the end what each said last?
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOver, type Cluster } from '../cluster/cluster.ts';
import { waitUntil } from '../cluster/wait-until.ts';
import { FakeFleet, type Assignment } from './fake-fleet.ts';
import { describeMs, percentile } from './latencies.ts';
import { ReportSender } from './report-sender.ts';

const HOSTS = 500;
const TASKS = 10;
const TICK_MS = 10;
const ASSIGN_TIMEOUT_MS = 120_000;
const LAST_PERCENT = 90;
const MS_PER_SECOND = 1_000;

export interface StormOptions {
  readonly reportsPerSecond: number;
  readonly seconds: number;
}

export async function measureReports(cluster: Cluster, options: StormOptions): Promise<string> {
  const fleet = await FakeFleet.start(HOSTS);
  const sender = new ReportSender(cluster.serverUrl);
  try {
    const assignments = await assignTasks(cluster, fleet);
    const { latenciesMs, refused } = await storm(assignments, sender, options);
    const lost = refused + (await lostAtTheEnd(cluster, assignments, sender));
    const [p50, p99, max] = [0.5, 0.99, 1].map((share) => percentile(latenciesMs, share));
    return (
      `reports: ${latenciesMs.length} in ${options.seconds} s at ${options.reportsPerSecond} a second, ` +
      `p50 ${describeMs(p50)}, p99 ${describeMs(p99)}, max ${describeMs(max)}, ${lost} lost`
    );
  } finally {
    sender.close();
    fleet.stop();
  }
}

async function assignTasks(cluster: Cluster, fleet: FakeFleet): Promise<Assignment[]> {
  const file = join(cluster.folder, 'reported');
  writeFileSync(file, 'x');
  for (let index = 0; index < TASKS; index++) {
    const body = { id: `storm-${index}`, dispatchFiles: [file], destIPs: fleet.hosts };
    await cluster.call('POST', '/tasks', body);
  }
  const isAssigned = (): boolean => fleet.assignments.length === TASKS * HOSTS;
  await waitUntil('every host has every task', isAssigned, ASSIGN_TIMEOUT_MS);
  for (let index = 0; index < TASKS; index++) {
    await cluster.waitForTask(`storm-${index}`, ({ status }) => status === 'INPROGRESS');
  }
  return fleet.assignments;
}

/** Each report has its moment; one that goes out late has waited from that moment on. */
async function storm(
  assignments: readonly Assignment[],
  sender: ReportSender,
  { reportsPerSecond, seconds }: StormOptions,
): Promise<{ latenciesMs: number[]; refused: number }> {
  const latenciesMs: number[] = [];
  const total = reportsPerSecond * seconds;
  const answers: Promise<void>[] = [];
  let refused = 0;
  const startMs = performance.now();
  const report = async (index: number, dueMs: number): Promise<void> => {
    const assignment = assignments[index % assignments.length] as Assignment;
    const status = await sender.send(assignment, (LAST_PERCENT * index) / total);
    latenciesMs.push(performance.now() - dueMs);
    if (status !== 200) refused += 1;
  };
  while (answers.length < total) {
    const due = Math.min(
      total,
      Math.floor(((performance.now() - startMs) / MS_PER_SECOND) * reportsPerSecond),
    );
    while (answers.length < due) {
      const index = answers.length;
      answers.push(report(index, startMs + (index * MS_PER_SECOND) / reportsPerSecond));
    }
    await sleep(TICK_MS);
  }
  await Promise.all(answers);
  return { latenciesMs, refused };
}

/** Everybody says that it is done; whoever is not taken for done was not heard. */
async function lostAtTheEnd(
  cluster: Cluster,
  assignments: readonly Assignment[],
  sender: ReportSender,
): Promise<number> {
  await Promise.all(assignments.map((assignment) => sender.send(assignment, 100)));
  let completed = 0;
  for (let index = 0; index < TASKS; index++) {
    completed += (await cluster.waitForTask(`storm-${index}`, isOver)).hostCounts.completed;
  }
  return assignments.length - completed;
}
