import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { failedOrCompleted, type Fault } from '../fault.ts';

/** What a host does to its disk, and how often it surely does so from half of a task on. */
const CALLS = [
  ['pwrite64', 12],
  ['openat', 2],
  ['fsync', 1],
  ['/rename', 1],
] as const;
const ERRORS = ['EIO', 'EROFS', 'EDQUOT', 'EACCES', 'EMFILE', 'EINTR', 'ENOSPC'];
const WATCHED_MS = 8_000;

export const failingCall: Fault = {
  id: 'F21',
  title: 'one call of an agent to its disk fails, the N-th from that moment (EIO, EROFS, EINTR, …)',
  expected: 'the host completes, or fails with a code and what the system said; nobody dies',
  phases: ['P3', 'P4', 'P5'],
  needs: 'strace',
  async inject(lab) {
    const victim = lab.anyAgent();
    const [call, most] = lab.choice.oneOf(CALLS);
    const error = lab.choice.oneOf(ERRORS);
    const nth = lab.choice.between(1, most);
    const seen = join(lab.cluster.folder, 'state', 'calls');
    const strace = spawn(
      'strace',
      [
        ...['-f', '-qq', '-o', seen, '-p', String(lab.agentProcess(victim).pid)],
        ...['-e', `trace=${call}`, '-e', `inject=${call}:error=${error}:when=${nth}`],
      ],
      { stdio: 'ignore' },
    );
    const ended = once(strace, 'exit');
    await Promise.race([pass(WATCHED_MS), ended]);
    strace.kill('SIGINT'); // it lets go of the process
    await ended;
    if (!readFileSync(seen, 'utf8').includes('(INJECTED)')) {
      throw new Error(`call ${nth} of ${call} never came`);
    }
    return failedOrCompleted(victim, 'IO_ERROR', 'NO_SPACE', 'DEST_UNWRITABLE');
  },
};
