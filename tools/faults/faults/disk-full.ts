import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_COMPLETED, type Fault } from '../fault.ts';
import { TASK_ID } from '../lab/fault-lab.ts';

const AGENT = 0;
const ENDED = ['FAILED', 'COMPLETED'];

/** Takes every byte that is left. */
function fill(downdir: string): string {
  const path = join(downdir, '.ballast');
  const { bavail, bsize } = statfsSync(downdir);
  try {
    writeFileSync(path, Buffer.alloc(bavail * bsize));
  } catch {
    // It took what was left by then: others write as well.
  }
  return path;
}

export const diskFull: Fault = {
  id: 'F20',
  title: "an agent's disk becomes full, then is freed, and the task is tried again",
  expected:
    'the host fails with NO_SPACE while the others complete; after a retry all are COMPLETED',
  phases: ['P3', 'P4', 'P5'],
  needs: 'tmpfs',
  setting: { tmpfsMiB: 40 },
  async inject(lab) {
    const ballast = fill(lab.downdir(AGENT));
    const task = await lab.waitForEnd(TASK_ID, 60_000);
    const info = task.dispatchInfos[lab.cluster.hosts[AGENT] ?? ''];
    rmSync(ballast);
    if (!ENDED.includes(info?.status ?? '')) throw new Error(`the full host is ${info?.status}`);
    if (info?.status !== 'FAILED') return ALL_COMPLETED; // its last byte was down before
    if (info.code !== 'NO_SPACE') throw new Error(`code ${info.code}: ${info.message}`);
    const again = await lab.callServer('POST', `/tasks/${TASK_ID}/retry`);
    if (again.status !== 200) throw new Error(`the retry was answered ${again.status}`);
    return ALL_COMPLETED;
  },
};
