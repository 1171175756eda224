/** One bad input, one exact code, and nothing else happens. */
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { ErrorBody } from '@gofd/task-model';
import { someAgents, ServerUnderTest } from './server-under-test.ts';
import { waitUntil } from './wait-until.ts';

const GOOD = { id: 't1', dispatchFiles: ['/src/a'], destIPs: ['10.0.0.1'] };
const GOOD_REPORT = { taskId: 't1', ip: '10.0.0.1', percentComplete: 50 };

/** [what is wrong, body, status, code, field] */
type Row = readonly [string, unknown, number, string, string?];

const CREATE_ROWS: readonly Row[] = [
  ['B84: empty object', {}, 400, 'FIELD_MISSING', 'id'],
  ['no JSON', '{"id":', 400, 'BAD_JSON'],
  ['an array at the top', '[]', 400, 'BODY_NOT_OBJECT'],
  ['null at the top', 'null', 400, 'BODY_NOT_OBJECT'],
  ['a doubled key', '{"id":"a","id":"b"}', 400, 'DUPLICATE_KEY', 'id'],
  ['a key of every object', '{"__proto__":{"x":1}}', 400, 'FIELD_UNKNOWN', '__proto__'],
  ['an unknown key', { ...GOOD, colour: 'red' }, 400, 'FIELD_UNKNOWN', 'colour'],
  ['id missing', without('id'), 400, 'FIELD_MISSING', 'id'],
  ['id null', { ...GOOD, id: null }, 400, 'FIELD_NULL', 'id'],
  ['id a number', { ...GOOD, id: 7 }, 400, 'FIELD_TYPE', 'id'],
  ['id empty', { ...GOOD, id: '' }, 400, 'INVALID_TASK_ID', 'id'],
  ['id with a slash', { ...GOOD, id: 'a/b' }, 400, 'INVALID_TASK_ID', 'id'],
  ['id that climbs', { ...GOOD, id: 'a..b' }, 400, 'INVALID_TASK_ID', 'id'],
  ['id with a NUL', { ...GOOD, id: 'a\0' }, 400, 'INVALID_TASK_ID', 'id'],
  ['id with a line break', { ...GOOD, id: 'a\r\nb' }, 400, 'INVALID_TASK_ID', 'id'],
  ['id encoded', { ...GOOD, id: '%2e%2e%2f' }, 400, 'INVALID_TASK_ID', 'id'],
  ['id of another alphabet', { ...GOOD, id: '任务' }, 400, 'INVALID_TASK_ID', 'id'],
  ['id that is a route', { ...GOOD, id: 'status' }, 400, 'INVALID_TASK_ID', 'id'],
  ['id of every object', { ...GOOD, id: 'constructor' }, 400, 'INVALID_TASK_ID', 'id'],
  ['B85: id of 121 characters', { ...GOOD, id: 'a'.repeat(121) }, 400, 'INVALID_TASK_ID', 'id'],
  ['files missing', without('dispatchFiles'), 400, 'FIELD_MISSING', 'dispatchFiles'],
  ['files null', files(null), 400, 'FIELD_NULL', 'dispatchFiles'],
  ['files a string', files('/a'), 400, 'FIELD_TYPE', 'dispatchFiles'],
  ['files empty', files([]), 400, 'FIELD_EMPTY', 'dispatchFiles'],
  ['a file that is a number', files([7]), 400, 'FIELD_TYPE', 'dispatchFiles'],
  ['a file that is null', files([null]), 400, 'FIELD_TYPE', 'dispatchFiles'],
  ['10,001 files', files(many(10_001, '/a/f')), 400, 'FIELD_RANGE', 'dispatchFiles'],
  ['a relative file', files(['a/b']), 400, 'SOURCE_NOT_ABSOLUTE', 'dispatchFiles'],
  ['an empty path', files(['']), 400, 'SOURCE_NOT_ABSOLUTE', 'dispatchFiles'],
  ['a path with a NUL', files(['/a\0b']), 400, 'SOURCE_NOT_ABSOLUTE', 'dispatchFiles'],
  ['a path that names a folder', files(['/a/']), 400, 'UNSAFE_PATH', 'dispatchFiles[0]'],
  ['a path that ends in ..', files(['/x', '/a/..']), 400, 'UNSAFE_PATH', 'dispatchFiles[1]'],
  ['a path that ends in .', files(['/a/.']), 400, 'UNSAFE_PATH', 'dispatchFiles[0]'],
  ['a name with an escape', files(['/a\u001b[1m']), 400, 'UNSAFE_PATH', 'dispatchFiles[0]'],
  ['a name of 256 bytes', files([`/${'a'.repeat(256)}`]), 400, 'UNSAFE_PATH', 'dispatchFiles[0]'],
  ['B06: two names', files(['/a/x', '/b/x']), 409, 'DUPLICATE_FILE_NAME', 'dispatchFiles[1]'],
  ['hosts missing', without('destIPs'), 400, 'FIELD_MISSING', 'destIPs'],
  ['hosts null', hosts(null), 400, 'FIELD_NULL', 'destIPs'],
  ['hosts an object', hosts({}), 400, 'FIELD_TYPE', 'destIPs'],
  ['hosts empty', hosts([]), 400, 'FIELD_EMPTY', 'destIPs'],
  ['a host that is a number', hosts([1]), 400, 'FIELD_TYPE', 'destIPs'],
  ['an empty host', hosts(['']), 400, 'INVALID_HOST', 'destIPs'],
  ['the host 0.0.0.0', hosts(['0.0.0.0']), 400, 'INVALID_HOST', 'destIPs'],
  ['the host of everyone', hosts(['255.255.255.255']), 400, 'INVALID_HOST', 'destIPs'],
  ['a short IPv4', hosts(['127.1']), 400, 'INVALID_HOST', 'destIPs'],
  ['a hexadecimal IPv4', hosts(['0x7f000001']), 400, 'INVALID_HOST', 'destIPs'],
  ['IPv6 without brackets', hosts(['::1']), 400, 'INVALID_HOST', 'destIPs'],
  ['a zone id', hosts(['[fe80::1%eth0]']), 400, 'INVALID_HOST', 'destIPs'],
  ['port 0', hosts(['10.0.0.1:0']), 400, 'INVALID_HOST', 'destIPs'],
  ['port 65536', hosts(['10.0.0.1:65536']), 400, 'INVALID_HOST', 'destIPs'],
  ['a host with a path', hosts(['10.0.0.1/x']), 400, 'INVALID_HOST', 'destIPs'],
  ['a host with a user', hosts(['u@10.0.0.1']), 400, 'INVALID_HOST', 'destIPs'],
  ['10,001 hosts', hosts(many(10_001, 'h')), 400, 'FIELD_RANGE', 'destIPs'],
  ['a host twice', hosts(['a', 'b', 'a']), 400, 'DUPLICATE_HOST', 'destIPs[2]'],
  ['a host in capitals again', hosts(['web', 'WEB']), 400, 'DUPLICATE_HOST', 'destIPs[1]'],
  ['the usual port again', hosts(['web', 'web:45010']), 400, 'DUPLICATE_HOST', 'destIPs[1]'],
  ['IPv6 spelt otherwise', hosts(['[::1]', '[0:0::1]']), 400, 'DUPLICATE_HOST', 'destIPs[1]'],
  [
    'IPv4 within IPv6',
    hosts(['10.0.0.1', '[0:0:0:0:0:ffff:a00:1]']),
    400,
    'DUPLICATE_HOST',
    'destIPs[1]',
  ],
];

