/** What those who run a service look at: metrics, probes, and the id of a request in its answer. */
import { Controller, Get, Module } from '@nestjs/common';
import { describe, expect, it, onTestFinished } from 'vitest';
import { aCapturedLog } from '../../../test/captured-log.ts';
import { Readiness, type Unreadiness } from '../health/readiness.ts';
import { ServiceMetrics } from '../metrics/service-metrics.ts';
import { createHttpApp } from './create-http-app.ts';
import { listen } from './listen.ts';

const CREDENTIALS = { username: 'gofd', password: 'gofd' };
const AUTHORIZATION = `Basic ${Buffer.from('gofd:gofd').toString('base64')}`;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

@Controller('broken')
class BrokenController {
  @Get()
  fail(): never {
    throw new Error('our fault');
  }
}

@Module({ controllers: [BrokenController] })
class BrokenModule {}

async function anApp({ isMetricsPublic = false, problem }: Partial<AppOptions> = {}) {
  const { logger, lines } = aCapturedLog();
  const metrics = new ServiceMetrics('server', '1');
  const readiness = new Readiness(() => problem);
  const app = await createHttpApp(BrokenModule, {
    credentials: CREDENTIALS,
    logger,
    operations: { metrics, isMetricsPublic, readiness },
  });
  const port = await listen(app, '127.0.0.1', 0);
  onTestFinished(() => app.close());
  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers });
  return { get, lines, readiness };
}

interface AppOptions {
  readonly isMetricsPublic: boolean;
  readonly problem: Unreadiness;
}

describe('GET /metrics', () => {
  it('asks for the password', async () => {
    const { get } = await anApp();
    expect((await get('/metrics')).status).toBe(401);
    const answer = await get('/metrics', { authorization: AUTHORIZATION });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await answer.text()).toContain('gofd_request_errors_total{code="UNAUTHORIZED"} 1');
  });

  it('does not where the configuration says so, and nothing else is opened', async () => {
    const { get } = await anApp({ isMetricsPublic: true });
    expect((await get('/metrics')).status).toBe(200);
    expect((await get('/broken')).status).toBe(401);
  });
});

describe('the probes', () => {
  it('say that the process lives, and why it is not ready', async () => {
    const problem = { code: 'STATE_UNAVAILABLE', message: 'the disk is full' };
    const { get, readiness } = await anApp({ problem });
    expect((await get('/health/live')).status).toBe(200);
    const starting = await get('/health/ready');
    expect(starting.status).toBe(503);
    expect(await starting.json()).toMatchObject({ reasons: [{ code: 'STARTING' }] });
    readiness.started();
    const failing = await get('/health/ready');
    expect(failing.status).toBe(503);
    expect(await failing.json()).toEqual({ status: 'notReady', reasons: [problem] });
  });

  it('say that a service is ready', async () => {
    const { get, readiness } = await anApp();
    readiness.started();
    const answer = await get('/health/ready');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ status: 'ready', reasons: [] });
  });
});

describe('the id of a request', () => {
  it('comes back in the answer, and stands in the log and the body of a failure', async () => {
    const { get, lines } = await anApp();
    const headers = { authorization: AUTHORIZATION, 'x-request-id': 'night-7' };
    const answer = await get('/broken', headers);
    expect(answer.headers.get('x-request-id')).toBe('night-7');
    expect(await answer.json()).toMatchObject({ code: 'INTERNAL', requestId: 'night-7' });
    expect(lines.join('')).toContain('requestId=night-7');
  });

  it('is made where there is none, or a bad one, and even when the call is refused', async () => {
    const { get } = await anApp();
    const answers = [await get('/broken'), await get('/nowhere', { 'x-request-id': 'a b' })];
    for (const { headers } of answers) expect(headers.get('x-request-id')).toMatch(UUID);
  });
});
