import { setTimeout as pass } from 'node:timers/promises';
import { ALL_COMPLETED, type Fault } from '../fault.ts';

const SERVER = 0;
const MIN_CUT_MS = 3_000;
const MAX_CUT_MS = 10_000;

export const partitionFromServer: Fault = {
  id: 'F08',
  title: 'an agent and the server cannot hear each other for 3 to 10 s; agents can',
  expected: 'the agent goes on among the others, reports after it, and completes',
  phases: ['P3', 'P4', 'P5', 'P6', 'P8'],
  needs: 'network',
  async inject({ network, choice, cluster }) {
    const host = choice.between(1, cluster.agents.length);
    await network.cutBoth(SERVER, host);
    await pass(choice.between(MIN_CUT_MS, MAX_CUT_MS));
    await network.mendBoth(SERVER, host);
    return ALL_COMPLETED;
  },
};
