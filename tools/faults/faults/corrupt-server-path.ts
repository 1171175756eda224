import type { Fault } from '../fault.ts';

const EVERY_BYTES = 50_000;
const HURT = { status: ['COMPLETED', 'FAILED'], codes: ['INTEGRITY', 'NO_SOURCE_REACHABLE'] };

export const corruptServerPath: Fault = {
  id: 'F19',
  title: 'everything that the server sends to agents has flipped bits, for good',
  expected: 'no host is COMPLETED with wrong bytes; hosts fail with INTEGRITY',
  phases: ['P1', 'P5'],
  deadlineMs: 120_000,
  inject(lab) {
    lab.proxies(0).data.setFault({ from: { kind: 'flip', everyBytes: EVERY_BYTES } });
    const hosts = Object.fromEntries(lab.cluster.agents.map((_, index) => [index, HURT]));
    return Promise.resolve({ task: ['COMPLETED', 'PARTIAL', 'FAILED'], hosts });
  },
};
