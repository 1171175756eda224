import { describe, expect, it } from 'vitest';
import { toReading } from './run-meter.ts';

const USE = { busySeconds: 6, stealShare: 0.02, capacitySeconds: 20 };

describe('toReading', () => {
  it('takes from the machine what others used and what it uses when idle', () => {
    const reading = toReading(USE, 0.05, { peerSeconds: 3, foreignSeconds: 2 });
    expect(reading.machineSeconds).toBeCloseTo(3);
    expect(reading).toMatchObject({ peerSeconds: 3, foreignShare: 0.1, stealShare: 0.02 });
  });

  it('never reads less than nothing', () => {
    expect(toReading(USE, 0.9, { peerSeconds: 0, foreignSeconds: 0 }).machineSeconds).toBe(0);
    expect(toReading(USE, 0, { peerSeconds: 0, foreignSeconds: -1 }).foreignShare).toBe(0);
  });
});
