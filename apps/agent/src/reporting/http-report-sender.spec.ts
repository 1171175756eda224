import { describe, expect, it } from 'vitest';
import { createHttpClient } from '@gofd/service-kit';
import { FakeServer, type FakeAnswer } from '../../test/fake-server.ts';
import { HttpReportSender } from './http-report-sender.ts';
import type { ReportAnswer, StatusReport } from './report-sender.port.ts';

const CREDENTIALS = { username: 'gofd', password: 'gofd' };
const AUTHORIZATION = `Basic ${Buffer.from('gofd:gofd').toString('base64')}`;
/** Short: a test waits for it. */
/** A busy machine is slow; only the case without an answer waits for it. */
const TIMEOUT_MS = 2_000;
const REPORT: StatusReport = {
  taskId: 't1',
  ip: '10.0.0.1',
  percentComplete: -1,
  sequence: 5,
  attempt: 2,
  code: 'NO_SPACE',
  message: 'the disk is full',
};

function aSender(serverAddress: string): HttpReportSender {
  const http = createHttpClient({ credentials: CREDENTIALS, timeoutMs: TIMEOUT_MS });
  return new HttpReportSender(http, serverAddress, undefined);
}

function stands(taskStatus: unknown): FakeAnswer {
  return { status: 200, body: { taskId: 't1', taskStatus } };
}

function refused(status: number, code: string): FakeAnswer {
  return { status, body: { statusCode: status, code, message: 'no' } };
}

describe('HttpReportSender', () => {
  it('posts the whole report, signed in', async () => {
    const server = await FakeServer.start();
    expect(await aSender(server.address).send(REPORT)).toBe('taken');
    expect(server.reports).toEqual([{ ...REPORT, authorization: AUTHORIZATION }]);
  });

  it.each<[string, FakeAnswer, ReportAnswer]>([
    ['200 of a task that goes on', stands('INPROGRESS'), 'taken'],
    ['200 of a task that waits', stands('INIT'), 'taken'],
    ['200 and no body, as the reference does', { status: 200 }, 'taken'],
    ['202 and no body', { status: 202 }, 'taken'],
    ['200 and null', { status: 200, body: null }, 'taken'],
    ['200 and a text', { status: 200, body: 'ok' }, 'taken'],
    ["the reference's spelling", stands('INPROGESS'), 'taken'],
    ['a status that nobody knows', stands('constructor'), 'taken'],
    ['a status that is none', stands(7), 'taken'],
    ['200 of a completed task', stands('COMPLETED'), 'taskEnded'],
    ['200 of a cancelled task', stands('CANCELLED'), 'taskEnded'],
    ['200 of a failed task, which may be tried again', stands('FAILED'), 'taskOver'],
    ['200 of a partly done task', stands('PARTIAL'), 'taskOver'],
    ['200 of a task without its source', stands('FILE_NOT_EXISTED'), 'taskOver'],
    ['404: the task is not known', refused(404, 'TASK_NOT_EXISTED'), 'taskOver'],
    ['409: another attempt runs', refused(409, 'STALE_REPORT'), 'taskOver'],
    ['400: it would be refused again', refused(400, 'FIELD_RANGE'), 'taken'],
    ['401: it would be refused again', refused(401, 'UNAUTHORIZED'), 'taken'],
    ['302: somebody else answers', { status: 302 }, 'unreachable'],
    ['408: it did not arrive in time', refused(408, 'REQUEST_TIMEOUT'), 'unreachable'],
    ['429: not now', refused(429, 'TOO_MANY_REQUESTS'), 'unreachable'],
    ['500', refused(500, 'INTERNAL'), 'unreachable'],
    ['502 of a proxy', { status: 502 }, 'unreachable'],
    ['503', { status: 503 }, 'unreachable'],
    ['no answer in time', 'silence', 'unreachable'],
    ['a connection that is cut', 'cut', 'unreachable'],
  ])('reads %s', async (_what, answer, expected) => {
    const server = await FakeServer.start();
    server.answer = answer;
    expect(await aSender(server.address).send(REPORT)).toBe(expected);
    expect(server.reports).toHaveLength(1);
  });

  it('finds nobody where nobody listens', async () => {
    const server = await FakeServer.start();
    const { address } = server;
    await server.stop();
    expect(await aSender(address).send(REPORT)).toBe('unreachable');
  });

  it('finds nobody at what is no address', async () => {
    expect(await aSender('not an address').send(REPORT)).toBe('unreachable');
  });
});
