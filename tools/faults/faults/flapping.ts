import { setTimeout as pass } from 'node:timers/promises';
import { ALL_COMPLETED, type Fault } from '../fault.ts';

const FLAPS = 8;
const MIN_FLAP_MS = 200;
const MAX_FLAP_MS = 1_500;
/** Of one agent's data port over all flaps: every neighbour may come back after each, with room. */
const MAX_CONNECTIONS = 4 * FLAPS * 4;

export const flapping: Fault = {
  id: 'F11',
  title: 'connections of an agent are reset eight times, and swallow all in between',
  expected: 'it completes without a storm of connections',
  phases: ['P3', 'P4', 'P5'],
  async inject(lab) {
    const { mgnt, data } = lab.proxies(1 + lab.anyAgent());
    for (let flap = 0; flap < FLAPS; flap += 1) {
      for (const proxy of [mgnt, data]) {
        proxy.setFault({ towards: { kind: 'silence' }, from: { kind: 'silence' } });
      }
      await pass(lab.choice.between(MIN_FLAP_MS, MAX_FLAP_MS));
      for (const proxy of [mgnt, data]) proxy.heal();
      await pass(lab.choice.between(MIN_FLAP_MS, MAX_FLAP_MS));
    }
    if (data.acceptedCount > MAX_CONNECTIONS) {
      throw new Error(`a storm: ${data.acceptedCount} connections`);
    }
    return ALL_COMPLETED;
  },
};
