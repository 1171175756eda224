import { describe, expect, it } from 'vitest';
import { parseProcessSeconds } from './foreign-time.ts';

const stat = (name: string, flags: number): string =>
  `42 (${name}) S 1 42 42 0 -1 ${flags} 10 20 30 40 100 50 7 3 20 0 1 0 500\n`;

describe('parseProcessSeconds', () => {
  it('sums user and system time of a process and of its children that have ended', () => {
    expect(parseProcessSeconds(stat('sh', 4_194_304))).toBeCloseTo(1.6);
  });

  it('is not led astray by a name with brackets and spaces', () => {
    expect(parseProcessSeconds(stat('a) R 9 (b', 0))).toBeCloseTo(1.6);
  });

  it('counts no kernel thread', () => {
    expect(parseProcessSeconds(stat('ksoftirqd/0', 0x00200040))).toBe(0);
  });

  it('is nothing for a process that has ended', () => {
    expect(parseProcessSeconds('')).toBe(0);
  });
});
