import { setTimeout as pass } from 'node:timers/promises';
import { ALL_COMPLETED, type Fault } from '../fault.ts';

const ANSWER_500 =
  'HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';
const ANSWER_503 = ANSWER_500.replace('500 Internal Server Error', '503 Service Unavailable');
const MIN_REFUSED_MS = 2_000;
const MAX_REFUSED_MS = 8_000;

export const reportsRefused: Fault = {
  id: 'F30',
  title: 'reports are answered 500 or 503, with garbage or not at all, for 2 to 8 s',
  expected: 'they are sent again until they are acknowledged; all complete',
  phases: ['P3', 'P5', 'P6', 'P8'],
  async inject(lab) {
    const { mgnt } = lab.proxies(0);
    mgnt.setFault(
      lab.choice.oneOf([
        { answer: ANSWER_500 },
        { answer: ANSWER_503 },
        { answer: 'no HTTP at all\r\n' },
        { from: { kind: 'silence' } },
      ] as const),
    );
    await pass(lab.choice.between(MIN_REFUSED_MS, MAX_REFUSED_MS));
    mgnt.heal();
    return ALL_COMPLETED;
  },
};
