import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { waitUntil } from '../cluster/wait-until.ts';
import { ShellSession } from './shell-session.ts';

const BLOCK_TIMEOUT_MS = 20_000;

let shell: ShellSession | undefined;

afterEach(() => shell?.kill());

function openShell(): ShellSession {
  shell = new ShellSession(tmpdir(), { PATH: process.env['PATH'] });
  return shell;
}

describe.skipIf(process.platform === 'win32')('ShellSession', () => {
  it('keeps variables and folder from block to block, and gives each block its own output', async () => {
    const session = openShell();
    expect(await session.run('cd /\nword=kept\necho first', BLOCK_TIMEOUT_MS)).toBe('first\n');
    expect(await session.run('echo "$word"; pwd >&2', BLOCK_TIMEOUT_MS)).toBe('kept\n/\n');
  });

  it('ends at a command that fails, and says what was printed', async () => {
    const session = openShell();
    const block = session.run('echo before\nfalse\necho after', BLOCK_TIMEOUT_MS);
    await expect(block).rejects.toThrow(/a command failed.*it printed:\nbefore\n$/s);
    await expect(session.run('echo again', BLOCK_TIMEOUT_MS)).rejects.toThrow('has ended');
  });

  it('knows of background processes that are left, and ends them', async () => {
    const session = openShell();
    await session.run('sleep 600 >/dev/null 2>&1 &', BLOCK_TIMEOUT_MS);
    session.leave();
    expect(session.isAlive).toBe(true);
    session.kill();
    await waitUntil('the end of the group', () => !session.isAlive);
  });
});
