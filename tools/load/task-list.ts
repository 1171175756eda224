/** A list of 1,000 tasks in one page: how long does it take to come? */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isOver, type Cluster } from '../cluster/cluster.ts';
import { FakeFleet } from './fake-fleet.ts';
import { describeMs, percentile } from './latencies.ts';

const TASKS = 1_000;
const ROUNDS = 20;

export async function measureList(cluster: Cluster): Promise<string> {
  const fleet = await FakeFleet.start(1);
  try {
    const file = join(cluster.folder, 'listed');
    writeFileSync(file, 'x');
    for (let index = 0; index < TASKS; index++) {
      const id = `listed-${index}`;
      await cluster.call('POST', '/tasks', { id, dispatchFiles: [file], destIPs: fleet.hosts });
      await cluster.call('DELETE', `/tasks/${id}`);
      await cluster.waitForTask(id, isOver);
    }
    const tookMs: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const startMs = performance.now();
      const { body } = await cluster.call<{ tasks: unknown[] }>('GET', `/tasks?limit=${TASKS}`);
      tookMs.push(performance.now() - startMs);
      if (body.tasks.length !== TASKS) throw new Error(`the list has ${body.tasks.length} tasks`);
    }
    const [p50, max] = [0.5, 1].map((share) => percentile(tookMs, share));
    return `list: ${TASKS} tasks ${ROUNDS} times, p50 ${describeMs(p50)}, max ${describeMs(max)}`;
  } finally {
    fleet.stop();
  }
}
