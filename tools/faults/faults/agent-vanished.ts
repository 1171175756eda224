import { failedOrCompleted, type Fault } from '../fault.ts';

export const agentVanished: Fault = {
  id: 'F14',
  title: 'an agent loses power: it is gone, and no packet says so',
  expected: 'the others notice within a minute and complete, it is AGENT_LOST, the task is PARTIAL',
  phases: ['P4', 'P5'],
  needs: 'network',
  deadlineMs: 180_000,
  async inject(lab) {
    const victim = lab.anyAgent();
    const host = victim + 1;
    const others = Array.from({ length: lab.cluster.agents.length + 1 }, (_, index) => index);
    for (const other of others) if (other !== host) await lab.network.cutBoth(other, host);
    await lab.kill(lab.agentProcess(victim));
    return { ...failedOrCompleted(victim, 'AGENT_LOST'), task: ['PARTIAL'] };
  },
};
