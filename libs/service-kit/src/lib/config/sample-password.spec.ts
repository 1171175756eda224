/** S22: nobody is served with a password that everybody can read. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encryptPassword } from '@gofd/auth-crypto';
import { problemsOf, SAMPLE_AUTH, SampleConfig } from '../../../test/sample-config.ts';
import { aFolder } from '../../../test/temporary-folder.ts';
import { loadConfig } from './load-config.ts';
import { checkSamplePassword, SAMPLE_PASSWORD_WARNING } from './sample-password.ts';

const EVERYWHERE = '0.0.0.0';
const LOOPBACK = '127.0.0.1';

function configOf(ip: string, auth: string, env: NodeJS.ProcessEnv = {}): SampleConfig {
  const net = `net: { ip: '${ip}', advertise: host, mgntPort: 45010, dataPort: 45011 }\n`;
  return loadConfig(aFolder().write('c.yml', net + auth), SampleConfig, env);
}

const check = (ip: string, auth = SAMPLE_AUTH, env: NodeJS.ProcessEnv = {}) =>
  checkSamplePassword(configOf(ip, auth, env), 'c.yml');
const entryOf = (password: string): string => {
  const { stxt, factor } = encryptPassword(password);
  return `auth: { username: gofd, password: ${stxt}, factor: ${factor} }\n`;
};

describe('a service with the password of a sample', () => {
  it.each([EVERYWHERE, '10.0.0.7', '192.0.2.1', '::', '2001:db8::1'])(
    'loads and does not listen on %s',
    (ip) => {
      expect(problemsOf(() => check(ip))).toEqual([
        expect.stringMatching(/^auth\.password:- .*`gofd -p`.*allowSamplePassword: true/),
      ]);
    },
  );

  it.each([LOOPBACK, '127.0.1.9', '::1', '::ffff:127.0.0.1'])('warns on %s', (ip) => {
    expect(check(ip)).toBe(SAMPLE_PASSWORD_WARNING);
  });

  it('warns anywhere with permission, and is refused when that is withdrawn', () => {
    const allow = (value: boolean): string =>
      `${SAMPLE_AUTH}  allowSamplePassword: ${String(value)}\n`;
    expect(check(EVERYWHERE, allow(true))).toBe(SAMPLE_PASSWORD_WARNING);
    expect(problemsOf(() => check(EVERYWHERE, allow(false)))).toHaveLength(1);
  });

  it('is refused with what stands in deploy/ for the password, wherever it comes from', () => {
    const fromEnvironment = (): unknown =>
      check(EVERYWHERE, entryOf('own'), { GOFD_PASSWORD: 'change-me' });
    expect(problemsOf(fromEnvironment)).toHaveLength(1);
    expect(problemsOf(() => check(EVERYWHERE, entryOf('change-me')))).toHaveLength(1);
  });
});

describe('a service with another password', () => {
  it('starts anywhere without a word, whatever entry of a sample the environment overrides', () => {
    expect(check(EVERYWHERE, entryOf('own'))).toBeUndefined();
    expect(check(EVERYWHERE, SAMPLE_AUTH, { GOFD_PASSWORD: 'own' })).toBeUndefined();
  });

  it('is warned when it is the word of the samples, chosen anew', () => {
    expect(check(EVERYWHERE, entryOf('gofd'))).toBe(SAMPLE_PASSWORD_WARNING);
  });
});

describe('the samples of this repository', () => {
  const root = new URL('../../../../../', import.meta.url);
  const compose = readdirSync(new URL('deploy/compose/', root))
    .filter((name) => name.endsWith('.yml'))
    .map((name) => `deploy/compose/${name}`);
  const files = ['config/server.yml', 'config/agent.yml', 'README.md', 'docs/configuration.md'];

  it.each([...files, ...compose])('%s holds no other entry than those that are known', (file) => {
    const text = readFileSync(new URL(file, root), 'utf8');
    const entries = [...text.matchAll(/(?:password: |stxt = )([A-Za-z0-9+/]{43}=)/g)];
    const factors = [...text.matchAll(/factor(?:: | = )([0-9a-f]{8})/g)];
    expect(entries.length).toBeGreaterThan(0);
    for (const [index, [, entry]] of entries.entries()) {
      const auth = `auth: { username: gofd, password: ${entry}, factor: ${factors[index]?.[1]} }\n`;
      expect(problemsOf(() => check(EVERYWHERE, auth))).toHaveLength(1);
    }
  });
});
