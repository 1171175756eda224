/** deploy/systemd: what systemd itself says of the units; where it is not installed, what can be read. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const FOLDER = fileURLToPath(new URL('../../deploy/systemd', import.meta.url));
const UNITS = ['gofd-server.service', 'gofd-agent.service'];
/** 100 is a service without any protection; systemd calls up to 49 OK. */
const MOST_EXPOSURE = 20;

const work = mkdtempSync(join(tmpdir(), 'gofd-units-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const read = (unit: string): string => readFileSync(join(FOLDER, unit), 'utf8');

/** Keys with all their values; a key may stand several times. */
function settingsOf(unit: string): Map<string, string[]> {
  const settings = new Map<string, string[]>();
  for (const line of read(unit).split('\n')) {
    const [, key, value = ''] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
    if (key !== undefined) settings.set(key, [...(settings.get(key) ?? []), value]);
  }
  return settings;
}

/** The program need not be installed where the test runs, so Node itself stands in its place. */
function aCopyThatCanBeChecked(unit: string): string {
  const path = join(work, unit);
  writeFileSync(path, read(unit).replace('/usr/bin/node', process.execPath));
  return path;
}

function analyze(...args: string[]): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}` };
}

const skipReason =
  spawnSync('systemd-analyze', ['--version']).status === 0
    ? undefined
    : 'systemd-analyze is not installed here';
if (skipReason !== undefined) {
  console.warn(`SKIPPED: systemd's own check of the units: ${skipReason}; they are only read`);
}

describe.each(UNITS)('%s', (unit) => {
  const settings = settingsOf(unit);

  it.each([
    ['NoNewPrivileges', 'yes'],
    ['ProtectSystem', 'strict'],
    ['CapabilityBoundingSet', ''],
    ['SystemCallArchitectures', 'native'],
    ['RestrictAddressFamilies', 'AF_INET AF_INET6 AF_UNIX'],
    ['ReadWritePaths', '/var/lib/gofd'],
    ['EnvironmentFile', '/etc/gofd/gofd.env'],
    ['User', 'gofd'],
  ])('has %s=%s', (key, value) => {
    expect(settings.get(key)).toEqual([value]);
  });

  it('has a limit of memory and of system calls, and no password', () => {
    expect(settings.get('MemoryMax')?.[0]).toMatch(/^\d+[MG]$/);
    expect(settings.get('SystemCallFilter')?.[0]).toBe('@system-service');
    expect(read(unit)).not.toMatch(/^Environment=.*GOFD_PASSWORD/m);
  });

  it('does not start again after a bad configuration', () => {
    expect(settings.get('RestartPreventExitStatus')).toEqual(['64 78']);
  });

  // skipped: systemd-analyze is not installed on every machine; the warning above says so.
  it.skipIf(skipReason !== undefined)('is what systemd accepts without a word', () => {
    const verdict = analyze('verify', '--man=no', aCopyThatCanBeChecked(unit));
    expect(verdict).toEqual({ status: 0, said: '' });
  });

  // skipped: as above.
  it.skipIf(skipReason !== undefined)('is hardly exposed, by the measure of systemd', () => {
    const path = aCopyThatCanBeChecked(unit);
    const { status, said } = analyze(
      ...['security', '--offline=true', `--threshold=${MOST_EXPOSURE}`, path],
    );
    expect(said).toContain('Overall exposure level');
    expect(status, said).toBe(0);
  });
});
