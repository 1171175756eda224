/** The console's files as the server hands them out: to everybody, and nothing but them. */
import { request } from 'node:http';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { gunzipSync } from 'node:zlib';
import type { INestApplication } from '@nestjs/common';
import { afterEach, describe, expect, it } from 'vitest';
import winston from 'winston';
import { createHttpApp, listen } from '@gofd/service-kit';
import { AppModule } from '../src/app.module.ts';
import { readConsoleFiles, type ConsoleFiles } from '../src/console/console-files.ts';
import { ForgetfulTaskStore } from '../src/state/forgetful-task-store.ts';
import { FakeSeeder, FakeSourceCatalog } from './fake-seeding.ts';
import { aServerConfig } from './server-under-test.ts';
import { CONSOLE_PAGE, CONSOLE_SCRIPT, someConsoleFiles } from './some-console-files.ts';

const ASSET = 'app-1.js';

let app: INestApplication | undefined;
afterEach(() => app?.close());

async function serve(consoleFiles: ConsoleFiles | undefined): Promise<number> {
  const config = aServerConfig();
  const logger = winston.createLogger({ silent: true });
  const root = AppModule.register({
    config,
    logger,
    catalog: new FakeSourceCatalog(),
    seeder: new FakeSeeder(),
    store: new ForgetfulTaskStore(),
    consoleFiles,
  });
  app = await createHttpApp(root, { credentials: config.credentials, logger });
  return listen(app, '127.0.0.1', 0);
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** The path as it stands; `fetch` would tidy it. */
function get(port: number, path: string, method = 'GET', encoding = 'identity'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { 'accept-encoding': encoding };
    request({ host: '127.0.0.1', port, path, method, headers, agent: false })
      .on('error', reject)
      .on('response', (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          const { statusCode: status } = response;
          resolve({ status, headers: response.headers, body: Buffer.concat(parts) });
        });
      })
      .end();
  });
}

describe('the console of the server', () => {
  it('is a page that may run its own files and nothing else, and is asked for again', async () => {
    const { status, headers, body } = await get(await serve(someConsoleFiles(ASSET)), '/');
    expect({ status, body: body.toString() }).toEqual({ status: 200, body: CONSOLE_PAGE });
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
    });
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|http|\*/);
  });

  it('has assets that are kept for good, packed for whoever takes that', async () => {
    const port = await serve(someConsoleFiles(ASSET));
    const plain = await get(port, `/assets/${ASSET}`);
    expect(plain.body.toString()).toBe(CONSOLE_SCRIPT);
    expect(plain.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    const packed = await get(port, `/assets/${ASSET}`, 'GET', 'gzip, br');
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(packed.body).toString()).toBe(CONSOLE_SCRIPT);
  });

  it.each(['/', `/assets/${ASSET}`])('answers HEAD %s without a body', async (path) => {
    const port = await serve(someConsoleFiles(ASSET));
    const [head, full] = [await get(port, path, 'HEAD'), await get(port, path)];
    expect(head).toMatchObject({ status: 200, body: Buffer.alloc(0) });
    expect(head.headers['content-length']).toBe(String(full.body.length));
    expect(head.headers['content-type']).toBe(full.headers['content-type']);
  });

  it.each([
    '/assets/',
    '/assets/other.js',
    `/assets/${ASSET}.map`,
    '/assets/../index.html',
    '/assets/..%2findex.html',
    '/assets/..%2f..%2f..%2fetc%2fpasswd',
    '/assets/%2e%2e/index.html',
    '/assets/..\\index.html',
    '/assets/%00',
    '/assets/__proto__',
    '/index.html',
  ])('has nothing at %s', async (path) => {
    const { status, body } = await get(await serve(someConsoleFiles(ASSET)), path);
    expect(status).toBe(404);
    expect(JSON.parse(body.toString())).toMatchObject({ code: 'ROUTE_NOT_FOUND' });
  });

  it('takes no other method', async () => {
    const { status, headers } = await get(await serve(someConsoleFiles(ASSET)), '/', 'POST');
    expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: 'GET, HEAD' });
  });

  it('says so where it is not installed, and the rest of the server works', async () => {
    const port = await serve(readConsoleFiles(join(tmpdir(), 'gofd-there-is-no-such-folder')));
    const { status, headers, body } = await get(port, '/');
    expect({ status, type: headers['content-type'] }).toEqual({
      status: 404,
      type: 'text/html; charset=utf-8',
    });
    expect(body.toString()).toContain('The console is not installed here');
    expect((await get(port, `/assets/${ASSET}`)).status).toBe(404);
    expect((await get(port, '/api/v1/server/health')).status).toBe(200);
  });
});
