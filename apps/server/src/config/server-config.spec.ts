import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from 'vitest';
import {
  ConfigError,
  LoadedConfigModule,
  MAX_SPEED_MIB_PER_SECOND,
  parseConfig,
  type ConfigProblem,
} from '@gofd/service-kit';
import { loadServerConfig, MAX_SOURCE_ROOTS, ServerConfig } from './server-config.schema.ts';

/** The sample of the reference's documentation, misspelt keys, comments and all. */
const REFERENCE_SAMPLE = `name: server #名称
log: /Users/xiao/gofd/config/log.xml #日志配置文件绝对路径
net:
    ip: 127.0.0.1 #监听的IP
    mgntPort: 45000 #管理端口，用于接收客户端的创建任务等Rest接口
    dataPort: 45001 #服务端数据下载端口
    agentMgntPort: 45010 #Agent端的管理端口，用于接收Server下载的管理Rest接口
    agentDataPort: 45011 #Agent端的数据下载端口
    tls:  #管理端口的TLS配置，如果没有配置，则管理端口是采用HTTP
        cert: /Users/xiao/server.crt
        key: /Users/xiao/server.key
auth:
    username: gofd #管理端口与数据端口用于认证的用户名
    passowrd: yrsK+2iiwPqecImH7obTUm1vhnvvQzFmYYiOz5oqaoc= #管理端口与数据端口用于认证的密码
    factor: 9427e80d # passwd加密密钥因子
    crc: 63F7  # passwd加密密钥因子的校验码
contorl:
    speed: 10  # 流量控制，单位为MBps
    cacheSize: 50 # 文件下载的内存缓存大小，单位为MB
    maxActive: 10 # 并发的任务数
`;
const LOCAL_SAMPLE = fileURLToPath(new URL('../../../../config/server.yml', import.meta.url));
const parse = (text: string) => parseConfig(text, { file: 'server.yml', env: {} }, ServerConfig);

function problemsOf(action: () => unknown): readonly ConfigProblem[] {
  try {
    action();
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems;
  }
}

