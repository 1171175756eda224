import { describe, expect, it } from 'vitest';
import { chooseLabParent, createLabFolder, neededBytes } from './lab-folder.ts';
import { parseWorkload, type Workload } from './workloads.ts';

const MIB = 1024 * 1024;
const workload = (text: string): Workload => parseWorkload(text) as Workload;

describe('neededBytes', () => {
  it('is for the source and every host of the largest workload', () => {
    const spare = neededBytes([]);
    const needed = neededBytes([workload('3:0:16'), workload('9:0:10'), workload('1:0:20')]);
    expect(needed - spare).toBeGreaterThanOrEqual(10 * 10 * MIB);
    expect(needed - spare).toBeLessThan(12 * 10 * MIB);
  });
});

describe('the lab folder', () => {
  it('is where it was asked for', () => {
    expect(chooseLabParent('/some/where', 1)).toBe('/some/where');
  });

  it('is not in memory when memory is too small', () => {
    expect(chooseLabParent(undefined, Number.MAX_SAFE_INTEGER)).not.toBe('/dev/shm');
  });

  it('is refused with a sentence where there is no room or no folder', () => {
    expect(() => createLabFolder('/', Number.MAX_SAFE_INTEGER)).toThrow('are needed');
    expect(() => createLabFolder('/nowhere', 1)).toThrow('no folder /nowhere');
  });
});
