/** The id of a request: which are taken, and that it is where it should be and nowhere else. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { aCapturedLog } from '../../../test/captured-log.ts';
import { aFolder } from '../../../test/temporary-folder.ts';
import { createHttpClient } from './http-client.ts';
import {
  currentRequestId,
  forRequest,
  keepRequestId,
  MAX_REQUEST_ID_CHARS,
  readRequestId,
} from './request-id.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LONGEST = 'x'.repeat(MAX_REQUEST_ID_CHARS);

describe('the id that a caller gives', () => {
  it.each(['7', 'deploy-2026.11/eu:blue@ci+1=a_b', LONGEST])('is taken: %s', (id) => {
    expect(readRequestId(id)).toBe(id);
  });

  it.each([
    ['too long', `${LONGEST}x`],
    ['empty', ''],
    ['of two words', 'a b'],
    ['with a line break', 'a\nb'],
    ['with a quote', 'a"b'],
    ['not ASCII', 'ä'],
    ['absent', undefined],
    ['given twice', ['a', 'b']],
  ])('is replaced when it is %s', (_what, id) => {
    expect(readRequestId(id)).toMatch(UUID);
  });
});

describe('the id of the current request', () => {
  it('goes along with what the request sets going, and with nothing else', async () => {
    const seen = await Promise.all(
      ['a', 'b'].map((id) =>
        forRequest(id, async () => {
          await setImmediate();
          return currentRequestId();
        }),
      ),
    );
    expect(seen).toEqual(['a', 'b']);
    expect(currentRequestId()).toBeUndefined();
  });

  it('stays with a callback that another request calls', () => {
    let seen: string | undefined;
    const callback = forRequest('a', () => keepRequestId(() => (seen = currentRequestId())));
    forRequest('b', callback);
    expect(seen).toBe('a');
  });

  it('stands in each log line of the request, in both formats', () => {
    const logFile = aFolder().write('log.yml', 'format: json\n');
    const json = aCapturedLog(logFile);
    const line = aCapturedLog();
    for (const { logger } of [json, line]) {
      forRequest('a-1', () => logger.info('with fields', { task: 't' }));
      forRequest('a-2', () => logger.info('without'));
      logger.info('of no request', { requestId: 'its own' });
      logger.info('of nobody');
    }
    expect(
      json.lines.map((text) => (JSON.parse(text) as { requestId?: string }).requestId),
    ).toEqual(['a-1', 'a-2', 'its own', undefined]);
    expect(
      line.lines.map((text) => / requestId=("[^"]*"|\S+)(?: |$)/.exec(text.trim())?.[1]),
    ).toEqual(['a-1', 'a-2', '"its own"', undefined]);
  });

  it('goes with calls to other services', async () => {
    const headers: IncomingMessage['headers'][] = [];
    const server = createServer((request, response) => {
      headers.push(request.headers);
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const client = createHttpClient({ credentials: { username: 'u', password: 'p' } });
    const url = `http://127.0.0.1:${port}/`;
    await forRequest('a-1', () => client.get(url));
    await client.get(url);
    expect(headers.map((sent) => sent['x-request-id'])).toEqual(['a-1', undefined]);
  });
});
