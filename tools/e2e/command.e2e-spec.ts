/** The gofd command against real services: becoming one, creating, watching, exit codes. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Cluster, isOver } from '../cluster/cluster.ts';
import { serviceMain } from '../cluster/service-process.ts';
import { randomFile, wrongCopies } from './copies.ts';

const MIB = 1024 * 1024;
const EXIT_CONFIG = 78;

let cluster: Cluster | undefined;

afterEach(async () => {
  await cluster?.stop();
  cluster = undefined;
});

async function startCluster(agents: number): Promise<Cluster> {
  cluster = await Cluster.create({ agents });
  await cluster.start();
  return cluster;
}

function gofd(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [serviceMain('cli'), ...args], { encoding: 'utf8' });
}

describe('gofd task', () => {
  it('creates, waits and says that all is in place', async () => {
    const c = await startCluster(3);
    const source = await randomFile(join(c.folder, 'src/build'), 8 * MIB);
    const hosts = c.hosts.flatMap((host) => ['--host', host]);
    const where = ['--server', c.serverUrl, '--user', 'gofd:gofd'];
    const { status, stdout } = gofd(
      ...['task', 'create', '--id', 'cli', '--file', source, ...hosts, '--wait', ...where],
    );
    expect(stdout).toContain('COMPLETED');
    expect(status).toBe(0);
    expect(await wrongCopies(c, [source])).toEqual([]);

    expect(gofd('task', 'list', ...where).stdout).toContain('cli');
    const task = JSON.parse(gofd('task', 'get', 'cli', '--json', ...where).stdout) as object;
    expect(task).toMatchObject({ id: 'cli', status: 'COMPLETED' });
    expect(gofd('task', 'cancel', 'cli', ...where).status).toBe(0);
  });

  it('exits 2 and names the host and the reason when some hosts failed', async () => {
    const c = await startCluster(2);
    const source = await randomFile(join(c.folder, 'src/build'), 1 * MIB);
    const gone = c.hosts[1] ?? '';
    await c.agents[1]?.process?.stop();
    const hosts = c.hosts.flatMap((host) => ['--host', host]);
    const { status, stdout } = gofd(
      ...['task', 'create', '--id', 'part', '--file', source, ...hosts, '--wait'],
      ...['--server', c.serverUrl, '--user', 'gofd:gofd'],
    );
    expect(status).toBe(2);
    expect(stdout).toContain(gone);
    expect(stdout).toContain('AGENT_UNREACHABLE');
  });
});

describe('gofd plan and doctor', () => {
  it('say beforehand what a task then meets, and leave no trace', async () => {
    const c = await startCluster(3);
    const source = await randomFile(join(c.folder, 'src/build'), 1 * MIB);
    const where = ['--server', c.serverUrl, '--user', 'gofd:gofd'];
    const task = ['--file', source, '--host', ...c.hosts];
    const ready = gofd('plan', ...task, ...where);
    expect(ready.stdout).toContain('3 hosts would take it');
    expect(ready.status).toBe(0);
    expect(gofd('task', 'list', ...where).stdout).toBe('no tasks\n');
    expect(c.agents.flatMap(({ downdir }) => readdirSync(downdir))).toEqual([]);

    const [first = '', second = '', third = ''] = c.hosts;
    mkdirSync(join(c.agents[0]?.downdir ?? '', 'build'));
    await c.agents[1]?.process?.stop();
    const plan = gofd('plan', '--json', ...task, ...where);
    expect(plan.status).toBe(2);
    const { hosts } = JSON.parse(plan.stdout) as { hosts: { problems: { code: string }[] }[] };
    const codes = hosts.map(({ problems }) => problems.map(({ code }) => code));
    expect(codes).toEqual([['DEST_NOT_REGULAR'], ['AGENT_UNREACHABLE'], []]);
    expect(gofd('task', 'create', '--id', 'p', ...task, '--wait', ...where).status).toBe(2);
    const failed = gofd('task', 'hosts', 'p', '--state', 'FAILED', ...where).stdout;
    expect(failed).toMatch(new RegExp(`${first} .*DEST_NOT_REGULAR[^]*${second} .*UNREACHABLE`));

    const sick = gofd('doctor', second, ...where);
    expect([sick.status, sick.stdout]).toEqual([2, expect.stringContaining('AGENT_UNREACHABLE')]);
    expect(sick.stdout).toContain('next: ');
    const well = gofd('doctor', third, ...where);
    expect([well.status, well.stdout]).toEqual([0, expect.stringContaining('nothing is wrong')]);
    expect(well.stdout).toMatch(/last tasks +p \(task PARTIAL\): COMPLETED 100\.0 %/);
  });
});

describe('gofd -s and -a', () => {
  it('become the service: the process that was started is the one that serves', async () => {
    const c = await Cluster.create({ agents: 1 });
    cluster = c;
    const agent = c.agents[0];
    const server = spawn(process.execPath, [serviceMain('cli'), '-s', c.serverConfigPath]);
    const worker = spawn(process.execPath, [serviceMain('cli'), '-a', agent?.configPath ?? '']);
    try {
      await c.waitForServer();
      await c.waitForAgent(0);
      const source = await randomFile(join(c.folder, 'src/build'), 2 * MIB);
      await c.call('POST', '/tasks', { id: 's', dispatchFiles: [source], destIPs: c.hosts });
      expect((await c.waitForTask('s', isOver)).status).toBe('COMPLETED');
    } finally {
      const exits = [server, worker].map(
        (child) => new Promise((resolve) => child.once('exit', (code) => resolve(code))),
      );
      server.kill('SIGTERM');
      worker.kill('SIGTERM');
      // Exit code 0, not a signal: the service itself took the SIGTERM.
      expect(await Promise.all(exits)).toEqual([0, 0]);
    }
  });

  it('exit 78 and list every problem of a configuration with its key and line', async () => {
    const c = await Cluster.create({ agents: 1 });
    cluster = c;
    const config = join(c.folder, 'bad.yml');
    writeFileSync(config, 'name: x\nnet:\n  ip: 127.0.0.1\n  mgntPrt: 1\n  dataPort: 70000\n');
    const { status, stderr } = gofd('-s', config);
    expect(status).toBe(EXIT_CONFIG);
    expect(stderr).toMatch(/net\.mgntPrt: .*mgntPort.*bad\.yml:4/);
    expect(stderr).toMatch(/net\.dataPort: .*bad\.yml:5/);
    expect(stderr).toMatch(/auth: /);
  });
});

describe('a server that is gone', () => {
  it('exits 69 and says what to try next', async () => {
    const c = await startCluster(1);
    await c.server?.kill();
    const { status, stderr } = gofd(
      ...['task', 'get', 'gone', '--server', c.serverUrl, '--user', 'gofd:gofd'],
    );
    expect(status).toBe(69);
    expect(stderr).toContain('hint');
  });
});
