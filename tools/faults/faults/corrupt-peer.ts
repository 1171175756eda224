import { ALL_COMPLETED, type Fault } from '../fault.ts';

const MIN_EVERY_BYTES = 20_000;
const MAX_EVERY_BYTES = 2_000_000;
const MAX_DROPPED_BYTES = 100_000;

export const corruptPeer: Fault = {
  id: 'F17',
  title: 'what an agent serves has flipped bits, or lacks bytes, for good',
  expected: 'no wrong piece is kept; all complete from others',
  phases: ['P1', 'P4', 'P5'],
  inject(lab) {
    const { data } = lab.proxies(1 + lab.anyAgent());
    const { choice } = lab;
    data.setFault({
      from: choice.oneOf([
        { kind: 'flip', everyBytes: choice.between(MIN_EVERY_BYTES, MAX_EVERY_BYTES) },
        {
          kind: 'drop',
          atByte: choice.between(0, MAX_EVERY_BYTES),
          byteCount: choice.between(1, MAX_DROPPED_BYTES),
        },
      ] as const),
    });
    return Promise.resolve(ALL_COMPLETED);
  },
};
