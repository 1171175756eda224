import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseServiceArgs } from './service-args.ts';
import { GOFD_VERSION } from './version.ts';

const parse = (...argv: readonly string[]) => parseServiceArgs(argv, 'gofd-server');

describe('parseServiceArgs', () => {
  it.each([
    [['-c', 'server.yml']],
    [['--config', 'server.yml']],
    [['--config=server.yml']],
    [['-cserver.yml']],
  ])('takes the configuration from %j', (argv) => {
    expect(parse(...argv)).toEqual({ configFile: 'server.yml' });
  });

  it('prints help and version on request', () => {
    expect(parse('--help')).toMatchObject({ exitCode: 0 });
    expect(parse('--version')).toEqual({ text: `gofd-server ${GOFD_VERSION}`, exitCode: 0 });
  });

  it.each([
    ['nothing', []],
    ['no file after -c', ['-c']],
    ['an empty file name', ['-c', '']],
    ['an unknown option', ['-x']],
    ['a stray word', ['server.yml']],
  ])('refuses %s with exit code 64 and the help', (_what, argv) => {
    expect(parse(...argv)).toMatchObject({
      exitCode: 64,
      text: expect.stringContaining('Usage: gofd-server -c <config.yml>'),
    });
  });

  it('has the version of the workspace', () => {
    const text = readFileSync(new URL('../../../../../package.json', import.meta.url), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ version: GOFD_VERSION });
  });
});
