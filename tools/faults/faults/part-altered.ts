import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { ALL_COMPLETED, type Fault } from '../fault.ts';
import { TASK_ID } from '../lab/fault-lab.ts';

const PLACES = 5;

export const partAltered: Fault = {
  id: 'F26',
  title: 'an agent is killed, its part file, manifest or journal is altered, and it comes back',
  expected: 'what was altered is found out and fetched again; the host completes or says why not',
  phases: ['P4', 'P5', 'P6'],
  deadlineMs: 120_000,
  async inject(lab) {
    const victim = lab.anyAgent();
    await lab.kill(lab.agentProcess(victim));
    const work = join(lab.downdir(victim), '.gofd', TASK_ID);
    const part = join(work, '0.part');
    if (existsSync(part)) {
      const file = openSync(part, 'r+');
      const { size } = fstatSync(file);
      for (let place = 0; place < PLACES; place += 1) {
        writeSync(file, 'altered', lab.choice.between(0, size - 8));
      }
      closeSync(file);
    }
    const journal = join(work, 'task.json');
    const harm = lab.choice.oneOf(['part only', 'journal cut', 'journal zeroed'] as const);
    if (harm === 'journal cut' && existsSync(journal)) truncateSync(journal, 40);
    if (harm === 'journal zeroed' && existsSync(journal)) writeFileSync(journal, '');
    await lab.restartAgent(victim);
    if (harm === 'part only') return ALL_COMPLETED;
    return {
      task: ['COMPLETED', 'PARTIAL'],
      hosts: { [victim]: { status: ['COMPLETED', 'FAILED'], codes: ['AGENT_FORGOT_TASK'] } },
    };
  },
};
