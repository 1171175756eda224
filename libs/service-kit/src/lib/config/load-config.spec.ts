import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { problemsOf, SAMPLE_NET, SAMPLE_TEXT, SampleConfig } from '../../../test/sample-config.ts';
import { aFolder } from '../../../test/temporary-folder.ts';
import { ConfigError } from '../errors.ts';
import { formatConfigError } from './format-config-error.ts';
import { loadConfig } from './load-config.ts';
import { writableFolderProblem } from './writable-folder.ts';
import { MAX_CONFIG_BYTES } from './yaml-text.ts';

const load = (file: string, env: NodeJS.ProcessEnv = {}) => loadConfig(file, SampleConfig, env);
const problems = (file: string): string[] => problemsOf(() => load(file));
const AUTH_BY_FILE = `${SAMPLE_NET}auth:\n  username: gofd\n  passwordFile: secret.txt\n`;

describe('loadConfig', () => {
  it('gives the decrypted password, frozen, and shows it nowhere by accident', () => {
    const config = load(aFolder().write('c.yml', SAMPLE_TEXT.replace('gofd', 'fleet')));
    expect(config.credentials.username).toBe('fleet');
    expect(config.credentials.password).toBe('gofd');
    expect(Object.isFrozen(config)).toBe(true);
    const shown = [
      JSON.stringify(config),
      inspect(config, { depth: 9 }),
      inspect(config.credentials),
    ];
    expect(shown.join()).not.toMatch(/gofd|yrsK/);
    expect(shown.join()).toContain('[redacted]');
  });

  it('prefers the password of the environment', () => {
    const config = load(aFolder().write('c.yml', SAMPLE_TEXT), { GOFD_PASSWORD: 'from-env' });
    expect(config.credentials.password).toBe('from-env');
  });

  it('reads a password file beside the configuration, without its closing line break', () => {
    const folder = aFolder();
    folder.write('secret.txt', 'two words \r\n');
    expect(load(folder.write('c.yml', AUTH_BY_FILE)).credentials.password).toBe('two words ');
  });

  it.each([
    ['open to others', 'x', 0o640, /is open to other users of this machine; chmod 600 it$/],
    ['empty', '\n', 0o600, /secret\.txt is empty$/],
    ['too large', 'x'.repeat(5_000), 0o600, /too large for a password$/],
    ['not UTF-8', Buffer.from([0xff]), 0o600, /cannot be read \(ERR_ENCODING_INVALID/],
  ])('refuses a password file that is %s', (_what, content, mode, message) => {
    const folder = aFolder();
    chmodSync(folder.write('secret.txt', content, mode), mode);
    const [problem] = problems(folder.write('c.yml', AUTH_BY_FILE));
    expect(problem).toMatch(/^auth\.passwordFile:7 /);
    expect(problem).toMatch(message);
  });

  it('reports problems of the text and of the files it names together', () => {
    const folder = aFolder();
    const text = `log: missing.yml\nnam: x\n${AUTH_BY_FILE}`;
    expect(problems(folder.write('c.yml', text))).toEqual([
      `log:1 ${join(folder.path, 'missing.yml')}: file: does not exist`,
      'nam:2 is not a known key; did you mean "name"?',
      `auth.passwordFile:9 ${join(folder.path, 'secret.txt')} cannot be read (ENOENT)`,
    ]);
  });

  it('names problems of the log configuration with their keys', () => {
    const folder = aFolder();
    folder.write('log.yml', 'levle: info\n');
    const [problem] = problems(folder.write('c.yml', `log: log.yml\n${SAMPLE_TEXT}`));
    expect(problem).toContain('log.yml: levle: is not a known key; did you mean "level"?');
  });

  it.each([
    ['a missing file', (path: string) => join(path, 'none.yml'), 'file:- does not exist'],
    ['a folder', (path: string) => path, 'file:- is not a regular file'],
  ])('refuses %s', (_what, fileIn, expected) => {
    expect(problems(fileIn(aFolder().path))).toEqual([expected]);
  });

  it('refuses a file beyond 64 KiB before reading it, and bytes that are not UTF-8', () => {
    const folder = aFolder();
    const padding = '#'.repeat(MAX_CONFIG_BYTES - SAMPLE_TEXT.length);
    expect(problems(folder.write('full.yml', SAMPLE_TEXT + padding))).toEqual([]);
    expect(problems(folder.write('over.yml', `${SAMPLE_TEXT}${padding}#`))).toEqual([
      'file:- is larger than 65536 bytes',
    ]);
    expect(problems(folder.write('latin.yml', Buffer.from('name: caf\xe9\n', 'latin1')))).toEqual([
      'file:- is not UTF-8 text',
    ]);
  });
});

describe('formatConfigError', () => {
  it('prints one line per problem, with file and line', () => {
    const error = new ConfigError('server.yml', [
      { key: 'net.ip', line: 3, message: 'is required' },
      { key: 'file', message: 'is empty' },
    ]);
    expect(formatConfigError(error)).toBe(
      'config: net.ip: is required (server.yml:3)\nconfig: file: is empty (server.yml)',
    );
  });
});

describe('writableFolderProblem', () => {
  const check = (path: string): string | undefined => writableFolderProblem(path, {});

  it('accepts a folder, also by a symbolic link', () => {
    const folder = aFolder();
    mkdirSync(join(folder.path, 'real'));
    symlinkSync('real', join(folder.path, 'link'));
    expect(check(join(folder.path, 'real'))).toBeUndefined();
    expect(check(join(folder.path, 'link'))).toBeUndefined();
  });

  it('refuses the root, a file, what does not exist and what cannot be written', () => {
    const folder = aFolder();
    expect(check('/')).toBe('must not be the root of the file system');
    expect(check(folder.write('f', ''))).toMatch(/f is not a folder$/);
    expect(check(join(folder.path, 'none'))).toMatch(/does not exist; create it first$/);
    expect(check('/proc')).toMatch(/^\/proc cannot be written by this process/);
  });
});
