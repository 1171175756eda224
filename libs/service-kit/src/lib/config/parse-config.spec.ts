import { describe, expect, it } from 'vitest';
import { badConfigs } from '../../../test/bad-configs.ts';
import { problemsOf, SAMPLE_NET, SAMPLE_TEXT, SampleConfig } from '../../../test/sample-config.ts';
import { parseConfig } from './load-config.ts';

const NO_ENV: NodeJS.ProcessEnv = {};
const parse = (text: string, env = NO_ENV) =>
  parseConfig(text, { file: '/etc/gofd/sample.yml', env }, SampleConfig);
const problems = (text: string, env = NO_ENV): string[] => problemsOf(() => parse(text, env));

describe('a sound configuration', () => {
  it('has its values, the defaults of what it leaves out, and is frozen to the bottom', () => {
    const config = parse(SAMPLE_TEXT);
    expect(config.net.mgntPort).toBe(45010);
    expect(config.name).toBe('sample');
    expect(config.control).toMatchObject({ cacheSize: 25, maxActive: 5, cacheBytes: 26_214_400 });
    expect(Object.isFrozen(config.net)).toBe(true);
    expect(Object.isFrozen(config.auth)).toBe(true);
  });

  it('may have a byte order mark and carriage returns', () => {
    expect(parse(`\uFEFF${SAMPLE_TEXT.replaceAll('\n', '\r\n')}`).net.ip).toBe('127.0.0.1');
  });

  it("may spell control and password as the reference's files do", () => {
    const text = `${SAMPLE_TEXT.replace('password', 'passowrd')}contorl:\n  maxActive: 7\n`;
    expect(parse(text).control).toMatchObject({ cacheSize: 25, maxActive: 7 });
  });

  it('may give both spellings of a section when they say the same', () => {
    const text = `${SAMPLE_TEXT}contorl: {maxActive: 7, cacheSize: 9}\ncontrol:\n  cacheSize: 9\n  maxActive: 7\n`;
    expect(parse(text).control.maxActive).toBe(7);
  });

  it('keeps a factor and a crc of digits only as they are written', () => {
    const entry = {
      factor: '28711f5d',
      crc: '3084',
      password: 'BkrjWALvWhXrLjVXQMUDzyEcX7UpAdDG+uoedDOfeVo=',
    };
    const lines = Object.entries(entry).map(([key, value]) => `  ${key}: ${value}\n`);
    expect(parse(`${SAMPLE_NET}auth:\n  username: gofd\n${lines.join('')}`).auth.crc).toBe('3084');
  });

  it('may name 0.0.0.0 when it says where others reach it', () => {
    const text = SAMPLE_TEXT.replace('127.0.0.1', '0.0.0.0\n  advertise: agent7.example');
    expect(parse(text).net.advertisedHost).toBe('agent7.example');
  });

  it('may leave out the password when the environment has one', () => {
    const text = `${SAMPLE_NET}auth:\n  username: gofd\n`;
    expect(problems(text, { GOFD_PASSWORD: 'secret' })).toEqual([]);
    expect(problems(text, { GOFD_PASSWORD: '' })).toHaveLength(1);
  });
});

describe('a configuration with problems', () => {
  it('reports all of them at once, each with key and line, in the order of the file', () => {
    const text = `name: ''
net:
  ip: localhost
  mgntport: 45010
  dataPort: "45011"
auth:
  username: gofd
control:
  maxActive: 0
`;
    expect(problems(text)).toEqual([
      'name:1 must not be empty',
      'net.mgntPort:2 is required',
      'net.ip:3 must be an IPv4 or IPv6 address (a host name is not enough to listen on), not the text "localhost"',
      'net.mgntport:4 is not a known key; did you mean "mgntPort"?',
      'net.dataPort:5 must be an integer from 1 to 65535, not the text "45011"',
      'auth.password:6 is required (or auth.passwordFile, or the variable GOFD_PASSWORD)',
      'control.maxActive:9 must be an integer from 1 to 10000, not 0',
    ]);
  });

  it('names both spellings of one key that differ', () => {
    const text = `${SAMPLE_TEXT}contorl:\n  maxActive: 7\ncontrol:\n  maxActive: 8\n`;
    expect(problems(text)).toEqual([
      'control:12 "contorl" and "control" are two spellings of one key with different values',
    ]);
  });

  it('gives the line of a value in a misspelt section', () => {
    expect(problems(`${SAMPLE_TEXT}contorl:\n  cacheSize: 1\n  maxActive: x\n`)).toEqual([
      'control.maxActive:12 must be an integer from 1 to 10000, not the text "x"',
    ]);
  });

  it('B69: a host name as address to listen on is refused', () => {
    expect(problems(SAMPLE_TEXT.replace('127.0.0.1', 'myhost'))[0]).toMatch(
      /^net\.ip:2 must be an IP/,
    );
  });

  it('B68: a key that only another program knows is refused', () => {
    expect(problems(`${SAMPLE_TEXT}server: true\n`)[0]).toMatch(/^server:10 is not a known key/);
  });

  it.each(badConfigs())('$id: refuses $what', ({ text, problem }) => {
    expect(problems(text)).toEqual([problem]);
  });

  it.each([
    ['a tab as indentation', 'net:\n\tip: 127.0.0.1\n'],
    ['a custom tag', 'name: !!js/function "x"\n'],
    ['a second document', 'name: a\n---\nname: b\n'],
    ['a bracket that never closes', 'net: {ip: 127.0.0.1\n'],
    ['brackets nested by the thousand', `name: ${'['.repeat(20_000)}`],
  ])('refuses %s as YAML', (_what, text) => {
    expect(problems(text)[0]).toMatch(/^yaml:/);
  });

  it('does not expand aliases, so that an alias bomb is only a wrong value', () => {
    const levels = [...Array(20).keys()].map((n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`);
    const found = problems(`a0: &a0 [x]\n${levels.join('\n')}\nname: *a20\n`);
    expect(found).toContain('name:22 must be text');
  });

  it('never shows the password', () => {
    const text = SAMPLE_TEXT.replace('9427e80d', '28711f5d').replace('  crc: 63F7\n', '');
    expect(problems(text).join()).toContain('AUTH_WRONG_FACTOR');
    expect(problems(text).join()).not.toContain('yrsK');
  });
});
