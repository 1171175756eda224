/** Real processes: the server is killed with -9 in the middle, and goes on when it is started again. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { TaskView } from '@gofd/task-model';
import { Cluster, isOver } from '../cluster/cluster.ts';
import { randomFile, wrongCopies } from './copies.ts';

const MIB = 1024 * 1024;
const FILE_BYTES = 64 * MIB;

let cluster: Cluster | undefined;

afterEach(async () => {
  await cluster?.stop();
  cluster = undefined;
});

/** A task whose hosts have more than `percent` when the server is killed. */
async function killedInTheMiddle(percent: number): Promise<{ c: Cluster; source: string }> {
  const c = await Cluster.create({ agents: 4, speed: 12 });
  cluster = c;
  await c.start();
  const source = await randomFile(join(c.folder, 'src/build'), FILE_BYTES);
  await c.call('POST', '/tasks', { id: 'build', dispatchFiles: [source], destIPs: c.hosts });
  await c.waitForTask('build', (task) => leastPercent(task) > percent);
  await c.server?.kill();
  return { c, source };
}

function leastPercent({ dispatchInfos }: TaskView): number {
  return Math.min(...Object.values(dispatchInfos).map(({ percentComplete }) => percentComplete));
}

async function serverAgain(c: Cluster): Promise<void> {
  c.startServer();
  await c.waitForServer();
}

describe('a server killed with -9', () => {
  it('F01: goes on with its tasks, and agents fetch nothing twice', async () => {
    const { c, source } = await killedInTheMiddle(20);
    await serverAgain(c);
    const task = await c.waitForTask('build', isOver, 120_000);
    expect(task).toMatchObject({ status: 'COMPLETED', attempt: 1 });
    expect(await wrongCopies(c, [source])).toEqual([]);
    for (const { process } of c.agents) {
      expect(process?.log()).toContain(` received=${FILE_BYTES} `);
    }
    expect(c.server?.log()).toContain('task taken up again');
  });

  it('F25: whose source changed meanwhile says so, and no host has a mix', async () => {
    const { c, source } = await killedInTheMiddle(20);
    appendFileSync(source, 'more');
    await serverAgain(c);
    const task = await c.waitForTask('build', isOver);
    expect(task).toMatchObject({ status: 'FAILED', code: 'SOURCE_CHANGED' });
    expect(task.message).toContain(source);
    expect(await wrongCopies(c, [source])).toHaveLength(4);
  });
});
