/** S01: who has no password gets nowhere; the routes are those that the router really has. */
import { request } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import winston from 'winston';
import { createHttpApp, listen } from '@gofd/service-kit';
import { AppModule } from '../src/app.module.ts';
import { ForgetfulTaskStore } from '../src/state/forgetful-task-store.ts';
import { someConsoleFiles } from './some-console-files.ts';
import { FakeSeeder, FakeSourceCatalog } from './fake-seeding.ts';
import { aServerConfig } from './server-under-test.ts';

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

interface Answer {
  readonly status: number | undefined;
  readonly challenge: string | undefined;
  readonly body: string;
}

const PUBLIC = ['GET /', 'GET /api/v1/server/health', 'GET /assets/:name'];
const PROTECTED = [
  'DELETE /api/v1/server/tasks/:id',
  'GET /api/v1/server/agents',
  'GET /api/v1/server/agents/check',
  'GET /api/v1/server/audit',
  'GET /api/v1/server/events',
  'GET /api/v1/server/tasks',
  'GET /api/v1/server/tasks/:id',
  'GET /api/v1/server/tasks/:id/events',
  'GET /api/v1/server/tasks/:id/hosts',
  'GET /docs',
  'GET /docs/openapi.json',
  'PATCH /api/v1/server/tasks/:id',
  'POST /api/v1/server/agents/announce',
  'POST /api/v1/server/tasks',
  'POST /api/v1/server/tasks/:id/retry',
  'POST /api/v1/server/tasks/plan',
  'POST /api/v1/server/tasks/status',
];
const ASSET = 'app-1.js';
const BODY = JSON.stringify({
  statusCode: 401,
  code: 'UNAUTHORIZED',
  message: 'sign in with the user name and password of the fleet',
});

let app: INestApplication;
let port: number;
beforeAll(async () => {
  const config = aServerConfig();
  const logger = winston.createLogger({ silent: true });
  const root = AppModule.register({
    config,
    logger,
    catalog: new FakeSourceCatalog(),
    seeder: new FakeSeeder(),
    store: new ForgetfulTaskStore(),
    consoleFiles: someConsoleFiles(ASSET),
  });
  const { credentials } = config;
  app = await createHttpApp(root, { credentials, logger, maxSignInFailures: Infinity });
  port = await listen(app, '127.0.0.1', 0);
});
afterAll(() => app.close());

/** Every route that the running application answers, as `METHOD path`. */
function routes(): readonly string[] {
  const { router } = app.getHttpAdapter().getInstance() as {
    router: { stack: readonly Layer[] };
  };
  return router.stack
    .flatMap(({ route }) =>
      Object.keys(route?.methods ?? {}).map(
        (method) => `${method.toUpperCase()} ${route?.path ?? ''}`,
      ),
    )
    .sort();
}

function call(route: string, authorization?: string): Promise<Answer> {
  const [method = '', path = ''] = route.replace(':id', 't1').replace(':name', ASSET).split(' ');
  return new Promise((resolve, reject) => {
    const headers = authorization === undefined ? {} : { authorization };
    request({ host: '127.0.0.1', port, method, path, headers, agent: false })
      .on('error', reject)
      .on('response', (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (part: string) => (body += part));
        const challenge = response.headers['www-authenticate'];
        const answer = (): void => resolve({ status: response.statusCode, challenge, body });
        response.on('end', answer);
        // A stream of events has no end of its own.
        if (response.headers['content-type']?.startsWith('text/event-stream')) {
          answer();
          response.destroy();
        }
      })
      .end();
  });
}

function basic(pair: string): string {
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

describe('S01: the server', () => {
  it('has these routes and no other', () => {
    expect(routes()).toEqual([...PUBLIC, ...PROTECTED].sort());
  });

  it.each([
    ['nothing', undefined],
    ['an empty header', ''],
    ['another user', basic('root:gofd')],
    ['another password', basic('gofd:wrong')],
    ['no password', basic('gofd:')],
    ['8 KiB of user', basic(`${'u'.repeat(6_000)}:gofd`)],
    ['another scheme', 'Bearer gofd'],
    ['no base64', 'Basic ***'],
  ])('lets nobody in with %s, and always says the same', async (_what, authorization) => {
    const challenge = 'Basic realm="gofd", charset="UTF-8"';
    for (const route of PROTECTED) {
      const expected = { status: 401, challenge, body: BODY };
      expect([route, await call(route, authorization)]).toEqual([route, expected]);
    }
    for (const route of PUBLIC) expect((await call(route, authorization)).status).toBe(200);
  });

  it('lets the fleet in, whatever the case of the scheme', async () => {
    for (const scheme of ['Basic', 'basic']) {
      for (const route of PROTECTED) {
        const { status } = await call(route, basic('gofd:gofd').replace('Basic', scheme));
        expect([route, status]).not.toEqual([route, 401]);
      }
    }
  });
});
