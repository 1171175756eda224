import { closeSync, openSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { countDescriptors, leakedDescriptors } from './open-descriptors.ts';

const HERE = { pid: process.pid, logPath: 'here.log', isRunning: true };
const LEAKED = 9;

describe.skipIf(process.platform !== 'linux')('I6: descriptors that are not given back', () => {
  it('are found while they are open, and not when they are closed', () => {
    const before = countDescriptors([HERE]);
    const opened = Array.from({ length: LEAKED }, () => openSync('/dev/null', 'r'));
    const least = before.get(HERE) ?? 0;
    expect(leakedDescriptors(before)).toEqual([
      `I6: here.log holds ${least + LEAKED} descriptors, ${least} before the task`,
    ]);
    for (const descriptor of opened) closeSync(descriptor);
    expect(leakedDescriptors(before)).toEqual([]);
  });

  it('are not asked of a process that is gone', () => {
    const gone = { pid: 2 ** 30, logPath: 'gone.log', isRunning: false };
    expect(countDescriptors([gone]).size).toBe(0);
    expect(leakedDescriptors(new Map([[gone, 3]]))).toEqual([]);
  });
});
