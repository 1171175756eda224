import { once } from 'node:events';
import { createServer } from 'node:net';
import { ALL_COMPLETED, type Fault } from '../fault.ts';

const AGENT = 0;

export const portTaken: Fault = {
  id: 'F36',
  title: 'a port of a starting agent is taken',
  expected: 'it does not stay up (exit code 1) and names the port; started again, it takes part',
  phases: ['P5'],
  async start(lab) {
    const slot = lab.cluster.agents[AGENT];
    if (!slot) throw new Error('there is no agent');
    const port = lab.choice.oneOf([slot.mgntPort, slot.dataPort]);
    const occupant = createServer().listen(port, slot.ip);
    await once(occupant, 'listening');
    const refused = lab.cluster.startAgent(AGENT);
    lab.killed.add(refused);
    const code = await refused.waitForExit();
    const log = refused.log();
    occupant.close();
    if (code !== 1) throw new Error(`exit code ${code}`);
    if (!log.includes(`:${port}`)) throw new Error(`port ${port} is not named: ${log}`);
    await lab.cluster.start();
  },
  inject: () => Promise.resolve(ALL_COMPLETED),
};
