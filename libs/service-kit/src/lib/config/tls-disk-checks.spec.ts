import { chmodSync, copyFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CertificateMaker, type KeyPair } from '../../../test/certificates.ts';
import { certificateProblem, keyProblem } from './tls-disk-checks.ts';

/** Made for the year 2020, with openssl. */
const EXPIRED = fileURLToPath(new URL('../../../test/expired.crt', import.meta.url));

const maker = new CertificateMaker();
let pair: KeyPair;
let other: KeyPair;

beforeAll(() => {
  pair = maker.selfSigned('one');
  other = maker.selfSigned('two');
});
afterAll(() => rmSync(maker.folder, { recursive: true }));

describe('the files of net.tls', () => {
  it('are accepted when they parse and belong together', () => {
    expect(certificateProblem(pair.cert, {})).toBeUndefined();
    expect(keyProblem(pair.key, { cert: pair.cert })).toBeUndefined();
  });

  it('are refused when the key is that of another certificate', () => {
    expect(keyProblem(other.key, { cert: pair.cert })).toContain('is not the key of');
  });

  it('are refused when missing, a folder, or without PEM', () => {
    expect(certificateProblem(maker.path('none'), {})).toMatch(/cannot be read \(ENOENT\)/);
    expect(certificateProblem(maker.folder, {})).toMatch(/is not a file/);
    expect(certificateProblem(pair.key, {})).toMatch(/holds no PEM certificate/);
    expect(keyProblem(pair.cert.replace('one', 'two'), {})).toMatch(
      /open to every user|holds no PEM/,
    );
    expect(keyProblem(maker.write('empty.key', ''), {})).toMatch(/holds no PEM private key/);
  });

  it('are refused when the certificate is damaged or expired', () => {
    const damaged = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    expect(certificateProblem(maker.write('bad.crt', damaged), {})).toMatch(/cannot be parsed/);
    expect(certificateProblem(EXPIRED, {})).toMatch(/expired on .* 2021/);
  });

  it('are refused when the key is encrypted or open to every user', () => {
    expect(keyProblem(maker.encryptedKey(pair), {})).toMatch(/is encrypted/);
    const open = maker.path('open.key');
    copyFileSync(pair.key, open);
    chmodSync(open, 0o644);
    expect(keyProblem(open, {})).toMatch(/open to every user of this machine; chmod 600 it/);
  });
});
