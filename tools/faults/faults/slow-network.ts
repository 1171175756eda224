import { ALL_COMPLETED, type Fault } from '../fault.ts';

const MIN_DELAY_MS = 5;
const MAX_DELAY_MS = 100;

export const slowNetwork: Fault = {
  id: 'F12',
  title: 'everything to and from an agent is late by 5 to 100 ms a chunk, for good',
  expected: 'all complete',
  phases: ['P1', 'P4'],
  inject(lab) {
    const { mgnt, data } = lab.proxies(1 + lab.anyAgent());
    const late = {
      kind: 'delay',
      delayMs: lab.choice.between(MIN_DELAY_MS, MAX_DELAY_MS),
    } as const;
    for (const proxy of [mgnt, data]) proxy.setFault({ towards: late, from: late });
    return Promise.resolve(ALL_COMPLETED);
  },
};
