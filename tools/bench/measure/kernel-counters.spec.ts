// Texts of the kernel that are read for one number each, and one threshold.
import { describe, expect, it } from 'vitest';
import { parseUsageSeconds } from './process-group.ts';
import { parsePeakRssMiB } from './resident-memory.ts';
import { isResting } from './settling.ts';

describe('parseUsageSeconds', () => {
  it('reads the CPU time of a control group', () => {
    expect(parseUsageSeconds('usage_usec 1500000\nuser_usec 1000000\n')).toBe(1.5);
  });

  it('is nothing when the kernel says nothing', () => {
    expect(parseUsageSeconds('')).toBe(0);
  });
});

describe('parsePeakRssMiB', () => {
  it('reads the peak and not what is resident now', () => {
    expect(parsePeakRssMiB('VmPeak:\t 9 kB\nVmHWM:\t  153600 kB\nVmRSS:\t 1024 kB\n')).toBe(150);
  });

  it('does not exist for a process without memory of its own', () => {
    expect(parsePeakRssMiB('Name:\tkworker\n')).toBeUndefined();
  });
});

describe('isResting', () => {
  it('is below a tenth of a core', () => {
    expect(isResting(0.024, 250)).toBe(true);
    expect(isResting(0.025, 250)).toBe(false);
  });
});
