import { setTimeout as pass } from 'node:timers/promises';
import { ALL_COMPLETED, type Fault } from '../fault.ts';

/** All are clogged, and all unclogged, within so long. */
const SPREAD_MS = 5_000;

export const swizzleClog: Fault = {
  id: 'F41',
  title: 'some agents are clogged one by one over 5 s, and unclogged in another order',
  expected: 'who is open goes on; all complete',
  phases: ['P3', 'P4', 'P5', 'P6'],
  async inject(lab) {
    const agents = lab.cluster.agents.map((_, index) => index);
    const clogged = lab.choice.shuffled(agents).slice(0, lab.choice.between(2, agents.length));
    const pauseMs = SPREAD_MS / clogged.length;
    const silence = { kind: 'silence' } as const;
    for (const index of clogged) {
      const { mgnt, data } = lab.proxies(1 + index);
      for (const proxy of [mgnt, data]) proxy.setFault({ towards: silence, from: silence });
      await pass(pauseMs);
    }
    for (const index of lab.choice.shuffled(clogged)) {
      const { mgnt, data } = lab.proxies(1 + index);
      for (const proxy of [mgnt, data]) proxy.heal();
      await pass(pauseMs);
    }
    return ALL_COMPLETED;
  },
};
