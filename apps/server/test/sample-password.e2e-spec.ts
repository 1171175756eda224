/** S22: the server of a copied sample does not listen where others can connect. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ConfigError } from '@gofd/service-kit';
import { startServer } from '../src/start-server.ts';

let folder: string;
let ports: readonly [number, number];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gofd-sample-'));
  ports = [await freePort(), await freePort()];
});
afterEach(() => rmSync(folder, { recursive: true }));

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

function configFile(ip: string, more = ''): string {
  const [mgntPort, dataPort] = ports;
  const file = join(folder, 'server.yml');
  writeFileSync(join(folder, 'log.yml'), 'console: false\nfile: { path: log.txt }\n');
  writeFileSync(
    file,
    `log: log.yml
state: state
net: { ip: ${ip}, advertise: 127.0.0.1, mgntPort: ${mgntPort}, dataPort: ${dataPort}, agentMgntPort: 9, agentDataPort: 10 }
auth: { username: gofd, passowrd: yrsK+2iiwPqecImH7obTUm1vhnvvQzFmYYiOz5oqaoc=, factor: 9427e80d${more} }
`,
  );
  return file;
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

it('refuses to start on every interface, and opens neither port', async () => {
  const error: unknown = await startServer(configFile('0.0.0.0')).catch(
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConfigError);
  expect((error as ConfigError).problems.map(({ key }) => key)).toEqual(['auth.password']);
  for (const port of ports) expect(await canConnect(port)).toBe(false);
});

it.each([
  ['on loopback', '127.0.0.1', ''],
  ['with permission', '0.0.0.0', ', allowSamplePassword: true'],
])('starts %s', async (_how, ip, more) => {
  const service = await startServer(configFile(ip, more));
  for (const port of ports) expect(await canConnect(port)).toBe(true);
  await service.close();
});
