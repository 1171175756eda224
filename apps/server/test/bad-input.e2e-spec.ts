/** One bad input, one exact code, and nothing else happens. */
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { ErrorBody } from '@gofd/task-model';
import { readBadBodies, type BadBody } from '@gofd/task-model/testing';
import { someAgents, ServerUnderTest } from './server-under-test.ts';
import { waitUntil } from './wait-until.ts';

/** The rows of a file in bad-inputs. */
function badBodies(file: string): readonly BadBody[] {
  const url = new URL(`bad-inputs/${file}.json`, import.meta.url);
  return readBadBodies(readFileSync(url, 'utf8')).rows;
}

describe('POST /tasks', () => {
  it.each(badBodies('create-task'))('$id: $what', async ({ body, ...expected }) => {
    const server = await ServerUnderTest.start();
    const refused = await server.refusal('POST', '/tasks', body);
    expectRefusal(refused, expected);
    expect((await server.call('GET', '/tasks')).body).toEqual({ tasks: [] });
    expect(server.catalog.prepared).toEqual([]);
  });
});

describe('POST /tasks/status', () => {
  it.each(badBodies('report'))('$id: $what', async ({ body, ...expected }) => {
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
    expectRefusal(await server.refusal('POST', '/tasks/status', named), expected);
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
    const { status: found, body } = await server.refusal(method, path);
    expect([found, body.code]).toEqual([status, code]);
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
  expected: Pick<BadBody, 'status' | 'code' | 'field'>,
): void {
  const found = { status, code: body.code, field: body.details?.[0]?.field };
  expect(found).toEqual({ status: expected.status, code: expected.code, field: expected.field });
  expect(body.statusCode).toBe(status);
  expect(body.message).not.toBe('');
}

function many(count: number, prefix: string): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}