const REPORT_ROWS: readonly Row[] = [
  ['empty object', {}, 400, 'FIELD_MISSING', 'taskId'],
  ['ip and IP', { ...GOOD_REPORT, IP: '10.0.0.1' }, 400, 'DUPLICATE_KEY', 'ip'],
  ['an unknown key', { ...GOOD_REPORT, mood: 1 }, 400, 'FIELD_UNKNOWN', 'mood'],
  ['taskId null', { ...GOOD_REPORT, taskId: null }, 400, 'FIELD_NULL', 'taskId'],
  ['taskId a number', { ...GOOD_REPORT, taskId: 1 }, 400, 'FIELD_TYPE', 'taskId'],
  ['an unknown task', { ...GOOD_REPORT, taskId: 't2' }, 404, 'TASK_NOT_EXISTED'],
  ['ip missing', { taskId: 't1', percentComplete: 1 }, 400, 'FIELD_MISSING', 'ip'],
  ['ip a number', { ...GOOD_REPORT, ip: 1 }, 400, 'FIELD_TYPE', 'ip'],
  ['a host of no task', { ...GOOD_REPORT, ip: '10.9.9.9' }, 404, 'HOST_NOT_IN_TASK'],
  ['a host that is no host', { ...GOOD_REPORT, ip: '\r\n' }, 404, 'HOST_NOT_IN_TASK'],
  ['percent missing', percent(undefined), 400, 'FIELD_MISSING', 'percentComplete'],
  ['percent null (NaN, Infinity)', percent(NaN), 400, 'FIELD_NULL', 'percentComplete'],
  ['percent a string', percent('100'), 400, 'FIELD_TYPE', 'percentComplete'],
  ['percent -2', percent(-2), 400, 'FIELD_RANGE', 'percentComplete'],
  ['percent -0.5', percent(-0.5), 400, 'FIELD_RANGE', 'percentComplete'],
  ['percent 100.0001', percent(100.0001), 400, 'FIELD_RANGE', 'percentComplete'],
  [
    'percent 1e309',
    '{"taskId":"t1","ip":"10.0.0.1","percentComplete":1e309}',
    400,
    'FIELD_TYPE',
    'percentComplete',
  ],
  ['attempt 0', { ...GOOD_REPORT, attempt: 0 }, 400, 'FIELD_RANGE', 'attempt'],
  ['attempt 1.5', { ...GOOD_REPORT, attempt: 1.5 }, 400, 'FIELD_TYPE', 'attempt'],
  ['another attempt', { ...GOOD_REPORT, attempt: 2 }, 409, 'STALE_REPORT'],
  ['sequence a string', { ...GOOD_REPORT, sequence: '1' }, 400, 'FIELD_TYPE', 'sequence'],
  ['a code of 65 characters', { ...GOOD_REPORT, code: 'A'.repeat(65) }, 400, 'FIELD_RANGE', 'code'],
];

