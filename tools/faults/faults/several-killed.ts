import type { Expectation, Fault } from '../fault.ts';

const GROUPS = { head: [0], middle: [1, 2], second: [1, 3], allButLast: [0, 1, 2] } as const;
const LOST = { status: ['FAILED'], codes: ['AGENT_LOST', 'AGENT_UNREACHABLE'] } as const;

export const severalKilled: Fault = {
  id: 'F05',
  title: 'the first, the middle, every second or all but the last agent are killed for good',
  expected: 'the survivors complete, the task is PARTIAL',
  phases: ['P4', 'P5'],
  deadlineMs: 150_000,
  async inject(lab): Promise<Expectation> {
    const victims = lab.choice.oneOf(Object.values(GROUPS));
    await Promise.all(victims.map((index) => lab.kill(lab.agentProcess(index))));
    return {
      task: ['PARTIAL'],
      hosts: Object.fromEntries(victims.map((index) => [index, LOST])),
    };
  },
};
