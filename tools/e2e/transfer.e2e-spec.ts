/** Real processes, real files: one server, four agents, and what goes wrong in the middle. */
import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Cluster, basicAuth, isOver } from '../cluster/cluster.ts';
import { waitUntil } from '../cluster/wait-until.ts';
import { listDowndir, randomFile, sha256, wrongCopies } from './copies.ts';

const MIB = 1024 * 1024;

let cluster: Cluster | undefined;

async function startCluster(options: Parameters<typeof Cluster.create>[0]): Promise<Cluster> {
  cluster = await Cluster.create(options);
  await cluster.start();
  return cluster;
}

afterEach(async () => {
  await cluster?.stop();
  cluster = undefined;
});

describe('one server and four agents', () => {
  it('distribute files of 0 bytes, 1 byte, whole pieces and 200 MiB in one task', async () => {
    const c = await startCluster({ agents: 4 });
    const sources = [
      await randomFile(join(c.folder, 'src/empty'), 0),
      await randomFile(join(c.folder, 'src/one-byte'), 1),
      await randomFile(join(c.folder, 'src/aligned'), 2 * MIB),
      await randomFile(join(c.folder, 'src/large'), 200 * MIB),
    ];
    const created = await c.call('POST', '/tasks', {
      id: 'all-sizes',
      dispatchFiles: sources,
      destIPs: c.hosts,
    });
    expect(created.status).toBe(200);
    const task = await c.waitForTask('all-sizes', isOver, 120_000);

    expect(task.status).toBe('COMPLETED');
    expect(await wrongCopies(c, sources)).toEqual([]);
    expect(task.hostCounts.completed).toBe(4);
    for (const host of c.hosts) {
      expect(task.dispatchInfos[host]).toMatchObject({ status: 'COMPLETED', percentComplete: 100 });
    }
    expect(task.serverSentBytes).toBe(202 * MIB + 1);
    for (const index of [0, 1, 2, 3]) {
      await waitUntil(
        'work directories to be gone',
        () => !existsSync(workOf(c, index, 'all-sizes')),
      );
      expect(listDowndir(c, index)).toEqual(['.gofd', 'aligned', 'empty', 'large', 'one-byte']);
    }
  });

  it('B09, B10: an agent killed with -9 in the middle resumes and fetches no verified piece again', async () => {
    const c = await startCluster({ agents: 4, speed: 24 });
    const first = await randomFile(join(c.folder, 'src/first'), 24 * MIB);
    const last = await randomFile(join(c.folder, 'src/last'), 48 * MIB);
    const victim = 2;
    await c.call('POST', '/tasks', {
      id: 'resume',
      dispatchFiles: [first, last],
      destIPs: c.hosts,
    });
    await c.waitForTask('resume', (task) => percentOf(c, task, victim) >= 50);
    await c.agents[victim]?.process?.kill();
    expect(existsSync(join(c.agents[victim]?.downdir ?? '', 'first'))).toBe(false);
    c.startAgent(victim);
    const task = await c.waitForTask('resume', isOver, 120_000);

    expect(task.status).toBe('COMPLETED');
    expect(await wrongCopies(c, [first, last])).toEqual([]);
    const { verifiedShare, received } = resumeFigures(c.agents[victim]?.process?.log() ?? '');
    expect(verifiedShare).toBeGreaterThanOrEqual(0.49);
    expect(received).toBe(Math.round((1 - verifiedShare) * 72 * MIB));
  });

  it('B20, B26: killing the middle of the chain stops nobody behind it', async () => {
    const c = await startCluster({ agents: 4, speed: 24 });
    const source = await randomFile(join(c.folder, 'src/build'), 64 * MIB);
    await c.call('POST', '/tasks', { id: 'broken', dispatchFiles: [source], destIPs: c.hosts });
    await c.waitForTask('broken', (task) => percentOf(c, task, 3) >= 25);
    await c.agents[1]?.process?.kill();
    const survivors = [0, 2, 3];
    await c.waitForTask('broken', (task) =>
      survivors.every((index) => task.dispatchInfos[c.hosts[index] ?? '']?.status === 'COMPLETED'),
    );
    expect(await wrongCopies(c, [source], survivors)).toEqual([]);
    expect((await c.call('GET', '/tasks/broken')).body.status).toBe('INPROGRESS');
  });

  it('B21: a finished agent serves its slower neighbour until the task ends', async () => {
    const c = await startCluster({ agents: 2, speed: 24 });
    const source = await randomFile(join(c.folder, 'src/build'), 48 * MIB);
    await c.call('POST', '/tasks', { id: 'slow', dispatchFiles: [source], destIPs: c.hosts });
    await c.waitForTask('slow', (task) => percentOf(c, task, 1) >= 10);
    c.agents[1]?.process?.signal('SIGSTOP');
    await c.waitForTask('slow', (task) => percentOf(c, task, 0) === 100);
    c.agents[1]?.process?.signal('SIGCONT');
    const task = await c.waitForTask('slow', isOver);

    expect(task.status).toBe('COMPLETED');
    expect(await wrongCopies(c, [source])).toEqual([]);
    // The first copies that were on their way to the stopped one were shown to the other as well.
    expect(task.serverSentBytes).toBeLessThan(1.25 * 48 * MIB);
  });

  it('a cancel in the middle leaves no half file and no work directory', async () => {
    const c = await startCluster({ agents: 4, speed: 16 });
    const source = await randomFile(join(c.folder, 'src/build'), 128 * MIB);
    await c.call('POST', '/tasks', { id: 'stop', dispatchFiles: [source], destIPs: c.hosts });
    await c.waitForTask('stop', (task) => percentOf(c, task, 3) > 0);
    const { status, body } = await c.call('DELETE', '/tasks/stop');

    expect(status).toBe(200);
    expect(body.status).toBe('CANCELLED');
    for (const index of [0, 1, 2, 3]) {
      await waitUntil('work directories to be gone', () => !existsSync(workOf(c, index, 'stop')));
      expect(listDowndir(c, index)).toEqual(['.gofd']);
    }
    expect((await c.call('DELETE', '/tasks/stop')).body.status).toBe('CANCELLED');
  });
});

