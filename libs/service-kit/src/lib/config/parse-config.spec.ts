import { describe, expect, it } from 'vitest';
import {
  problemsOf,
  SAMPLE_AUTH,
  SAMPLE_NET,
  SAMPLE_TEXT,
  SampleConfig,
} from '../../../test/sample-config.ts';
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

  it.each([
    [
      'a doubled key',
      `${SAMPLE_TEXT}name: a\nname: b\n`,
      'name:11 is given twice, first in line 10',
    ],
    [
      'equal ports',
      SAMPLE_TEXT.replace('45011', '45010'),
      'net.dataPort:4 must differ from net.mgntPort',
    ],
    [
      'a wildcard without advertise',
      SAMPLE_TEXT.replace('127.0.0.1', '0.0.0.0'),
      'net.ip:2 listens on every interface, so net.advertise must name the address told to others',
    ],
    [
      'the IPv6 wildcard',
      SAMPLE_TEXT.replace('127.0.0.1', '"::"'),
      'net.ip:2 listens on every interface, so net.advertise must name the address told to others',
    ],
    [
      'a wildcard to advertise',
      SAMPLE_TEXT.replace('127.0.0.1', '0.0.0.0\n  advertise: 0.0.0.0'),
      'net.advertise:3 must be an address that others can dial, not the text "0.0.0.0"',
    ],
    [
      'an address with a port to advertise',
      SAMPLE_TEXT.replace('127.0.0.1', '127.0.0.1\n  advertise: a:80'),
      'net.advertise:3 must be an IP address or host name, without a port, not the text "a:80"',
    ],
    [
      'port 0',
      SAMPLE_TEXT.replace('45010', '0'),
      'net.mgntPort:3 must be an integer from 1 to 65535, not 0',
    ],
    [
      'port -1',
      SAMPLE_TEXT.replace('45010', '-1'),
      'net.mgntPort:3 must be an integer from 1 to 65535, not -1',
    ],
    [
      'port 65536',
      SAMPLE_TEXT.replace('45010', '65536'),
      'net.mgntPort:3 must be an integer from 1 to 65535, not 65536',
    ],
    [
      'a port with a fraction',
      SAMPLE_TEXT.replace('45010', '1.5'),
      'net.mgntPort:3 must be an integer from 1 to 65535, not 1.5',
    ],
    [
      'a list for a port',
      SAMPLE_TEXT.replace('45010', '[1, 2]'),
      'net.mgntPort:3 must be an integer from 1 to 65535',
    ],
    ['a key without a value', SAMPLE_TEXT.replace('45010', ''), 'net.mgntPort:3 has no value'],
    [
      'a value for a section',
      `net: 7\n${SAMPLE_AUTH}`,
      'net:1 must be a section of keys; leave it out when it has none',
    ],
    [
      'an empty section',
      `${SAMPLE_TEXT}control:\n`,
      'control:10 must be a section of keys; leave it out when it has none',
    ],
    ['a missing section', SAMPLE_AUTH, 'net:- is required'],
    [
      'a cache of 0',
      `${SAMPLE_TEXT}control: {cacheSize: 0}\n`,
      'control.cacheSize:10 must be an integer from 1 to 1048576, not 0',
    ],
    [
      'an infinite cache',
      `${SAMPLE_TEXT}control: {cacheSize: .inf}\n`,
      'control.cacheSize:10 must be an integer from 1 to 1048576, not Infinity',
    ],
    [
      'a cache beyond the limit',
      `${SAMPLE_TEXT}control: {cacheSize: 1048577}\n`,
      'control.cacheSize:10 must be an integer from 1 to 1048576, not 1048577',
    ],
    [
      'NaN tasks',
      `${SAMPLE_TEXT}control: {maxActive: .nan}\n`,
      'control.maxActive:10 must be an integer from 1 to 10000, not NaN',
    ],
    [
      'tasks beyond the limit',
      `${SAMPLE_TEXT}control: {maxActive: 10001}\n`,
      'control.maxActive:10 must be an integer from 1 to 10000, not 10001',
    ],
    ['an empty user name', SAMPLE_TEXT.replace('gofd', '""'), 'auth.username:6 must not be empty'],
    [
      'a user name with a colon',
      SAMPLE_TEXT.replace('gofd', 'a:b'),
      'auth.username:6 must not hold a colon',
    ],
    [
      'a user name beyond the limit',
      SAMPLE_TEXT.replace('gofd', 'u'.repeat(65)),
      'auth.username:6 must have at most 64 characters',
    ],
    [
      'a name with a line break',
      `${SAMPLE_TEXT}name: "a\\nb"\n`,
      'name:10 must not hold control characters',
    ],
    [
      'a wrong crc',
      SAMPLE_TEXT.replace('63F7', '3084'),
      'auth.crc:9 the factor does not match its checksum (crc) (AUTH_CRC_MISMATCH); gofd -p makes a new entry',
    ],
    [
      'a bad factor',
      SAMPLE_TEXT.replace('9427e80d', 'xyz'),
      'auth.factor:8 the factor must be 8 hexadecimal digits (AUTH_BAD_FACTOR); gofd -p makes a new entry',
    ],
    [
      'no factor',
      SAMPLE_TEXT.replace('  factor: 9427e80d\n', ''),
      'auth.factor:5 is required with auth.password',
    ],
    [
      'bad base64',
      SAMPLE_TEXT.replace('yrsK', 'a-b_'),
      'auth.password:7 the encrypted password is not base64 (AUTH_NOT_BASE64); gofd -p makes a new entry',
    ],
    [
      'two sources of the password',
      `${SAMPLE_TEXT}  passwordFile: p\n`,
      'auth.passwordFile:10 and auth.password cannot both be given',
    ],
    [
      'a certificate without its key',
      `${SAMPLE_NET}  tls: {cert: a}\n${SAMPLE_AUTH}`,
      'net.tls.cert:5 needs net.tls.key too',
    ],
    [
      'a key without its certificate',
      `${SAMPLE_NET}  tls: {key: a}\n${SAMPLE_AUTH}`,
      'net.tls.key:5 needs net.tls.cert too',
    ],
    [
      'client certificates without an authority',
      `${SAMPLE_NET}  tls: {cert: a, key: b, clientCert: required}\n${SAMPLE_AUTH}`,
      'net.tls.clientCert:5 needs net.tls.cert and net.tls.ca',
    ],
    [
      'another word for clientCert',
      `${SAMPLE_NET}  tls: {cert: a, key: b, ca: c, clientCert: maybe}\n${SAMPLE_AUTH}`,
      'net.tls.clientCert:5 must be required, not the text "maybe"',
    ],
    [
      'text for true',
      `${SAMPLE_NET}  tls: {insecure: "yes"}\n${SAMPLE_AUTH}`,
      'net.tls.insecure:5 must be true or false, not the text "yes"',
    ],
    [
      '__proto__',
      `${SAMPLE_TEXT}__proto__: {polluted: 1}\n`,
      '__proto__:10 is not a known key; known here: name, log, auth, metrics, net, control',
    ],
    [
      'constructor',
      `${SAMPLE_TEXT}constructor: 1\n`,
      'constructor:10 is not a known key; did you mean "control"?',
    ],
    [
      'a merge key',
      `${SAMPLE_TEXT}<<: {name: x}\n`,
      '<<:10 is not a known key; known here: name, log, auth, metrics, net, control',
    ],
    ['a list at the top', '- a\n', 'file:- must hold keys and values at the top'],
    ['nothing', '', 'file:- is empty'],
    ['comments only', '# nothing\n', 'file:- is empty'],
  ])('refuses %s', (_what, text, expected) => {
    expect(problems(text)).toEqual([expected]);
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
