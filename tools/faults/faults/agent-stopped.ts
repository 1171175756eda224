import { setTimeout as pass } from 'node:timers/promises';
import { ALL_COMPLETED, type Fault } from '../fault.ts';

const MIN_STOPPED_MS = 2_000;
const MAX_STOPPED_MS = 8_000;

export const agentStopped: Fault = {
  id: 'F07',
  title: 'an agent stands still (SIGSTOP) for 2 to 8 s, its connections open',
  expected: 'the others go round it; it is welcome back and completes',
  phases: ['P3', 'P4', 'P5', 'P6'],
  async inject(lab) {
    const process = lab.agentProcess(lab.anyAgent());
    process.signal('SIGSTOP');
    await pass(lab.choice.between(MIN_STOPPED_MS, MAX_STOPPED_MS));
    process.signal('SIGCONT');
    return ALL_COMPLETED;
  },
};
