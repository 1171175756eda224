import { setTimeout as pass } from 'node:timers/promises';
import { ALL_COMPLETED, type Fault } from '../fault.ts';

/** The longest that the server stays away, ms. */
const MAX_AWAY_MS = 3_000;

export const serverKilled: Fault = {
  id: 'F01',
  title: 'the server is killed with -9 and comes back',
  expected: 'the task goes on without a new call and completes',
  phases: ['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'P8', 'P9'],
  async inject(lab) {
    await lab.kill(lab.serverProcess());
    await pass(lab.choice.between(0, MAX_AWAY_MS));
    await lab.restartServer();
    return ALL_COMPLETED;
  },
};
