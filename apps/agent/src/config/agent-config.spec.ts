import { fileURLToPath } from 'node:url';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig } from '@gofd/service-kit';
import { LoadedConfigModule } from '@gofd/service-kit';
import { MAX_RACK_NAME_CHARS } from '@gofd/task-model';
import { AgentConfig, loadAgentConfig } from './agent-config.schema.ts';

/** The sample of the reference's documentation, misspelt keys and all. */
const REFERENCE_SAMPLE = `name: agent
downdir: /Users/xiao/download
log: /Users/xiao/Go/src/github.com/xtfly/gofd/config/log.xml
net:
    ip: 127.0.0.1
    mgntPort: 45010
    dataPort: 45011
    tls:
        cert: /Users/xiao/server.crt
        key: /Users/xiao/server.key
auth:
    username: gofd
    passowrd: yrsK+2iiwPqecImH7obTUm1vhnvvQzFmYYiOz5oqaoc= 
    factor: 9427e80d
    crc: 63F7
contorl:
    cacheSize: 50 # unit is MB
    maxActive: 10
`;
const LOCAL_SAMPLE = fileURLToPath(new URL('../../../../config/agent.yml', import.meta.url));
const parse = (text: string) =>
  parseConfig(text, { file: '/etc/gofd/agent.yml', env: {} }, AgentConfig);

function problemKeysOf(text: string): readonly string[] {
  try {
    parse(text);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ key }) => key);
  }
}

describe("an agent's configuration", () => {
  it("the reference's sample loads unchanged", () => {
    expect(parse(REFERENCE_SAMPLE)).toMatchObject({
      name: 'agent',
      downdir: '/Users/xiao/download',
      net: { ip: '127.0.0.1', mgntPort: 45010, dataPort: 45011 },
      control: { cacheSize: 50, maxActive: 10 },
    });
  });

  it('has its downdir relative to the folder of the file', () => {
    const text = REFERENCE_SAMPLE.replace('/Users/xiao/download', './downloads');
    expect(parse(text).downdir).toBe('/etc/gofd/downloads');
  });

  it('of the repository loads, with a downdir that exists', () => {
    const config = loadAgentConfig(LOCAL_SAMPLE);
    expect(config.downdir).toMatch(/\/config\/downloads$/);
    expect(config.credentials.password).toBe('gofd');
  });

  it('B68: keys of a server are refused', () => {
    expect(problemKeysOf(`${REFERENCE_SAMPLE}    speed: 10\nserver: true\n`)).toEqual([
      'control.speed',
      'server',
    ]);
    const text = REFERENCE_SAMPLE.replace('net:', 'net:\n    agentMgntPort: 1');
    expect(problemKeysOf(text)).toEqual(['net.agentMgntPort']);
  });

  const withRack = (rack: string): string =>
    REFERENCE_SAMPLE.replace('net:', `net:\n    rack: ${rack}`);

  it('may name the rack of the host', () => {
    expect(parse(REFERENCE_SAMPLE).net.rack).toBeUndefined();
    expect(parse(withRack('zone-a/r1')).net.rack).toBe('zone-a/r1');
    const longest = 'r'.repeat(MAX_RACK_NAME_CHARS);
    expect(parse(withRack(longest)).net.rack).toBe(longest);
  });

  it.each([
    ['of one character more than fits', 'r'.repeat(MAX_RACK_NAME_CHARS + 1)],
    ['that is empty', '""'],
    ['that is blank', '"  "'],
    ['that is a number', '7'],
    ['that is a list', '[r1]'],
    ['with a line break', '"r\\n1"'],
  ])('with a rack %s is refused', (_what, rack) => {
    expect(problemKeysOf(withRack(rack))).toEqual(['net.rack']);
  });

  it('without downdir is refused', () => {
    expect(problemKeysOf(REFERENCE_SAMPLE.replace(/downdir.*/, ''))).toEqual(['downdir']);
  });

  it('is injected as the very object that was loaded', async () => {
    const config = loadAgentConfig(LOCAL_SAMPLE);
    const module = await Test.createTestingModule({
      imports: [LoadedConfigModule.forRoot(AgentConfig, config)],
    }).compile();
    expect(module.get(AgentConfig)).toBe(config);
  });

  it('may name a server to announce itself to, its zone and labels', () => {
    const keys = 'server: https://gofd.example:45000\nzone: b\nlabels: role=web, env=prod\n';
    const config = parse(keys + REFERENCE_SAMPLE);
    expect(config).toMatchObject({ server: 'https://gofd.example:45000', zone: 'b' });
    expect(config.labels).toBe('role=web, env=prod');
  });

  it.each([
    ['server', 'gofd.example:45000'],
    ['server', 'ftp://gofd.example'],
    ['server', 'http://user:password@gofd.example'],
    ['server', 'http://gofd.example/api'],
    ['labels', 'web'],
    ['labels', 'role=web, role=db'],
    ['labels', 'zone=b'],
  ])('refuses %s: %s', (key, value) => {
    expect(problemKeysOf(`${key}: ${value}\n${REFERENCE_SAMPLE}`)).toEqual([key]);
  });
});
