import { ALL_COMPLETED, type Fault } from '../fault.ts';
import { waitUntil } from '../../cluster/wait-until.ts';

/** Within the handshake and the first frames, or somewhere in the pieces. */
const EARLY_BYTES = 600;
const LATE_BYTES = 2 * 1024 * 1024;
const CUTS = 3;
const CUT_TIMEOUT_MS = 20_000;

export const cutAnywhere: Fault = {
  id: 'F15',
  title: 'every connection of an agent and of the server is cut at a chosen byte (FIN or reset)',
  expected: 'what was lost is asked for again; all complete',
  phases: ['P1', 'P4', 'P5'],
  async inject(lab) {
    const both = [lab.proxies(0).data, lab.proxies(1 + lab.anyAgent()).data];
    for (let cut = 0; cut < CUTS; cut += 1) {
      const afterBytes = lab.choice.between(0, lab.choice.oneOf([EARLY_BYTES, LATE_BYTES]));
      const fault = { kind: 'cut', afterBytes, isReset: lab.choice.oneOf([true, false]) } as const;
      const before = both.map(({ acceptedCount }) => acceptedCount);
      for (const proxy of both)
        proxy.setFault(lab.choice.oneOf([{ from: fault }, { towards: fault }]));
      const isDialledAgain = (): boolean =>
        both.some(({ acceptedCount }, index) => acceptedCount > (before[index] ?? 0));
      // Nobody needs to dial again where the byte is far away, or the task is nearly over.
      await waitUntil('somebody to dial again', isDialledAgain, CUT_TIMEOUT_MS).catch(
        () => undefined,
      );
    }
    for (const proxy of both) proxy.heal();
    return ALL_COMPLETED;
  },
};
