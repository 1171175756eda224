import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  MAX_PASSWORD_FILE_BYTES,
  resolveCredentials,
  type CredentialSources,
} from './credentials.ts';

let folder = '';
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'gofd-credentials-'))));
afterAll(() => rm(folder, { recursive: true }));

const nobody: CredentialSources = { env: {}, ask: undefined };

async function passwordFile(content: string | Buffer): Promise<string> {
  const path = join(folder, 'password');
  await writeFile(path, content, { mode: 0o600 });
  return path;
}

describe('resolveCredentials', () => {
  it.each<[string, CredentialSources, [string, string]]>([
    ['--user name:password', { ...nobody, user: 'ann:a:b' }, ['ann', 'a:b']],
    ['GOFD_USER with a password', { ...nobody, env: { GOFD_USER: 'ann:pw' } }, ['ann', 'pw']],
    [
      'both variables',
      { ...nobody, env: { GOFD_USER: 'ann', GOFD_PASSWORD: 'pw' } },
      ['ann', 'pw'],
    ],
    [
      '--user before GOFD_USER',
      { ...nobody, user: 'bob', env: { GOFD_USER: 'ann:no', GOFD_PASSWORD: 'pw' } },
      ['bob', 'pw'],
    ],
    [
      'the terminal',
      { ...nobody, user: 'ann', ask: () => Promise.resolve('typed') },
      ['ann', 'typed'],
    ],
  ])('takes %s', async (_title, sources, [username, password]) => {
    await expect(resolveCredentials(sources)).resolves.toEqual({ username, password });
  });

  it('takes --password-file before GOFD_PASSWORD, without its last line end', async () => {
    const path = await passwordFile('from file \r\n');
    const sources = { ...nobody, user: 'ann', passwordFile: path, env: { GOFD_PASSWORD: 'no' } };
    await expect(resolveCredentials(sources)).resolves.toMatchObject({ password: 'from file ' });
  });

  it.each<[string, Partial<CredentialSources>]>([
    ['no user', {}],
    ['an empty user', { user: ':pw' }],
    ['no password and no terminal', { user: 'ann', env: { GOFD_PASSWORD: '' } }],
    ['two passwords', { user: 'ann:pw', passwordFile: '/nowhere' }],
  ])('calls %s wrong usage', async (_title, sources) => {
    await expect(resolveCredentials({ ...nobody, ...sources })).rejects.toMatchObject({
      outcome: 'usage',
    });
  });

  it.each<[string, string | Buffer]>([
    ['an empty', '\n'],
    ['an oversized', Buffer.alloc(MAX_PASSWORD_FILE_BYTES + 1, 'x')],
    ['a binary', Buffer.from([0xff, 0xfe, 0x00])],
  ])('refuses %s password file', async (_title, content) => {
    const sources = { ...nobody, user: 'ann', passwordFile: await passwordFile(content) };
    await expect(resolveCredentials(sources)).rejects.toMatchObject({ outcome: 'config' });
  });
});
