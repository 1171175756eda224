/** 200 tasks that wait for their turn: what does the server's memory come to? */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from '../cluster/cluster.ts';
import { FakeFleet } from './fake-fleet.ts';

const HOSTS = 100;
const TASKS = 200;
const KIB_PER_MIB = 1024;

export async function measureQueue(cluster: Cluster): Promise<string> {
  const fleet = await FakeFleet.start(HOSTS);
  try {
    const file = join(cluster.folder, 'queued');
    writeFileSync(file, Buffer.alloc(1 << 20));
    for (let index = 0; index < TASKS; index++) {
      const body = { id: `queued-${index}`, dispatchFiles: [file], destIPs: fleet.hosts };
      const { status } = await cluster.call('POST', '/tasks', body);
      if (status !== 200) throw new Error(`task ${index} was answered ${status}`);
    }
    const mib = residentMib(cluster.server?.pid ?? 0);
    for (let index = 0; index < TASKS; index++) {
      await cluster.call('DELETE', `/tasks/queued-${index}`);
    }
    return `queue: ${TASKS} tasks of ${HOSTS} hosts each, server RSS ${mib.toFixed(0)} MiB`;
  } finally {
    fleet.stop();
  }
}

function residentMib(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / KIB_PER_MIB;
}