describe('POST /tasks', () => {
  it.each(titled(CREATE_ROWS))('$what', async ({ body, status, code, field }) => {
    const server = await ServerUnderTest.start();
    const refused = await server.refusal('POST', '/tasks', body);
    expectRefusal(refused, status, code, field);
    expect((await server.call('GET', '/tasks')).body).toEqual({ tasks: [] });
    expect(server.catalog.prepared).toEqual([]);
  });
});

describe('POST /tasks/status', () => {
  it.each(titled(REPORT_ROWS))('$what', async ({ body, status, code, field }) => {
    const server = await ServerUnderTest.start();
    const [agent] = await someAgents(1);
    const host = agent?.host ?? '';
    await server.create('t1', [host]);
    await waitUntil('the start call', () => agent?.started.length === 1);
    await server.waitForTask(
      't1',
      ({ dispatchInfos }) => dispatchInfos[host]?.status === 'INPROGRESS',
    );
    const before = await server.view('t1');
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const named = text.replace('10.0.0.1', host);
    expectRefusal(await server.refusal('POST', '/tasks/status', named), status, code, field);
    expect(await server.view('t1')).toEqual(before);
  });
});

describe('paths and methods', () => {
  it.each([
    ['GET', '/tasks/none', 404, 'TASK_NOT_EXISTED'],
    ['DELETE', '/tasks/none', 404, 'TASK_NOT_EXISTED'],
    ['GET', '/tasks/%2e%2e%2fetc', 404, 'TASK_NOT_EXISTED'],
    ['DELETE', '/tasks/constructor', 404, 'TASK_NOT_EXISTED'],
    ['GET', '/nothing', 404, 'ROUTE_NOT_FOUND'],
    ['PUT', '/tasks', 405, 'METHOD_NOT_ALLOWED'],
    ['POST', '/tasks/t1', 405, 'METHOD_NOT_ALLOWED'],
  ])('%s %s answers %i %s', async (method, path, status, code) => {
    const server = await ServerUnderTest.start();
    expectRefusal(await server.refusal(method, path), status, code);
  });

  it('lets nobody in without the password, but for the health check', async () => {
    const { url } = await ServerUnderTest.start();
    for (const path of ['/tasks', '/tasks/t1', '/tasks/status', '/nothing']) {
      const { status } = await fetch(`${url}${path}`);
      expect([path, status]).toEqual([path, path === '/nothing' ? 404 : 401]);
    }
    const health = await fetch(`${url}/health`);
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
  });

  it('takes a create call that is larger than a megabyte', async () => {
    const server = await ServerUnderTest.start();
    const long = many(5_000, `/${'d'.repeat(250)}/file`);
    const { status } = await server.create('large', ['10.0.0.1'], long);
    expect(status).toBe(200);
  });
});

it('refuses a body before the password is checked to no one: 401 comes first', async () => {
  const { url } = await ServerUnderTest.start();
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const call = request(`${url}/tasks`, { method: 'POST' }, ({ statusCode }) =>
      resolve(statusCode),
    );
    call.on('error', reject).end('not even JSON');
  });
  expect(status).toBe(401);
});

function expectRefusal(
  { status, body }: { status: number; body: ErrorBody },
  expectedStatus: number,
  code: string,
  field?: string,
): void {
  expect({ status, code: body.code }).toEqual({ status: expectedStatus, code });
  expect(body.statusCode).toBe(expectedStatus);
  expect(body.message).not.toBe('');
  if (field !== undefined) {
    expect(JSON.stringify(body)).toContain(field);
  }
}

function titled(rows: readonly Row[]) {
  return rows.map(([what, body, status, code, field]) => ({ what, body, status, code, field }));
}

function without(key: keyof typeof GOOD): object {
  return Object.fromEntries(Object.entries(GOOD).filter(([name]) => name !== key));
}

function files(dispatchFiles: unknown): object {
  return { ...GOOD, dispatchFiles };
}

function hosts(destIPs: unknown): object {
  return { ...GOOD, destIPs };
}

function percent(percentComplete: unknown): object {
  return { ...GOOD_REPORT, percentComplete };
}

function many(count: number, prefix: string): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}
