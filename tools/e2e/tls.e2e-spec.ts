/** HTTPS on every management port: verified by default, and refused when it cannot be. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Cluster } from '../cluster/cluster.ts';
import { serviceMain } from '../cluster/service-process.ts';
import { waitUntil } from '../cluster/wait-until.ts';
import { randomFile, wrongCopies } from './copies.ts';

const MIB = 1024 * 1024;

let folder = '';
let cluster: Cluster | undefined;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gofd-tls-'));
  makeCertificate('fleet');
  makeCertificate('stranger');
});

afterEach(async () => {
  await cluster?.stop();
  cluster = undefined;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A certificate that is its own authority, good for all loopback addresses of these tests. */
function makeCertificate(name: string): void {
  const addresses = [1, 2, 3].map((last) => `IP:127.0.0.${last}`).join(',');
  const { status, stderr } = spawnSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-days', '2', '-subj', `/CN=${name}`, '-addext', `subjectAltName=${addresses}`],
      ...['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.crt`)],
    ],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`openssl: ${stderr}`);
}

function pem(name: string): string {
  return join(folder, name);
}

async function startTlsCluster(ca: string): Promise<Cluster> {
  const tls = { cert: pem('fleet.crt'), key: pem('fleet.key'), ca };
  cluster = await Cluster.create({ agents: 2, tls });
  cluster.startServer();
  cluster.agents.forEach((_, index) => cluster?.startAgent(index));
  await waitUntil('the server', () => gofd(cluster as Cluster, 'task', 'list').status === 0);
  for (const agent of cluster.agents) {
    await waitUntil('an agent', () => agent.process?.log().includes('agent ready') ?? false);
  }
  return cluster;
}

function gofd(c: Cluster, ...args: string[]): { status: number | null; stdout: string } {
  const where = ['--server', c.serverUrl, '--user', 'gofd:gofd', '--ca', pem('fleet.crt')];
  return spawnSync(process.execPath, [serviceMain('cli'), ...args, ...where], { encoding: 'utf8' });
}

function createArgs(c: Cluster, source: string): string[] {
  const hosts = c.hosts.flatMap((host) => ['--host', host]);
  return ['task', 'create', '--id', 'tls', '--file', source, ...hosts, '--wait'];
}

it('B61: a fleet with its own authority distributes over verified HTTPS', async () => {
  const c = await startTlsCluster(pem('fleet.crt'));
  const source = await randomFile(join(c.folder, 'src/build'), 3 * MIB);
  const { status, stdout } = gofd(c, ...createArgs(c, source));
  expect(stdout).toContain('COMPLETED');
  expect(status).toBe(0);
  expect(await wrongCopies(c, [source])).toEqual([]);
});

it('B61: agents whose certificate is not trusted get nothing, least of all the password', async () => {
  const c = await startTlsCluster(pem('stranger.crt'));
  const source = await randomFile(join(c.folder, 'src/build'), 1 * MIB);
  const { status, stdout } = gofd(c, ...createArgs(c, source));
  expect(status).toBe(1);
  expect(stdout).toContain('AGENT_TLS_REFUSED');
});
