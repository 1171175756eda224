import { setTimeout as pass } from 'node:timers/promises';
import { ALL_COMPLETED, type Fault } from '../fault.ts';

const SERVER_AWAY_MS = 3_000;

export const allKilled: Fault = {
  id: 'F02',
  title: 'everything is killed; agents start while the server is still down',
  expected: 'agents wait for the server, then all complete',
  phases: ['P3', 'P5', 'P7'],
  async inject(lab) {
    await lab.kill(lab.serverProcess());
    await Promise.all(lab.cluster.agents.map((_, index) => lab.kill(lab.agentProcess(index))));
    await Promise.all(lab.cluster.agents.map((_, index) => lab.restartAgent(index)));
    await pass(SERVER_AWAY_MS);
    await lab.restartServer();
    return ALL_COMPLETED;
  },
};
