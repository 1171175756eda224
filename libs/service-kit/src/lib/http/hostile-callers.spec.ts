/** S03 and S19: who guesses passwords, and pages of other sites. */
import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { CREDENTIALS, startSampleApp, type SampleApp } from '../../../test/sample-app.ts';
import { LOCK_FIRST_MS, MAX_SIGN_IN_FAILURES } from './sign-in-failures.ts';

const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;
const RIGHT = basic(`${CREDENTIALS.username}:${CREDENTIALS.password}`);
const WRONG = basic('gofd:guess');

let sample: SampleApp;
let nowMs = 0;
afterEach(() => sample.app.close());

async function start(): Promise<void> {
  nowMs = 0;
  sample = await startSampleApp({ nowMs: () => nowMs });
}

interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  /** Address of this machine that the call comes from. */
  readonly from?: string;
}

function call({ method = 'GET', path = '/things/7', headers = {}, from = '127.0.0.1' }: Call) {
  return new Promise<{ status: number; retryAfter: string | undefined; code: string | undefined }>(
    (resolve, reject) => {
      const { port } = sample;
      const options = { host: '127.0.0.1', port, method, path, headers, localAddress: from };
      request({ ...options, agent: false })
        .on('error', reject)
        .on('response', (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part: string) => (text += part));
          response.on('end', () => {
            const retryAfter = response.headers['retry-after'];
            const { code } = JSON.parse(text) as { code?: string };
            resolve({ status: response.statusCode ?? 0, retryAfter, code });
          });
        })
        .end();
    },
  );
}

const signIn = (authorization: string, from?: string) =>
  call({ headers: { authorization }, ...(from !== undefined && { from }) });

describe('S03: an address that guesses', () => {
  it('is shut out after MAX_SIGN_IN_FAILURES, other addresses are not, and it may come back', async () => {
    await start();
    for (let failed = 0; failed < MAX_SIGN_IN_FAILURES; failed++) {
      expect((await signIn(WRONG)).status).toBe(401);
    }
    const refusal = { status: 429, retryAfter: '1', code: 'TOO_MANY_FAILURES' };
    expect(await signIn(WRONG)).toEqual(refusal);
    expect(await signIn(RIGHT)).toEqual(refusal);
    expect((await signIn(RIGHT, '127.0.0.2')).status).toBe(200);
    expect((await call({ path: '/things/health' })).status).toBe(200);
    nowMs += LOCK_FIRST_MS;
    expect((await signIn(RIGHT)).status).toBe(200);
    expect((await signIn(WRONG)).status).toBe(401);
    expect((await signIn(RIGHT)).status).toBe(200);
  });

  it('is not one that has no credentials at all: browsers ask like that', async () => {
    await start();
    for (let asked = 0; asked <= 2 * MAX_SIGN_IN_FAILURES; asked++) {
      expect((await call({})).status).toBe(401);
    }
    expect((await signIn(RIGHT)).status).toBe(200);
  });
});

describe('S19: a page of another site', () => {
  const callFrom = (headers: Record<string, string>) =>
    call({ method: 'DELETE', headers: { authorization: RIGHT, ...headers } });

  it.each<[string, Record<string, string>]>([
    ['of another host', { origin: 'https://evil.example' }],
    ['that hides its origin', { origin: 'null' }],
    ['of another port', { origin: 'http://127.0.0.1:1' }],
    ['of another site', { 'sec-fetch-site': 'cross-site' }],
    ['of a sister host', { 'sec-fetch-site': 'same-site' }],
  ])('%s is refused with the right password', async (_what, headers) => {
    await start();
    expect(await callFrom(headers)).toMatchObject({ status: 403, code: 'ORIGIN_FORBIDDEN' });
  });

  it('is none that this service has served, nor a script, nor the user', async () => {
    await start();
    const origin = `http://127.0.0.1:${sample.port}`;
    const own = [{}, { origin }, { 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }];
    for (const headers of own as Record<string, string>[]) {
      expect((await callFrom(headers)).status).toBe(200);
    }
  });

  it('is told of no CORS', async () => {
    await start();
    const response = await fetch(`http://127.0.0.1:${sample.port}/things/health`);
    const names = [...response.headers.keys()];
    expect(names.filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });
});
