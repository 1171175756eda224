import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendRaw } from '../../../test/raw-http.ts';
import {
  CREDENTIALS,
  SMALL_LIMIT_BYTES,
  startSampleApp,
  type SampleApp,
} from '../../../test/sample-app.ts';
import { DEFAULT_BODY_LIMIT_BYTES } from './body-limit.decorator.ts';
import { MAX_JSON_DEPTH } from './json-scanner.ts';

const BASIC = `Basic ${Buffer.from(`${CREDENTIALS.username}:${CREDENTIALS.password}`).toString('base64')}`;
const JSON_TYPE = { 'Content-Type': 'application/json' };
let sample: SampleApp;

beforeAll(async () => {
  sample = await startSampleApp({ bodyTimeoutMs: 200, maxSignInFailures: Infinity });
});
afterAll(() => sample.app.close());

async function call(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: string | Uint8Array<ArrayBuffer>,
) {
  const url = `http://127.0.0.1:${sample.port}${path}`;
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

const signedIn = (method: string, path: string) => call(method, path, { Authorization: BASIC });
const post = (
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = JSON_TYPE,
  path = '/things',
) => call('POST', path, { Authorization: BASIC, ...headers }, body);

describe('the guard', () => {
  const encode = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

  it.each([
    ['nothing', undefined],
    ['an empty header', ''],
    ['another scheme', 'Bearer abc'],
    ['a scheme alone', 'Basic'],
    ['text that is not base64', 'Basic ***'],
    ['no colon', encode('gofd')],
    ['no password', encode('gofd:')],
    ['no user', encode(':päss:word')],
    ['another user', encode('root:päss:word')],
    ['another password', encode('gofd:wrong')],
    ['a password that only begins right', encode('gofd:päss')],
    ['8 KiB of user', encode(`${'u'.repeat(6_000)}:x`)],
  ])('S01: refuses %s with 401 and always the same body', async (_what, header) => {
    const answer = await call(
      'GET',
      '/things/7',
      header === undefined ? {} : { Authorization: header },
    );
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Basic realm="gofd", charset="UTF-8"');
    expect(answer.body).toEqual({
      statusCode: 401,
      code: 'UNAUTHORIZED',
      message: 'sign in with the user name and password of the fleet',
    });
  });

  it('lets the right user in, whatever the case of the scheme', async () => {
    expect((await signedIn('GET', '/things/7')).body).toEqual({ id: '7' });
    const lower = await call('GET', '/things/7', {
      Authorization: BASIC.replace('Basic', 'basic'),
    });
    expect(lower.status).toBe(200);
  });

  it('asks for no password on a public route, and for one on HEAD', async () => {
    expect((await call('GET', '/things/health', {})).body).toEqual({ status: 'ok' });
    expect((await call('HEAD', '/things/7', {})).status).toBe(401);
  });

  it('answers before the body of a stranger is read', async () => {
    const head = `POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 999999999\r\nConnection: close\r\n\r\n`;
    expect(await sendRaw(sample.port, head)).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('S12: logs the refusal without the header', async () => {
    await call('GET', '/things/secret-path', { Authorization: encode('gofd:guessed-password') });
    expect(sample.lines.at(-1)).toContain('request refused code=UNAUTHORIZED');
    expect(sample.lines.join('')).not.toMatch(/guessed|Z29mZDp/);
  });
});

describe('the body', () => {
  it('arrives as the object that was sent, validated', async () => {
    expect((await post('{"id": "a", "count": 3}')).body).toEqual({ id: 'a', count: 3 });
  });

  const unpaired = String.raw`{"id": "\ud800"}`;
  const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  it.each<[string, string | Uint8Array<ArrayBuffer>, number, string, string?]>([
    ['an empty body', '', 400, 'BAD_JSON'],
    ['text', 'hello', 400, 'BAD_JSON'],
    ['half an object', '{"id": ', 400, 'BAD_JSON'],
    ['a comment', '{"id": "a" /* x */}', 400, 'BAD_JSON'],
    ['a trailing comma', '{"id": "a",}', 400, 'BAD_JSON'],
    ['NaN', '{"id": "a", "count": NaN}', 400, 'BAD_JSON'],
    ['a byte order mark', '\uFEFF{"id": "a"}', 400, 'BAD_JSON'],
    ['bytes that are not UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), 400, 'BAD_JSON'],
    ['half of a surrogate pair', unpaired, 400, 'BAD_JSON'],
    ['too many levels', `{"id": ${nested(MAX_JSON_DEPTH)}}`, 400, 'BAD_JSON'],
    ['null', 'null', 400, 'BODY_NOT_OBJECT'],
    ['a list', '[{"id": "a"}]', 400, 'BODY_NOT_OBJECT'],
    ['a number', '7', 400, 'BODY_NOT_OBJECT'],
    ['a text', '"a"', 400, 'BODY_NOT_OBJECT'],
    ['a doubled key', '{"id": "a", "id": "b"}', 400, 'DUPLICATE_KEY', 'id'],
    [
      'a key doubled by an escape',
      String.raw`{"id": "a", "\u0069d": "b"}`,
      400,
      'DUPLICATE_KEY',
      'id',
    ],
    [
      'a key doubled further down',
      '{"id": [{}, {"x": 1, "x": 2}]}',
      400,
      'DUPLICATE_KEY',
      'id[1].x',
    ],
    ['__proto__', '{"id": "a", "__proto__": {}}', 400, 'FIELD_UNKNOWN', '__proto__'],
    ['constructor', '{"id": "a", "x": {"constructor": 1}}', 400, 'FIELD_UNKNOWN', 'x.constructor'],
    ['prototype', '{"id": "a", "prototype": 1}', 400, 'FIELD_UNKNOWN', 'prototype'],
    ['no id', '{}', 400, 'FIELD_MISSING', 'id'],
    ['a null id', '{"id": null}', 400, 'FIELD_NULL', 'id'],
    ['a number for an id', '{"id": 7}', 400, 'FIELD_TYPE', 'id'],
    ['text for a number', '{"id": "a", "count": "3"}', 400, 'FIELD_TYPE', 'count'],
    ['an unknown field', '{"id": "a", "color": 1}', 400, 'FIELD_UNKNOWN', 'color'],
  ])('is refused when it is %s', async (_what, body, status, code, field) => {
    const answer = await post(body);
    expect([answer.status, answer.body.statusCode, answer.body.code]).toEqual([
      status,
      status,
      code,
    ]);
    expect(answer.body.details?.[0].field).toBe(field);
  });

  it('lists every field that is wrong', async () => {
    const { body } = await post('{"id": 1, "count": "x", "more": 1}');
    expect(body.details.map((d: { field: string }) => d.field).sort()).toEqual([
      'count',
      'id',
      'more',
    ]);
    expect(body.code).toBe(body.details[0].code);
  });

  it.each([
    ['no type', {}, 415],
    ['a form', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415],
    ['another type that begins alike', { 'Content-Type': 'application/json5' }, 415],
    ['another character set', { 'Content-Type': 'application/json; charset=latin1' }, 415],
    ['a compressed body', { ...JSON_TYPE, 'Content-Encoding': 'gzip' }, 415],
    ['the character set UTF-8', { 'Content-Type': 'application/json; charset=UTF-8' }, 200],
    ['another case', { 'Content-Type': 'Application/JSON' }, 200],
    ['the identity encoding', { ...JSON_TYPE, 'Content-Encoding': 'identity' }, 200],
  ])('sent with %s is answered accordingly', async (_what, headers, status) => {
    const bytes = new TextEncoder().encode('{"id": "a"}');
    const answer = await post(bytes, headers);
    expect(answer.status).toBe(status);
    if (status === 415) expect(answer.body.code).toBe('UNSUPPORTED_MEDIA_TYPE');
  });

  it('may be as large as the route allows and not one byte larger', async () => {
    const ofSize = (bytes: number): string => `{"id": "${'x'.repeat(bytes - 10)}"}`;
    expect((await post(ofSize(SMALL_LIMIT_BYTES), JSON_TYPE, '/things/small')).status).toBe(200);
    const over = await post(ofSize(SMALL_LIMIT_BYTES + 1), JSON_TYPE, '/things/small');
    expect([over.status, over.body.code]).toEqual([413, 'BODY_TOO_LARGE']);
    expect((await post(ofSize(DEFAULT_BODY_LIMIT_BYTES))).status).toBe(200);
    expect((await post(ofSize(DEFAULT_BODY_LIMIT_BYTES + 1))).status).toBe(413);
  });

  it('without a length is counted while it comes', async () => {
    const head = `POST /things/small HTTP/1.1\r\nHost: x\r\nAuthorization: ${BASIC}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`;
    const chunk = `14\r\n${'x'.repeat(20)}\r\n`;
    expect(await sendRaw(sample.port, head + chunk + chunk)).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('that does not come in time is answered 408 and its connection closed', async () => {
    const head = `POST /things HTTP/1.1\r\nHost: x\r\nAuthorization: ${BASIC}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`;
    const answer = await sendRaw(sample.port, head);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('REQUEST_TIMEOUT');
  });

  it('whose sender leaves disturbs nobody', async () => {
    const head = `POST /things HTTP/1.1\r\nHost: x\r\nAuthorization: ${BASIC}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`;
    await new Promise<void>((resolve) => {
      const socket = connect(sample.port, '127.0.0.1', () => {
        socket.write(head, () => socket.destroy());
      });
      socket.on('close', () => resolve());
    });
    expect((await post('{"id": "a"}')).status).toBe(200);
  });

  it('B84: an empty object is no thing', async () => {
    expect((await post('{}')).body.code).toBe('FIELD_MISSING');
  });
});

describe('the answer', () => {
  it.each([
    ['an unknown path', 'GET', '/nothing', 404, 'ROUTE_NOT_FOUND', null],
    ['a path that cannot be decoded', 'GET', '/things/%ff', 404, 'ROUTE_NOT_FOUND', null],
    ['another method', 'PATCH', '/things/7', 405, 'METHOD_NOT_ALLOWED', 'DELETE, GET, HEAD'],
    ['OPTIONS', 'OPTIONS', '/things', 405, 'METHOD_NOT_ALLOWED', 'POST'],
    ['GET where only POST is', 'GET', '/things', 405, 'METHOD_NOT_ALLOWED', 'POST'],
    ['an error of the application', 'GET', '/things/missing', 404, 'TASK_NOT_EXISTED', null],
  ])('to %s has one code', async (_what, method, path, status, code, allow) => {
    const answer = await signedIn(method, path);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.headers.get('allow')).toBe(allow);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  });

  it('to an error that nobody expected has an id, and the log alone has the rest', async () => {
    const { status, body } = await signedIn('GET', '/things/broken');
    expect([status, body.code]).toEqual([500, 'INTERNAL']);
    expect(JSON.stringify(body)).not.toContain('secret detail');
    expect(sample.lines.at(-1)).toContain(`requestId=${body.requestId}`);
    expect(sample.lines.at(-1)).toContain('secret detail');
  });

  it('tells nothing of what it was made with, and has no ETag', async () => {
    const { headers } = await signedIn('GET', '/things/7');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('etag')).toBeNull();
  });

  it('ignores a query string', async () => {
    expect((await signedIn('GET', '/things/7?id=8&__proto__[x]=1')).body).toEqual({ id: '7' });
  });

  it('S13: a path with an escape sequence leaves the log as it was', async () => {
    await call('GET', '/things/%1b%5b2K%0aINFO', {});
    expect(sample.lines.join('').replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  it.each([
    ['what is no HTTP', 'hello\r\n\r\n', 400, 'BAD_REQUEST'],
    [
      'headers beyond 16 KiB',
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
    [
      'a path beyond 16 KiB',
      `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
    [
      'a length and chunks at once',
      'POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
      'BAD_REQUEST',
    ],
    [
      'two lengths',
      'POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n',
      400,
      'BAD_REQUEST',
    ],
  ])('to %s is JSON too, and the connection ends', async (_what, bytes, status, code) => {
    const answer = await sendRaw(sample.port, bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({
      statusCode: status,
      code,
    });
  });
});
