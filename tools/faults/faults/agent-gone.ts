import { failedOrCompleted, type Fault } from '../fault.ts';

export const agentGone: Fault = {
  id: 'F04',
  title: 'an agent is killed and never comes back',
  expected:
    'it is AGENT_LOST after a minute out of reach, the others complete, the task is PARTIAL',
  phases: ['P3', 'P5', 'P6'],
  deadlineMs: 150_000,
  async inject(lab) {
    const victim = lab.anyAgent();
    await lab.kill(lab.agentProcess(victim));
    return {
      ...failedOrCompleted(victim, 'AGENT_LOST', 'AGENT_UNREACHABLE'),
      task: ['PARTIAL'],
    };
  },
};
