import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiError, calls } from '@gofd/api-client';
import { MAX_ANSWER_BYTES } from './node-transport.ts';
import { ServerCalls, toCliError } from './server-calls.ts';

let server: Server | undefined;
let client: ServerCalls | undefined;
afterEach(() => {
  client?.close();
  server?.closeAllConnections();
  server?.close();
});

async function clientOf(listener: RequestListener, timeoutMs?: number): Promise<ServerCalls> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = new ServerCalls({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { username: 'gofd', password: 'gofd' },
    tls: {},
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  return client;
}

describe('ServerCalls', () => {
  it('gives up on a server that does not answer in time', async () => {
    const slow = await clientOf(() => {}, 50);
    await expect(slow.ask(calls.listTasks())).rejects.toMatchObject({
      outcome: 'unreachable',
      message: expect.stringContaining('did not answer in time'),
    });
  });

  it('stops reading an answer that is far too long', async () => {
    const endless = await clientOf((_request, response) => {
      response.end(Buffer.alloc(MAX_ANSWER_BYTES + 1, ' '));
    });
    await expect(endless.ask(calls.listTasks())).rejects.toMatchObject({ outcome: 'unexpected' });
  });

  it('follows no redirect, so that the password goes nowhere else', async () => {
    let callCount = 0;
    const moved = await clientOf((request, response) => {
      callCount += 1;
      response.writeHead(307, { location: `http://${request.headers.host}/elsewhere` }).end();
    });
    await expect(moved.ask(calls.listTasks())).rejects.toMatchObject({
      options: { code: 'HTTP_307' },
    });
    expect(callCount).toBe(1);
  });

  it('gives up a call when its signal is aborted', async () => {
    const interrupt = new AbortController();
    const hanging = await clientOf(() => interrupt.abort());
    await expect(hanging.ask(calls.getTask('a'), interrupt.signal)).rejects.toThrow();
  });
});

describe('answers that are not success', () => {
  const URL = 'http://10.0.0.1';

  it.each([
    [400, 'refused'],
    [401, 'signIn'],
    [403, 'signIn'],
    [404, 'refused'],
    [409, 'refused'],
    [302, 'unexpected'],
    [500, 'unexpected'],
    [507, 'unexpected'],
  ])('%d means %s, with the code of the body', (statusCode, outcome) => {
    const text = '{"code":"SOME","message":"words"}';
    expect(toCliError(ApiError.fromAnswer(statusCode, text), URL)).toMatchObject({
      outcome,
      message: 'words',
      options: { code: 'SOME', answerJson: text },
    });
  });

  it('names the status when the body is not ours', () => {
    const error = toCliError(ApiError.fromAnswer(502, '<html>Bad gateway</html>'), URL);
    expect(error).toMatchObject({
      outcome: 'unexpected',
      message: 'http://10.0.0.1 answered 502, and not as a GoFD server does',
      options: { code: 'HTTP_502' },
    });
    expect(error.options.answerJson).toBeUndefined();
  });
});
