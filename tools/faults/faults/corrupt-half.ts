import { ALL_COMPLETED, type Fault } from '../fault.ts';

const EVERY_BYTES = 100_000;

export const corruptHalf: Fault = {
  id: 'F18',
  title: 'what half of the fleet serves has flipped bits, for good',
  expected: 'no wrong piece is kept; all complete',
  phases: ['P1', 'P5'],
  inject(lab) {
    const first = lab.anyAgent();
    for (const index of [first, (first + 2) % lab.cluster.agents.length]) {
      const { data } = lab.proxies(1 + index);
      data.setFault({ from: { kind: 'flip', everyBytes: EVERY_BYTES } });
    }
    return Promise.resolve(ALL_COMPLETED);
  },
};
