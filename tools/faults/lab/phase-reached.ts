/** Waits for a moment in the life of the task. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { waitUntil } from '../../cluster/wait-until.ts';
import { isTerminal } from '../check/observed-task.ts';
import type { Phase } from '../fault.ts';
import type { FaultLab } from './fault-lab.ts';

const PHASE_TIMEOUT_MS = 60_000;
const LAST_PIECES_PERCENT = 90;

/** @returns false when the task was over before its moment was seen: the run then proves nothing */
export async function reachPhase(lab: FaultLab, phase: Phase): Promise<boolean> {
  return phase === 'P8' ? reachWithOneHeldBack(lab, phase) : reach(lab, phase);
}

/** All hosts are done at nearly the same time: one stands still until another is. */
async function reachWithOneHeldBack(lab: FaultLab, phase: Phase): Promise<boolean> {
  if (!(await reach(lab, 'P5'))) return false;
  const held = lab.agentProcess(lab.anyAgent());
  held.signal('SIGSTOP');
  try {
    return await reach(lab, phase);
  } finally {
    held.signal('SIGCONT');
  }
}

async function reach(lab: FaultLab, phase: Phase): Promise<boolean> {
  const reached = await waitUntil(
    `phase ${phase}`,
    async () => {
      const isThere = await isAt(lab, phase);
      const task = await lab.task();
      const isOver = task !== undefined && isTerminal(task.status);
      if (phase === 'P9') return isOver && 'there';
      if (isOver) return 'over';
      return isThere && 'there';
    },
    PHASE_TIMEOUT_MS,
  );
  return reached === 'there';
}

async function isAt(lab: FaultLab, phase: Phase): Promise<boolean> {
  switch (phase) {
    case 'P1':
      return true;
    case 'P2':
      return (await lab.task())?.totalBytes !== undefined;
    case 'P3':
      return hasHost(lab, 'INPROGRESS');
    case 'P4':
      return Math.max(...(await lab.percents())) > 0;
    case 'P5':
      return Math.max(...(await lab.percents())) >= 50;
    case 'P6':
      return Math.max(...(await lab.percents())) >= LAST_PIECES_PERCENT;
    case 'P7':
      return lab.cluster.agents.some(({ downdir }) =>
        existsSync(join(downdir, basename(lab.source))),
      );
    case 'P8':
      return hasHost(lab, 'COMPLETED');
    case 'P9':
      return false;
  }
}

async function hasHost(lab: FaultLab, status: string): Promise<boolean> {
  const infos = (await lab.task())?.dispatchInfos ?? {};
  return Object.values(infos).some((info) => info.status === status);
}
