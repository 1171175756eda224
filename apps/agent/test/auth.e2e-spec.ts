/** S01: who has no password gets nowhere; the routes are those that the router really has. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { INestApplication } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataPlane } from '@gofd/p2p-driver';
import { createHttpApp, createLogger, listen } from '@gofd/service-kit';
import { AppModule } from '../src/app.module.ts';
import { loadAgentConfig } from '../src/config/agent-config.schema.ts';

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

const PUBLIC = ['GET /api/v1/agent/health'];
const PROTECTED = [
  'DELETE /api/v1/agent/tasks/:id',
  'GET /api/v1/agent',
  'GET /api/v1/agent/tasks/:id',
  'PATCH /api/v1/agent/tasks/:id',
  'POST /api/v1/agent/plan',
  'POST /api/v1/agent/tasks',
  'POST /api/v1/agent/tasks/start',
];
const CONFIG = `name: agent
downdir: .
net: { ip: 127.0.0.1, mgntPort: 45010, dataPort: 45011 }
auth: { username: gofd, password: LFFex2mDcetFDnghcZqpz0z/zbzYhRLBj58fnAs45uc=, factor: 802cbde8 }
`;

let app: INestApplication;
let port: number;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gofd-agent-auth-'));
  writeFileSync(join(folder, 'agent.yml'), CONFIG);
  const config = loadAgentConfig(join(folder, 'agent.yml'));
  const stdout = new Writable({ write: (_chunk, _encoding, done) => done() });
  const logger = createLogger({ name: 'agent', stdout });
  const dataPlane = new DataPlane({
    cacheBytes: 1,
    uploadBytesPerSecond: 1,
    authenticate: () => Promise.resolve(false),
    headerFor: () => undefined,
    parseAddress: () => undefined,
    refused: () => undefined,
  });
  const root = AppModule.register({ config, logger, dataPlane });
  app = await createHttpApp(root, {
    credentials: config.credentials,
    logger,
    maxSignInFailures: Infinity, // S03 has tests of its own
  });
  port = await listen(app, '127.0.0.1', 0);
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

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

function statusOf(route: string, authorization?: string): Promise<number | undefined> {
  const [method = '', path = ''] = route.replace(':id', 't1').split(' ');
  return new Promise((resolve, reject) => {
    const headers = authorization === undefined ? {} : { authorization };
    request({ host: '127.0.0.1', port, method, path, headers, agent: false })
      .on('error', reject)
      .on('response', (response) => {
        response.resume();
        resolve(response.statusCode);
      })
      .end();
  });
}

function basic(pair: string): string {
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

describe('S01: the agent', () => {
  it('has these routes and no other', () => {
    expect(routes()).toEqual([...PUBLIC, ...PROTECTED].sort());
  });

  it.each([
    ['nothing', undefined],
    ['an empty header', ''],
    ['another user', basic('root:gofd')],
    ['another password', basic('gofd:wrong')],
    ['no password', basic('gofd:')],
    ['another scheme', 'Bearer gofd'],
    ['no base64', 'Basic ***'],
  ])('lets nobody in with %s, on any route but health', async (_what, authorization) => {
    for (const route of routes()) {
      const expected = PUBLIC.includes(route) ? 200 : 401;
      expect([route, await statusOf(route, authorization)]).toEqual([route, expected]);
    }
  });

  it('lets the fleet in', async () => {
    for (const route of PROTECTED) {
      expect([route, await statusOf(route, basic('gofd:gofd'))]).not.toEqual([route, 401]);
    }
  });
});
