import { ALL_COMPLETED, type Fault } from '../fault.ts';
import { TASK_ID } from '../lab/fault-lab.ts';

const REPEATS = 20;

export const repeatedCalls: Fault = {
  id: 'F28',
  title: 'create is called 20 times more, old and false reports arrive, another body takes the id',
  expected: 'one task, its first attempt, completes; the other body is refused with TASK_EXISTED',
  phases: ['P1', 'P3', 'P5', 'P8'],
  async inject(lab) {
    const repeats = await Promise.all(Array.from({ length: REPEATS }, () => lab.createTask()));
    const bad = repeats.find(({ status }) => status !== 200);
    if (bad) throw new Error(`a repeated create call was answered ${bad.status}`);
    const other = await lab.createTask(TASK_ID, `${lab.source}-other`);
    if (other.status !== 409) throw new Error(`another body was answered ${other.status}`);
    const report = { taskId: TASK_ID, ip: lab.cluster.hosts[lab.anyAgent()] };
    for (const stale of [
      { ...report, percentComplete: 100, attempt: 99, sequence: 1 },
      { ...report, percentComplete: 0, attempt: 1, sequence: 0 },
      { ...report, percentComplete: 101 },
    ]) {
      await lab.callServer('POST', '/tasks/status', stale);
    }
    const task = await lab.task();
    if (task?.attempt !== 1) throw new Error(`the attempt is ${task?.attempt}`);
    return ALL_COMPLETED;
  },
};