describe('what a task cannot do is said', () => {
  it('a wrong password is refused and changes nothing', async () => {
    const c = await startCluster({ agents: 1 });
    const body = { id: 'x', dispatchFiles: ['/etc/hostname'], destIPs: c.hosts };
    const refused = await c.call('POST', '/tasks', body, basicAuth('gofd', 'wrong'));
    expect(refused).toMatchObject({ status: 401, body: { code: 'UNAUTHORIZED' } });
    expect((await c.call('GET', '/tasks/x')).status).toBe(404);
  });

  it('B39: a missing file ends FILE_NOT_EXISTED, and the same call works once it is there', async () => {
    const c = await startCluster({ agents: 1 });
    const source = join(c.folder, 'src/late');
    const body = { id: 'late', dispatchFiles: [source], destIPs: c.hosts };
    expect((await c.call('POST', '/tasks', body)).status).toBe(200);
    const failed = await c.waitForTask('late', isOver);
    expect(failed).toMatchObject({ status: 'FILE_NOT_EXISTED', code: 'SOURCE_NOT_FOUND' });
    expect(failed.message).toContain(source);

    await randomFile(source, 3 * MIB);
    expect((await c.call('POST', '/tasks', body)).body.attempt).toBe(2);
    expect((await c.waitForTask('late', isOver)).status).toBe('COMPLETED');
    expect(await wrongCopies(c, [source])).toEqual([]);
  });

  it('an unreachable host fails alone, with its reason; the others get the file', async () => {
    const c = await startCluster({ agents: 3 });
    const source = await randomFile(join(c.folder, 'src/build'), 5 * MIB);
    const gone = c.agents[1];
    await gone?.process?.stop();
    await c.call('POST', '/tasks', { id: 'partial', dispatchFiles: [source], destIPs: c.hosts });
    const task = await c.waitForTask('partial', isOver);

    expect(task.status).toBe('PARTIAL');
    expect(task.dispatchInfos[gone?.host ?? '']).toMatchObject({
      status: 'FAILED',
      code: 'AGENT_UNREACHABLE',
    });
    expect(task.dispatchInfos[gone?.host ?? '']?.message).toContain(gone?.host);
    expect(await wrongCopies(c, [source], [0, 2])).toEqual([]);
  });

  it('B01, B60: a destination that is no regular file fails that host; nothing is overwritten', async () => {
    const c = await startCluster({ agents: 2 });
    const source = await randomFile(join(c.folder, 'src/agent2.yml'), 1 * MIB);
    const { symlinkSync } = await import('node:fs');
    const outside = join(c.folder, 'server.yml');
    symlinkSync(outside, join(c.agents[0]?.downdir ?? '', 'agent2.yml'));
    const before = readFileSync(outside, 'utf8');
    await c.call('POST', '/tasks', { id: 'link', dispatchFiles: [source], destIPs: c.hosts });
    const task = await c.waitForTask('link', isOver);

    expect(task.status).toBe('PARTIAL');
    expect(task.dispatchInfos[c.hosts[0] ?? '']).toMatchObject({
      status: 'FAILED',
      code: 'DEST_NOT_REGULAR',
    });
    expect(readFileSync(outside, 'utf8')).toBe(before);
  });

  it('B02: a source that is cut while it is sent fails the task and is left as it is', async () => {
    const c = await startCluster({ agents: 2, speed: 8, cacheSize: 8 });
    const source = await randomFile(join(c.folder, 'src/moving'), 64 * MIB);
    await c.call('POST', '/tasks', { id: 'moving', dispatchFiles: [source], destIPs: c.hosts });
    await c.waitForTask('moving', (task) => percentOf(c, task, 0) > 0);
    truncateSync(source, 40 * MIB);
    const cut = await sha256(source);
    const task = await c.waitForTask('moving', isOver);

    expect(task).toMatchObject({ status: 'FAILED', code: 'SOURCE_CHANGED' });
    expect(task.message).toContain(source);
    expect(statSync(source).size).toBe(40 * MIB);
    expect(await sha256(source)).toBe(cut);
    for (const index of [0, 1]) expect(listDowndir(c, index)).not.toContain('moving');
  });
});

