/** S06, S07: a fleet with an authority of its own. Each side verifies the other, and what is wrong is named. */
import { rmSync } from 'node:fs';
import { connect, type SecureVersion } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CertificateMaker, type KeyPair } from '../../../test/certificates.ts';
import { CREDENTIALS, startSampleApp, type SampleApp } from '../../../test/sample-app.ts';
import { createHttpClient, managementUrl } from './http-client.ts';
import type { TlsFiles } from './tls-files.ts';

const maker = new CertificateMaker();
const made = {} as Record<
  'fleet' | 'server' | 'agent' | 'expired' | 'strangers' | 'stranger',
  KeyPair
>;
let running: SampleApp | undefined;

beforeAll(() => {
  made.fleet = maker.authority('fleet');
  made.strangers = maker.authority('strangers');
  made.server = maker.signedBy(made.fleet, 'server');
  made.agent = maker.signedBy(made.fleet, 'agent');
  made.expired = maker.signedBy(made.fleet, 'expired', -1);
  made.stranger = maker.signedBy(made.strangers, 'stranger');
});
afterEach(async () => {
  await running?.app.close();
  running = undefined;
});
afterAll(() => rmSync(maker.folder, { recursive: true }));

/** What one host of the fleet is configured with. */
const of = (pair: KeyPair): TlsFiles => ({ ...pair, ca: made.fleet.cert, clientCert: 'required' });

async function serve(tls: TlsFiles): Promise<string> {
  running = await startSampleApp({ tls });
  return managementUrl('127.0.0.1', running.port, tls);
}

/** HTTP status of a call, or the code of what went wrong. */
async function outcomeOf(url: string, tls: TlsFiles): Promise<unknown> {
  const http = createHttpClient({ credentials: CREDENTIALS, tls });
  return http.get(`${url}/things/7`).then(
    ({ status }) => status,
    ({ code }: { code: unknown }) => code,
  );
}

describe('S07: hosts of one authority', () => {
  it('answer each other, either way round', async () => {
    expect(await outcomeOf(await serve(of(made.server)), of(made.agent))).toBe(200);
    await running?.app.close();
    expect(await outcomeOf(await serve(of(made.agent)), of(made.server))).toBe(200);
  });
});

describe('S06: the called one is refused by the caller', () => {
  it('with a certificate that has expired', async () => {
    expect(await outcomeOf(await serve(of(made.expired)), of(made.agent))).toBe('CERT_HAS_EXPIRED');
  });

  it('with one of another authority', async () => {
    const url = await serve(of(made.stranger));
    expect(await outcomeOf(url, of(made.agent))).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });

  it('under a name that does not stand in it', async () => {
    const url = (await serve(of(made.server))).replace('127.0.0.1', 'localhost');
    expect(await outcomeOf(url, of(made.agent))).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  });
});

describe('S07: the caller is refused by the called one', () => {
  it.each(['expired', 'stranger'] as const)('with a certificate that is %s', async (name) => {
    const url = await serve(of(made.server));
    expect(await outcomeOf(url, of(made[name]))).toEqual(expect.stringMatching(/^E/));
    expect(await outcomeOf(url, of(made.agent))).toBe(200);
  });

  it('without any certificate', async () => {
    const url = await serve(of(made.server));
    expect(await outcomeOf(url, { ca: made.fleet.cert })).toEqual(expect.stringMatching(/^E/));
  });
});

describe('S06: a caller of old', () => {
  const handshake = (port: number, version: SecureVersion): Promise<string> =>
    new Promise((resolve) => {
      const pinned = { minVersion: 'TLSv1' as const, maxVersion: version };
      const weak = { ciphers: 'DEFAULT:@SECLEVEL=0', rejectUnauthorized: false };
      const socket = connect({ port, host: '127.0.0.1', ...pinned, ...weak });
      socket.once('secureConnect', () => resolve(socket.getProtocol() ?? ''));
      socket.once('error', () => resolve('refused'));
      socket.once('secureConnect', () => socket.destroy());
    });

  it.each([
    ['TLSv1', 'refused'],
    ['TLSv1.1', 'refused'],
    ['TLSv1.2', 'TLSv1.2'],
    ['TLSv1.3', 'TLSv1.3'],
  ] as const)('that speaks at most %s: %s', async (version, expected) => {
    await serve(made.server);
    expect(await handshake(running?.port ?? 0, version)).toBe(expected);
  });
});
