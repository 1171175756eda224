import { describe, expect, it } from 'vitest';
import { cpuUse, parseProcStat } from './proc-stat.ts';

const TEXT = 'cpu  100 25 100 400 50 12 13 25 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n';

describe('parseProcStat', () => {
  it('counts interrupts as busy, and neither waiting for disks nor stolen time', () => {
    expect(parseProcStat(TEXT)).toEqual({ busy: 2.5, idle: 4.5, steal: 0.25 });
  });

  it('survives a kernel without the later columns', () => {
    expect(parseProcStat('cpu  100 0 0 100\n')).toEqual({ busy: 1, idle: 1, steal: 0 });
  });
});

describe('cpuUse', () => {
  it('is what happened between two moments', () => {
    const before = { busy: 10, idle: 100, steal: 1 };
    const after = { busy: 13, idle: 106, steal: 2 };
    expect(cpuUse(before, after)).toEqual({
      busySeconds: 3,
      stealShare: 0.1,
      capacitySeconds: 10,
    });
  });

  it('has no share of no time', () => {
    const now = { busy: 1, idle: 1, steal: 0 };
    expect(cpuUse(now, now).stealShare).toBe(0);
  });
});
