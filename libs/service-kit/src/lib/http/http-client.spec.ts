import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer, type AddressInfo, type Server as NetServer } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CREDENTIALS } from '../../../test/sample-app.ts';
import { createHttpClient, managementUrl } from './http-client.ts';

const servers: (Server | NetServer)[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) server.close();
});

async function serve(server: Server | NetServer): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return managementUrl('127.0.0.1', (server.address() as AddressInfo).port, undefined);
}

const codeOf = ({ code }: { code: unknown }): unknown => code;

describe('createHttpClient', () => {
  it('follows no redirect, so that the password goes nowhere else', async () => {
    const url = await serve(
      createHttpServer((_, response) => {
        response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end();
      }),
    );
    expect((await createHttpClient({ credentials: CREDENTIALS }).get(url)).status).toBe(302);
  });

  it('goes through no proxy of the environment', async () => {
    const url = await serve(createHttpServer((_, response) => response.end('{}')));
    vi.stubEnv('http_proxy', 'http://127.0.0.1:1');
    expect((await createHttpClient({ credentials: CREDENTIALS }).get(url)).status).toBe(200);
  });

  it('gives up on a server that does not answer in time', async () => {
    const url = await serve(createHttpServer(() => undefined));
    const http = createHttpClient({ credentials: CREDENTIALS, timeoutMs: 50 });
    expect(await http.get(url).catch(codeOf)).toBe('ECONNABORTED');
  });

  it('gives up on a TLS connection that is not made within connectTimeoutMs', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined));
    const url = (await serve(silent)).replace('http:', 'https:');
    const http = createHttpClient({ credentials: CREDENTIALS, connectTimeoutMs: 50 });
    expect(await http.get(url).catch(codeOf)).toBe('ETIMEDOUT');
  });

  it('lets a slow answer come when only connecting is limited', async () => {
    const url = await serve(
      createHttpServer((_, response) => void setTimeout(() => response.end('{}'), 120)),
    );
    const http = createHttpClient({ credentials: CREDENTIALS, connectTimeoutMs: 40 });
    expect((await http.get(url)).status).toBe(200);
  });
});

describe('managementUrl', () => {
  it('puts IPv6 addresses in brackets and speaks https only with a certificate', () => {
    expect(managementUrl('::1', 45000, undefined)).toBe('http://[::1]:45000');
    expect(managementUrl('h', 1, { cert: 'c', key: 'k' })).toBe('https://h:1');
    expect(managementUrl('h', 1, { insecure: true })).toBe('http://h:1');
  });
});
