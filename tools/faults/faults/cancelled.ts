import { ALL_COMPLETED, type Fault } from '../fault.ts';
import { TASK_ID } from '../lab/fault-lab.ts';

const MAX_ROUNDS = 5;

export const cancelled: Fault = {
  id: 'F29',
  title: 'the task is cancelled and created again at once, one to five times',
  expected: 'each cancel is answered CANCELLED; the last attempt completes',
  phases: ['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P8'],
  async inject(lab) {
    const rounds = lab.choice.between(1, MAX_ROUNDS);
    for (let round = 1; round <= rounds; round += 1) {
      const { body } = await lab.callServer('DELETE', `/tasks/${TASK_ID}`);
      const { status } = body as { status?: string };
      if (status === 'COMPLETED') return ALL_COMPLETED; // it was over first, and stays so
      if (status !== 'CANCELLED') throw new Error(`the cancel was answered ${status}`);
      const again = await lab.createTask();
      if (again.status !== 200) throw new Error(`create was answered ${again.status}`);
    }
    return ALL_COMPLETED;
  },
};
