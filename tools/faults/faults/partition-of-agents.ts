import { setTimeout as pass } from 'node:timers/promises';
import { ALL_COMPLETED, type Fault } from '../fault.ts';

const MIN_CUT_MS = 3_000;
const MAX_CUT_MS = 10_000;

export const partitionOfAgents: Fault = {
  id: 'F09',
  title: 'what one agent sends does not reach the others, one way, for 3 to 10 s',
  expected: 'they pull from other sources; all complete',
  phases: ['P3', 'P4', 'P5', 'P6'],
  needs: 'network',
  async inject(lab) {
    const from = 1 + lab.anyAgent();
    const others = lab.cluster.agents.map((_, index) => index + 1).filter((one) => one !== from);
    for (const to of others) await lab.network.cut(from, to);
    await pass(lab.choice.between(MIN_CUT_MS, MAX_CUT_MS));
    for (const to of others) await lab.network.mend(from, to);
    return ALL_COMPLETED;
  },
};
