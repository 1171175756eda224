import { readdirSync } from 'node:fs';
import { setTimeout as pass } from 'node:timers/promises';
import { runCommand } from '../../bench/network/run-command.ts';
import { failedOrCompleted, type Fault } from '../fault.ts';

/** Descriptors that are left: enough for a call, not for all that a task opens. */
const SPARE = 2;
const STARVED_MS = 6_000;
const ENOUGH = 4_096;

export const fewDescriptors: Fault = {
  id: 'F31',
  title: 'the server and an agent have two free descriptors left for 6 s',
  expected: 'nobody dies, REST answers after it; the host completes or names the cause',
  phases: ['P2', 'P4', 'P5'],
  needs: 'tmpfs', // root: a limit is raised again
  async inject(lab) {
    const victim = lab.anyAgent();
    const pids = [lab.serverProcess().pid, lab.agentProcess(victim).pid];
    for (const pid of pids) await limit(pid, readdirSync(`/proc/${pid}/fd`).length + SPARE);
    await pass(STARVED_MS);
    for (const pid of pids) await limit(pid, ENOUGH);
    return failedOrCompleted(victim, 'IO_ERROR', 'NO_SOURCE_REACHABLE', 'AGENT_UNREACHABLE');
  },
};

/** The soft limit alone, so that it can be raised again. */
async function limit(pid: number, descriptors: number): Promise<void> {
  await runCommand('prlimit', [`--pid=${pid}`, `--nofile=${descriptors}:`]);
}
