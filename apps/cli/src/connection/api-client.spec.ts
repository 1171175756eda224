import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiClient, MAX_ANSWER_BYTES } from './api-client.ts';

let server: Server | undefined;
let client: ApiClient | undefined;
afterEach(() => {
  client?.close();
  server?.closeAllConnections();
  server?.close();
});

async function clientOf(listener: RequestListener, timeoutMs?: number): Promise<ApiClient> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = new ApiClient({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { username: 'gofd', password: 'gofd' },
    tls: {},
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  return client;
}

describe('ApiClient', () => {
  it('gives up on a server that does not answer in time', async () => {
    const slow = await clientOf(() => {}, 50);
    await expect(slow.listTasks()).rejects.toMatchObject({
      outcome: 'unreachable',
      message: expect.stringContaining('did not answer in time'),
    });
  });

  it('stops reading an answer that is far too long', async () => {
    const endless = await clientOf((_request, response) => {
      response.end(Buffer.alloc(MAX_ANSWER_BYTES + 1, ' '));
    });
    await expect(endless.listTasks()).rejects.toMatchObject({ outcome: 'unexpected' });
  });

  it('follows no redirect, so that the password goes nowhere else', async () => {
    let calls = 0;
    const moved = await clientOf((request, response) => {
      calls += 1;
      response.writeHead(307, { location: `http://${request.headers.host}/elsewhere` }).end();
    });
    await expect(moved.listTasks()).rejects.toMatchObject({ options: { code: 'HTTP_307' } });
    expect(calls).toBe(1);
  });

  it('gives up a call when its signal is aborted', async () => {
    const interrupt = new AbortController();
    const hanging = await clientOf(() => interrupt.abort());
    await expect(hanging.getTask('a', interrupt.signal)).rejects.toThrow();
  });
});