describe("a server's configuration", () => {
  it("B68: the reference's sample loads unchanged", () => {
    const config = parse(REFERENCE_SAMPLE);
    expect(config).toMatchObject({
      name: 'server',
      log: '/Users/xiao/gofd/config/log.xml',
      net: {
        ip: '127.0.0.1',
        mgntPort: 45000,
        dataPort: 45001,
        agentMgntPort: 45010,
        agentDataPort: 45011,
        tls: { cert: '/Users/xiao/server.crt', key: '/Users/xiao/server.key' },
      },
      control: { speed: 10, cacheSize: 50, maxActive: 10 },
    });
    expect(config.control.uploadLimitBytesPerSecond).toBe(10_485_760);
  });

  it('may have the corrected spelling', () => {
    const text = REFERENCE_SAMPLE.replace('contorl', 'control').replace('passowrd', 'password');
    expect(parse(text)).toEqual(parse(REFERENCE_SAMPLE));
  });

  it('that is missing names on disk reports each of them with its line', () => {
    const problems = problemsOf(() => loadServerConfig(LOCAL_SAMPLE.replace('server.yml', 'none')));
    expect(problems).toEqual([{ key: 'file', message: 'does not exist' }]);
  });

  it('of the repository loads, with the password gofd', () => {
    const config = loadServerConfig(LOCAL_SAMPLE);
    expect(config.credentials).toMatchObject({ username: 'gofd', password: 'gofd' });
    expect(config.control).toMatchObject({ speed: 20, cacheSize: 25, maxActive: 5 });
  });

  const sample = readFileSync(LOCAL_SAMPLE, 'utf8');
  it.each([
    ['speed: 20', 'speed: 0', 'control.speed'],
    ['speed: 20', 'speed: -1', 'control.speed'],
    ['speed: 20', 'speed: .nan', 'control.speed'],
    ['speed: 20', 'speed: .inf', 'control.speed'],
    ['speed: 20', `speed: ${MAX_SPEED_MIB_PER_SECOND + 1}`, 'control.speed'],
    ['speed: 20', 'speed: "20"', 'control.speed'],
    ['speed: 20', 'speed: 20\n  peerSpeed: 0', 'control.peerSpeed'],
    ['speed: 20', 'speed: 20\n  peerSpeed: fast', 'control.peerSpeed'],
    ['agentMgntPort: 45010', '', 'net.agentMgntPort'],
    ['agentDataPort: 45011', '', 'net.agentDataPort'],
    ['agentDataPort: 45011', 'agentDataPort: 0', 'net.agentDataPort'],
    ['name: server', 'downdir: x', 'downdir'],
  ])('with "%s" changed to "%s" is refused for %s', (from, to, key) => {
    expect(problemsOf(() => parse(sample.replace(from, to))).map((p) => p.key)).toEqual([key]);
  });

  it.each([
    ['', undefined],
    ['state: ../var', '/etc/var'],
    ['state: /var/lib/gofd', '/var/lib/gofd'],
  ])('keeps its state where it is told, beside the file, or nowhere: %j', (line, folder) => {
    const options = { file: '/etc/gofd/server.yml', env: {} };
    expect(parseConfig(`${line}\n${REFERENCE_SAMPLE}`, options, ServerConfig).state).toBe(folder);
  });

  it.each(['state:', 'state: ""', 'state: [a]', 'state: 7'])('refuses %j', (line) => {
    const problems = problemsOf(() => parse(`${line}\n${REFERENCE_SAMPLE}`));
    expect(problems).toEqual([expect.objectContaining({ key: 'state', line: 1 })]);
  });

  it('S09: may name source roots, beside the file or absolute', () => {
    const text = sample.replace('speed: 20', 'speed: 20\n  sourceRoots: [share, /srv]');
    const options = { file: '/etc/gofd/server.yml', env: {} };
    const { control } = parseConfig(text, options, ServerConfig);
    expect(control).toMatchObject({ sourceRoots: ['/etc/gofd/share', '/srv'] });
    expect(control.sourceHardLinks).toBe(false);
    expect(parse(sample).control.sourceRoots).toBeUndefined();
  });

  it.each([
    ['sourceRoots:', 'control.sourceRoots'],
    ['sourceRoots: []', 'control.sourceRoots'],
    ['sourceRoots: /srv', 'control.sourceRoots'],
    ['sourceRoots: [/srv, 7]', 'control.sourceRoots'],
    ['sourceRoots: [/srv, [/etc]]', 'control.sourceRoots'],
    ['sourceRoots: [""]', 'control.sourceRoots'],
    ['destNetworks: 10.0.0.0/8', 'control.destNetworks'],
    ['destNetworks: [intranet]', 'control.destNetworks'],
    [
      `sourceRoots: [${Array(MAX_SOURCE_ROOTS + 1)
        .fill('/srv')
        .join()}]`,
      'control.sourceRoots',
    ],
    ['sourceHardLinks: yes please', 'control.sourceHardLinks'],
  ])('S09: refuses %j', (line, key) => {
    const text = sample.replace('speed: 20', `speed: 20\n  ${line}`);
    expect(problemsOf(() => parse(text)).map((problem) => problem.key)).toEqual([key]);
  });

  it('S09: takes as many source roots as it may', () => {
    const roots = Array(MAX_SOURCE_ROOTS).fill('/srv').join();
    const { control } = parse(sample.replace('speed: 20', `sourceRoots: [${roots}]`));
    expect(control.sourceRoots).toHaveLength(MAX_SOURCE_ROOTS);
  });

  it('may limit the speed to a fraction of a MiB', () => {
    const { control } = parse(sample.replace('speed: 20', 'speed: 0.5'));
    expect(control.uploadLimitBytesPerSecond).toBe(524_288);
  });

  it('is injected as the very object that was loaded', async () => {
    const config = loadServerConfig(LOCAL_SAMPLE);
    const module = await Test.createTestingModule({
      imports: [LoadedConfigModule.forRoot(ServerConfig, config)],
    }).compile();
    expect(module.get(ServerConfig)).toBe(config);
  });
});
