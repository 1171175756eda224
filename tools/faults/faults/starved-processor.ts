import { spawn } from 'node:child_process';
import { availableParallelism, setPriority } from 'node:os';
import { setTimeout as pass } from 'node:timers/promises';
import { ALL_COMPLETED, type Fault } from '../fault.ts';

const STARVED_MS = 10_000;
const NICEST = 19;
const SPINNERS_PER_CORE = 2;

export const starvedProcessor: Fault = {
  id: 'F33',
  title: 'every process has the lowest priority beside busy loops on all cores, for 10 s',
  expected: 'slower, and no host is taken for lost; all complete',
  phases: ['P2', 'P4', 'P5'],
  needs: 'tmpfs', // root: a priority is raised again
  async inject(lab) {
    const all = lab.cluster.agents.map((_, index) => lab.agentProcess(index));
    const pids = [lab.serverProcess(), ...all].map(({ pid }) => pid);
    const spinners = Array.from({ length: SPINNERS_PER_CORE * availableParallelism() }, () =>
      spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
    );
    try {
      for (const pid of pids) setPriority(pid, NICEST);
      await pass(STARVED_MS);
    } finally {
      for (const spinner of spinners) spinner.kill('SIGKILL');
      for (const pid of pids) setPriority(pid, 0);
    }
    return ALL_COMPLETED;
  },
};
