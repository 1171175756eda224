import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  chooseLabParent,
  createLabFolder,
  isTmpfs,
  labNeeds,
  type LabNeeds,
} from './lab-folder.ts';
import { parseWorkload, type Workload } from './workloads.ts';

const MIB = 1024 * 1024;
const workload = (text: string): Workload => parseWorkload(text) as Workload;

const needs = (bytes: number, disk = false): LabNeeds => ({ bytes, disk });

describe('labNeeds', () => {
  it('is room for the source and every host of the largest workload', () => {
    const { bytes: spare } = labNeeds([]);
    const texts = ['3:0:16', '9:0:10', '1:0:20'];
    const { bytes: needed, disk } = labNeeds(texts.map(workload));
    expect(disk).toBe(false);
    expect(needed - spare).toBeGreaterThanOrEqual(10 * 10 * MIB);
    expect(needed - spare).toBeLessThan(12 * 10 * MIB);
  });

  it('is a disk and 20 GiB for those with the large file', () => {
    for (const name of ['memory', 'resume']) {
      const { bytes, disk } = labNeeds([workload(name)]);
      expect(disk).toBe(true);
      expect(bytes).toBeGreaterThan(20 * 1024 * MIB);
    }
  });
});

describe('the lab folder', () => {
  it('is where it was asked for', () => {
    expect(chooseLabParent('/some/where', needs(1))).toBe('/some/where');
  });

  it('is not in memory when memory is too small', () => {
    expect(chooseLabParent(undefined, needs(Number.MAX_SAFE_INTEGER))).not.toBe('/dev/shm');
  });

  it('is not in memory when a disk is needed', () => {
    expect(chooseLabParent(undefined, needs(1, true))).not.toBe('/dev/shm');
  });

  it.runIf(existsSync('/dev/shm') && isTmpfs('/dev/shm'))(
    'is refused in memory when a disk is needed',
    () => {
      expect(() => createLabFolder('/dev/shm', needs(1, true))).toThrow('a disk is needed');
    },
  );

  it('is refused with a sentence where there is no room or no folder', () => {
    expect(() => createLabFolder('/', needs(Number.MAX_SAFE_INTEGER))).toThrow('are needed');
    expect(() => createLabFolder('/nowhere', needs(1))).toThrow('no folder /nowhere');
  });
});
