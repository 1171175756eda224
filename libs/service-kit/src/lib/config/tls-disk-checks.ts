/** What can be wrong with the files that `net.tls` names. */
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { DiskCheck } from './config-key.ts';

/** Any permission of users who are neither owner nor in the group. */
const OTHERS_MODE = 0o007;
/** One certificate of a PEM file; authorities' files hold several. */
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificate exists, parses and is valid today. */
export const certificateProblem: DiskCheck = (path) =>
  readProblem(path) ?? certificatesProblem(path, readFileSync(path, 'utf8'));

/** Every certificate of the file parses and is valid today. */
export const trustProblem: DiskCheck = certificateProblem;

/** The key exists, is private to its owner, is not encrypted and belongs to the certificate. */
export const keyProblem: DiskCheck = (path, { cert }) => {
  const unreadable = readProblem(path);
  if (unreadable !== undefined) return unreadable;
  if ((statSync(path).mode & OTHERS_MODE) !== 0) {
    return `${path} is open to every user of this machine; chmod 600 it`;
  }
  const key = parseKey(path);
  if (typeof key === 'string') return key;
  return typeof cert === 'string' ? mismatchProblem(path, key, cert) : undefined;
};

function readProblem(path: string): string | undefined {
  try {
    return statSync(path).isFile() ? readFileSync(path) && undefined : `${path} is not a file`;
  } catch (error) {
    return `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown cause'})`;
  }
}

function certificatesProblem(path: string, pem: string): string | undefined {
  const blocks = pem.match(CERTIFICATE) ?? [];
  if (blocks.length === 0) return `${path} holds no PEM certificate`;
  for (const block of blocks) {
    const problem = validityProblem(path, block);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function validityProblem(path: string, pem: string): string | undefined {
  try {
    const { validFrom, validTo } = new X509Certificate(pem);
    if (Date.parse(validTo) < Date.now()) return `${path} expired on ${validTo}`;
    if (Date.parse(validFrom) > Date.now()) return `${path} is not valid before ${validFrom}`;
    return undefined;
  } catch {
    return `${path} holds a certificate that cannot be parsed`;
  }
}

function parseKey(path: string): KeyObject | string {
  const pem = readFileSync(path, 'utf8');
  if (pem.includes('ENCRYPTED')) return `${path} is encrypted; only plain keys can be used`;
  try {
    return createPrivateKey(pem);
  } catch {
    return `${path} holds no PEM private key`;
  }
}

function mismatchProblem(path: string, key: KeyObject, certPath: string): string | undefined {
  try {
    const matches = new X509Certificate(readFileSync(certPath)).checkPrivateKey(key);
    return matches ? undefined : `${path} is not the key of the certificate ${certPath}`;
  } catch {
    return undefined; // The certificate has its own problem, reported under its own key.
  }
}
