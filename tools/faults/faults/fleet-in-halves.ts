import { setTimeout as pass } from 'node:timers/promises';
import { ALL_COMPLETED, type Fault } from '../fault.ts';

const CUT_MS = 8_000;
const NEAR = [0, 1, 2];
const FAR = [3, 4];

export const fleetInHalves: Fault = {
  id: 'F10',
  title: 'the fleet is split in halves for 8 s, one of them without the server',
  expected: 'after it all complete',
  phases: ['P4', 'P5'],
  needs: 'network',
  async inject(lab) {
    for (const one of NEAR) for (const other of FAR) await lab.network.cutBoth(one, other);
    await pass(CUT_MS);
    for (const one of NEAR) for (const other of FAR) await lab.network.mendBoth(one, other);
    return ALL_COMPLETED;
  },
};