describe('several tasks', () => {
  it('B87: control.maxActive is a queue; everything still arrives', async () => {
    const c = await startCluster({ agents: 2, maxActive: 1 });
    const sources: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      sources.push(await randomFile(join(c.folder, `src/${name}`), 20 * MIB));
    }
    for (const [index, source] of sources.entries()) {
      const body = { id: `task-${index}`, dispatchFiles: [source], destIPs: c.hosts };
      expect((await c.call('POST', '/tasks', body)).status).toBe(200);
    }
    const tasks = await Promise.all(
      sources.map((_, index) => c.waitForTask(`task-${index}`, isOver)),
    );
    expect(tasks.map(({ status }) => status)).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED']);
    expect(await wrongCopies(c, sources)).toEqual([]);
    const [first, second, third] = tasks;
    expect(first?.finishedAt && second?.startedAt && first.finishedAt <= second.startedAt).toBe(
      true,
    );
    expect(second?.finishedAt && third?.startedAt && second.finishedAt <= third.startedAt).toBe(
      true,
    );
  });
});

describe('a service', () => {
  it('leaves at SIGTERM with exit code 0', async () => {
    const c = await startCluster({ agents: 1 });
    c.server?.signal('SIGTERM');
    c.agents[0]?.process?.signal('SIGTERM');
    expect(await c.server?.waitForExit()).toBe(0);
    expect(await c.agents[0]?.process?.waitForExit()).toBe(0);
  });

  it('B92: does not stay up when its port is taken, and names the port', async () => {
    const c = await startCluster({ agents: 1 });
    const config = readFileSync(c.serverConfigPath, 'utf8');
    writeFileSync(c.serverConfigPath, config.replace(/^state:.*$/m, ''));
    const second = c.startServer();
    expect(await second.waitForExit()).toBe(1);
    expect(second.log()).toMatch(
      /cannot listen on 127\.0\.0\.1:\d+ \(net\.dataPort\): another process/,
    );
  });

  it('does not stay up when its state is in use, and says so', async () => {
    const c = await startCluster({ agents: 1 });
    const second = c.startServer();
    expect(await second.waitForExit()).toBe(1);
    expect(second.log()).toContain('another server runs with this folder');
  });
});

function percentOf(
  c: Cluster,
  task: Awaited<ReturnType<Cluster['waitForTask']>>,
  agent: number,
): number {
  return task.dispatchInfos[c.hosts[agent] ?? '']?.percentComplete ?? 0;
}

function workOf(c: Cluster, agent: number, taskId: string): string {
  return join(c.agents[agent]?.downdir ?? '', '.gofd', taskId);
}

/** Share of the pieces that verified when the task was taken up again, and bytes received after that. */
function resumeFigures(log: string): { verifiedShare: number; received: number } {
  const prepared = [...log.matchAll(/task prepared.*? pieces=(\d+) verified=(\d+)/g)].at(-1);
  const received = [...log.matchAll(/task completed.*? received=(\d+)/g)].at(-1)?.[1];
  return {
    verifiedShare: Number(prepared?.[2]) / Number(prepared?.[1]),
    received: Number(received),
  };
}
