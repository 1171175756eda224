import { ALL_COMPLETED, type Fault } from '../fault.ts';

const CLEAN_EXIT_MS = 5_000;

export const terminated: Fault = {
  id: 'F06',
  title: 'the server and an agent are told to leave (SIGTERM), and come back',
  expected: 'both leave with exit code 0 within 5 s; the task goes on and completes',
  phases: ['P3', 'P5', 'P8'],
  async inject(lab) {
    const victim = lab.anyAgent();
    const leaving = [lab.serverProcess(), lab.agentProcess(victim)];
    const startedMs = performance.now();
    for (const process of leaving) {
      lab.killed.add(process);
      process.signal('SIGTERM');
    }
    const codes = await Promise.all(leaving.map((process) => process.waitForExit()));
    const tookMs = performance.now() - startedMs;
    if (codes.some((code) => code !== 0)) throw new Error(`exit codes ${codes.join(', ')}`);
    if (tookMs > CLEAN_EXIT_MS) throw new Error(`leaving took ${Math.round(tookMs)} ms`);
    await lab.restartServer();
    await lab.restartAgent(victim);
    return ALL_COMPLETED;
  },
};
