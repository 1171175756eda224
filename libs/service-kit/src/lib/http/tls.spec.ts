import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { aCapturedLog } from '../../../test/captured-log.ts';
import { CertificateMaker, type KeyPair } from '../../../test/certificates.ts';
import { CREDENTIALS, startSampleApp, type SampleApp } from '../../../test/sample-app.ts';
import { createHttpClient, INSECURE_WARNING, managementUrl } from './http-client.ts';
import type { TlsFiles } from './tls-files.ts';

const maker = new CertificateMaker();
let server: KeyPair;
let client: KeyPair;
let running: SampleApp | undefined;

beforeAll(() => {
  server = maker.selfSigned('server');
  client = maker.selfSigned('client');
});
afterEach(async () => {
  await running?.app.close();
  running = undefined;
});
afterAll(() => rmSync(maker.folder, { recursive: true }));

async function serve(tls: TlsFiles | undefined): Promise<string> {
  running = await startSampleApp({ tls });
  return managementUrl('127.0.0.1', running.port, tls);
}

/** HTTP status of a call, or the code of what went wrong. */
async function statusOf(url: string, tls?: TlsFiles): Promise<unknown> {
  const http = createHttpClient({ credentials: CREDENTIALS, tls });
  return http.get(`${url}/things/7`).then(
    ({ status }) => status,
    ({ code }: { code: unknown }) => code,
  );
}

describe('B61: a server with a certificate that no authority signed', () => {
  it('is refused by default', async () => {
    expect(await statusOf(await serve(server))).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  it('is accepted when net.tls.ca names it', async () => {
    expect(await statusOf(await serve(server), { ca: server.cert })).toBe(200);
  });

  it('is refused when net.tls.ca names another one', async () => {
    expect(await statusOf(await serve(server), { ca: client.cert })).toBe(
      'DEPTH_ZERO_SELF_SIGNED_CERT',
    );
  });

  it('is accepted with insecure: true, and each start warns', async () => {
    const url = await serve(server);
    const { logger, lines } = aCapturedLog();
    const tls = { insecure: true };
    const http = createHttpClient({ credentials: CREDENTIALS, tls, logger });
    expect((await http.get(`${url}/things/7`)).status).toBe(200);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(INSECURE_WARNING);
  });

  it('S06: is refused under another name than its own', async () => {
    const url = (await serve(server)).replace('127.0.0.1', 'localhost');
    expect(await statusOf(url, { ca: server.cert })).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  });
});

describe('a server that requires client certificates', () => {
  const mutual = (): TlsFiles => ({ ...server, ca: client.cert, clientCert: 'required' });

  it('S07: refuses a caller without one and one that its authority did not sign', async () => {
    const url = await serve(mutual());
    const refused = [
      await statusOf(url, { ca: server.cert }),
      await statusOf(url, { ...server, ca: server.cert }),
    ];
    expect(refused.every((outcome) => typeof outcome === 'string')).toBe(true);
  });

  it('answers a caller that shows one', async () => {
    expect(await statusOf(await serve(mutual()), { ...client, ca: server.cert })).toBe(200);
  });
});

describe('a server without TLS', () => {
  it('is called by http, with the password of the fleet', async () => {
    const url = await serve(undefined);
    expect(url).toMatch(/^http:/);
    expect(await statusOf(url)).toBe(200);
  });

  it('is called by http too when net.tls says only how to verify others', async () => {
    expect(await serve({ ca: server.cert })).toMatch(/^http:/);
  });
});
