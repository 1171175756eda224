import { renameSync, writeFileSync } from 'node:fs';
import { runCommand } from '../../bench/network/run-command.ts';
import { failedAlone, failedOrCompleted, type Fault } from '../fault.ts';

const AGENT = 0;

export const downdirReadOnly: Fault = {
  id: 'F22',
  title: "an agent's downdir becomes read-only",
  expected:
    'the host fails with the cause, or completes by the folder that it holds open; the others complete',
  phases: ['P3', 'P4', 'P5'],
  needs: 'tmpfs',
  setting: { tmpfsMiB: 64 },
  async inject(lab) {
    // A plain remount is refused while files are open for writing; a bind mount over it is not.
    const folder = lab.downdir(AGENT);
    await runCommand('mount', ['--bind', folder, folder]);
    await runCommand('mount', ['-o', 'remount,bind,ro', folder]);
    lab.unmountAtEnd(folder);
    return failedOrCompleted(AGENT, 'DEST_UNWRITABLE', 'IO_ERROR');
  },
};

export const downdirReplaced: Fault = {
  id: 'F22b',
  title: "an agent's downdir is moved away and a file stands in its place",
  expected: 'the host fails with the cause, the others complete',
  phases: ['P3', 'P4', 'P5'],
  inject(lab) {
    const folder = lab.downdir(AGENT);
    renameSync(folder, `${folder}.away`);
    writeFileSync(folder, 'not a folder');
    return Promise.resolve(failedAlone(AGENT, 'DEST_UNWRITABLE', 'DEST_NOT_REGULAR', 'IO_ERROR'));
  },
};
