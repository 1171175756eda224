import { setTimeout as pass } from 'node:timers/promises';
import { ALL_COMPLETED, type Fault } from '../fault.ts';

const MAX_AWAY_MS = 3_000;

export const agentKilled: Fault = {
  id: 'F03',
  title: 'an agent is killed with -9 and comes back',
  expected: 'it takes the task up again and completes',
  phases: ['P3', 'P4', 'P5', 'P6', 'P7', 'P8', 'P9'],
  async inject(lab) {
    const victim = lab.anyAgent();
    await lab.kill(lab.agentProcess(victim));
    await pass(lab.choice.between(0, MAX_AWAY_MS));
    await lab.restartAgent(victim);
    return ALL_COMPLETED;
  },
};
