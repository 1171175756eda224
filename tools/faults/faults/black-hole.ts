import { ALL_COMPLETED, type Fault } from '../fault.ts';

const SILENCE = { kind: 'silence' } as const;

export const blackHole: Fault = {
  id: 'F16',
  title: 'an agent accepts connections and never answers, or answers with garbage, for good',
  expected: 'others give it up within their limits; all complete',
  phases: ['P1', 'P4', 'P5'],
  deadlineMs: 90_000,
  inject(lab) {
    const { data } = lab.proxies(1 + lab.anyAgent());
    data.setFault(
      lab.choice.oneOf([
        { from: SILENCE, towards: SILENCE },
        { from: { kind: 'flip', everyBytes: 4 } },
        { answer: 'SSH-2.0-OpenSSH_9.9\r\n' },
      ]),
    );
    data.reset();
    return Promise.resolve(ALL_COMPLETED);
  },
};
