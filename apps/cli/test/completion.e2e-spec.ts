/** The completion scripts in the shells that they are for, as far as those are on this machine. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SHELLS, type Shell } from '../src/commands/completion.command.ts';
import { buildGofd, runGofd } from './run-gofd.ts';

let folder = '';
const paths = new Map<Shell, string>();
beforeAll(async () => {
  buildGofd();
  folder = mkdtempSync(join(tmpdir(), 'gofd-completion-'));
  for (const shell of SHELLS) {
    const run = await runGofd(['completion', shell]);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    paths.set(shell, join(folder, `gofd.${shell}`));
    writeFileSync(paths.get(shell) ?? '', run.stdout);
  }
  writeFileSync(join(folder, 'my task.yml'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What each shell is asked to do with the script and a half-typed line, the last word being completed. */
const ASK: Readonly<Record<Shell, (script: string, words: readonly string[]) => string[]>> = {
  bash: (script, words) => [
    ...['--noprofile', '--norc', '-c'],
    `source "$1" && shift && COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) && _gofd &&
     printf '%s\\n' "\${COMPREPLY[@]}"`,
    ...['bash', script, ...words],
  ],
  // The words of zsh's own machinery stand in for it: they print what they are given.
  zsh: (script, words) => [
    ...['-f', '-c'],
    `compdef() { }; _files() { print -l -- *"\${words[CURRENT]}"*; }; _message() { }
     compadd() { shift; print -l -- "$@" }; _describe() { print -l -- "\${next[@]%%:*}" }
     source "$1"; shift; words=("$@"); CURRENT=$#; _gofd`,
    ...['zsh', script, ...words],
  ],
  fish: (script, words) => [
    ...['--no-config', '-c'],
    'source $argv[1]; complete -C (string join " " -- $argv[2..-1])',
    ...[script, ...words],
  ],
};

function isHere(shell: Shell): boolean {
  const { error } = spawnSync(shell, ['--version']);
  if (error) process.stderr.write(`SKIPPED: completion of ${shell}: it is not on this machine\n`);
  return !error;
}

function complete(shell: Shell, words: readonly string[]): string[] {
  const args = ASK[shell](paths.get(shell) ?? '', words);
  const { status, stdout, stderr } = spawnSync(shell, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', HOME: folder },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const last = words.at(-1) ?? '';
  // zsh itself would leave out what does not begin so.
  const found = stdout.split('\n').map((line) => line.split('\t')[0] ?? '');
  return found.filter((word) => word !== '' && word.startsWith(last));
}

describe.each(SHELLS)('completion of %s', (shell) => {
  it.skipIf(!isHere(shell)).each([
    [['gofd', 'ta'], ['task']],
    [['gofd', 'task', 'w'], ['watch']],
    [['gofd', 'task', 'hosts', 'id-1', '--st'], ['--state']],
    [
      ['gofd', 'task', 'hosts', '--state', 'IN'],
      ['INIT', 'INPROGRESS'],
    ],
    [['gofd', 'plan', '--fr'], ['--from']],
    [['gofd', 'plan', '--from', 'my'], ['my task.yml']],
    [['gofd', 'completion', 'z'], ['zsh']],
    [['gofd', 'task', 'create', '--host', 'ta'], []],
  ])('of %j is %j', (words, expected) => {
    expect(complete(shell, words).sort()).toEqual(expected);
  });
});

it('an unknown shell is wrong usage, and the known ones are named', async () => {
  const run = await runGofd(['completion', 'ksh']);
  expect(run).toMatchObject({ status: 64, stdout: '' });
  expect(run.stderr).toContain('bash, zsh, fish');
});
