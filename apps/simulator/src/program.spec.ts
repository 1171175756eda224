import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { run } from './program.ts';

interface Shown {
  readonly status: number;
  readonly out: string;
  readonly screen: string;
}

function runWith(line: string, isTTY = false): Shown {
  const screen = Object.assign(new PassThrough(), { isTTY, columns: 80, rows: 24 });
  let out = '';
  const status = run(line.split(' '), {
    out: (text) => (out += text),
    screen: screen as unknown as NodeJS.WriteStream,
  });
  return { status, out, screen: String(screen.read() ?? '') };
}

const SMALL = '--agents 6 --size 4MiB --rate 1Gbit --seed 5';

describe('gofd simulate', () => {
  it('says what came of it on standard output, and nothing elsewhere', () => {
    const { status, out, screen } = runWith(SMALL);
    expect({ status, screen }).toEqual({ status: 0, screen: '' });
    expect(out).toMatch(/^bound +33\.6 ms/);
    expect(out).toMatch(/\nincomplete +0\n/);
    expect(out.endsWith(`again             gofd simulate ${SMALL}\n`)).toBe(true);
  });

  it('is the same run when it is repeated by the command that it prints', () => {
    const first = JSON.parse(runWith(`${SMALL} --json`).out);
    const words = first.command.replace('gofd simulate ', '');
    const again = JSON.parse(runWith(`${words} --json`).out);
    expect(again.result).toEqual(first.result);
    expect(first.options).toEqual({
      agents: 6,
      totalBytes: 4 * 2 ** 20,
      bytesPerSecond: 1.25e8,
      seed: 5,
    });
  });

  it('shows how far it is on a terminal', () => {
    const { status, screen } = runWith(SMALL, true);
    expect(status).toBe(0);
    expect(screen).toContain('% of all pieces');
  });

  it.each([
    ['--agents 0 --size 1MiB --rate 1Gbit', '--agents must be'],
    ['--agents 5 --size big --rate 1Gbit', '--size is'],
    ['--agents 5 --size 1MiB', "'--rate <rate>' not specified"],
    ['--agents 5 --size 1MiB --rate 1Gbit --sed 3', 'Did you mean --seed?'],
    ['--agents 5 --size 1MiB --rate 1Gbit more', 'too many arguments'],
    ['--agents 5 --size 1MiB --rate 1Gbit --oversubscription 2', '--racks'],
  ])('calls `%s` wrong usage: 64, with the option', (line, words) => {
    const { status, out, screen } = runWith(line);
    expect({ status, out }).toEqual({ status: 64, out: '' });
    expect(screen).toContain(words);
    expect(screen).toContain('hint: gofd simulate --help');
  });

  it('teaches by examples', () => {
    const { status, out } = runWith('--help');
    expect(status).toBe(0);
    expect(out).toMatch(/Examples:\n {2}gofd simulate --agents/);
    expect(out).toContain('Exit codes:');
  });
});
