import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const FIXTURE = fileURLToPath(new URL('../../../test/fixture-service.ts', import.meta.url));

/** A fixture process, its outputs so far, and its end. */
function start(...args: readonly string[]) {
  const child = spawn(process.execPath, ['--no-warnings', FIXTURE, ...args]);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const ended = once(child, 'close').then(([exitCode]) => ({
    exitCode: exitCode as number,
    ...output,
  }));
  const saying = async (text: string): Promise<void> => {
    while (!output.stdout.includes(text)) await once(child.stdout, 'data');
  };
  return { child, ended, saying };
}

describe('a service process', () => {
  it('prints every problem of its configuration on a line and exits with 78', async () => {
    const { exitCode, stdout, stderr } = await start('-c', 'bad-config').ended;
    expect(exitCode).toBe(78);
    expect(stdout).toBe('starting\n');
    expect(stderr).toBe(
      'config: net.ip: is required (server.yml:3)\nconfig: nam: is not a known key (server.yml:7)\n',
    );
  });

  it('says in one line why it cannot start and exits with 1', async () => {
    const { exitCode, stderr } = await start('-c', 'port-in-use').ended;
    expect(exitCode).toBe(1);
    expect(stderr).toBe('fixture: cannot listen on\\n127.0.0.1:1\n');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'stops cleanly at %s and exits with 0',
    async (signal) => {
      const { child, ended, saying } = start('-c', 'good');
      await saying('up');
      child.kill(signal);
      const { exitCode, stdout } = await ended;
      expect(exitCode).toBe(0);
      expect(stdout).toBe('starting\nup\ninfo stopping\ninfo stopped\n');
    },
  );

  it('exits with 0 when it is stopped before it is up', async () => {
    const { child, ended, saying } = start('-c', 'never-up');
    await saying('starting');
    child.kill('SIGTERM');
    expect((await ended).exitCode).toBe(0);
  });

  it('exits with 1 when stopping fails', async () => {
    const { child, ended, saying } = start('-c', 'fails-to-stop');
    await saying('up');
    child.kill('SIGTERM');
    expect((await ended).exitCode).toBe(1);
  });

  it('ends at once at the second signal', async () => {
    const { child, ended, saying } = start('-c', 'never-stops');
    await saying('up');
    child.kill('SIGTERM');
    await saying('stopping');
    child.kill('SIGINT');
    expect((await ended).exitCode).toBe(130);
  });

  it('ends by itself when stopping takes too long', async () => {
    const { child, ended, saying } = start('-c', 'never-stops');
    await saying('up');
    child.kill('SIGTERM');
    const { exitCode, stderr } = await ended;
    expect(exitCode).toBe(1);
    expect(stderr).toContain('not stopped within 5000 ms');
  });

  it.each(['throws', 'rejects'])('exits with 70 when something %s unexpectedly', async (how) => {
    const { exitCode, stdout, stderr } = await start('-c', how).ended;
    expect(exitCode).toBe(70);
    expect(stdout).toContain('error internal error, ending');
    expect(stderr).toBe('fixture: internal error: unexpected\n');
  });

  it('explains itself and exits with 64 when it is called wrongly, with 0 when asked', async () => {
    const wrong = await start('--confg', 'x').ended;
    expect(wrong.exitCode).toBe(64);
    expect(wrong.stderr).toMatch(
      /^fixture: Unknown option '--confg'[^]*Usage: fixture -c <config.yml>/,
    );
    const help = await start('--help').ended;
    expect(help.exitCode).toBe(0);
    expect(help.stdout).toMatch(/^Usage: fixture/);
  });
});
