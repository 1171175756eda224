import { ALL_COMPLETED, type Fault } from '../fault.ts';

/** A byte a second. */
const PAUSE_MS = 1_000;

export const slowLoris: Fault = {
  id: 'F13',
  title: 'an agent serves, or is asked, at one byte a second, for good',
  expected: 'it is given up as a source; all complete',
  phases: ['P1', 'P4', 'P5'],
  deadlineMs: 90_000,
  inject(lab) {
    const { data } = lab.proxies(1 + lab.anyAgent());
    const slow = { kind: 'trickle', pauseMs: PAUSE_MS } as const;
    data.setFault(lab.choice.oneOf([{ from: slow }, { towards: slow }]));
    return Promise.resolve(ALL_COMPLETED);
  },
};
