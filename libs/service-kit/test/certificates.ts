import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** Makes certificates with the openssl command, in a folder of its own. */
export class CertificateMaker {
  readonly folder = mkdtempSync(join(tmpdir(), 'gofd-certs-'));

  path(name: string): string {
    return join(this.folder, name);
  }

  /** A certificate for 127.0.0.1 that is its own authority. */
  selfSigned(name: string): KeyPair {
    const pair = { cert: this.path(`${name}.crt`), key: this.path(`${name}.key`) };
    const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
    const files = ['-keyout', pair.key, '-out', pair.cert];
    this.#openssl('req', '-x509', ...NEW_KEY, '-nodes', '-days', '2', ...files, ...subject);
    return pair;
  }

  /** An authority that signs others. */
  authority(name: string): KeyPair {
    const pair = { cert: this.path(`${name}.crt`), key: this.path(`${name}.key`) };
    const files = ['-keyout', pair.key, '-out', pair.cert, '-subj', `/CN=${name}`];
    this.#openssl('req', '-x509', ...NEW_KEY, '-nodes', '-days', '2', ...files);
    return pair;
  }

  /** A certificate for 127.0.0.1 that an authority signed; with `days` below 0 it has expired. */
  signedBy(authority: KeyPair, name: string, days = 2): KeyPair {
    const pair = { cert: this.path(`${name}.crt`), key: this.path(`${name}.key`) };
    const request = this.path(`${name}.csr`);
    const extensions = this.write(`${name}.ext`, 'subjectAltName=IP:127.0.0.1\n');
    const subject = ['-subj', `/CN=${name}`];
    this.#openssl('req', ...NEW_KEY, '-nodes', '-keyout', pair.key, '-out', request, ...subject);
    const signer = ['-CA', authority.cert, '-CAkey', authority.key, '-CAcreateserial'];
    const files = ['-in', request, '-out', pair.cert, '-extfile', extensions];
    this.#openssl('x509', '-req', ...files, ...signer, '-days', String(days));
    return pair;
  }

  encryptedKey(pair: KeyPair): string {
    const key = `${pair.key}.encrypted`;
    this.#openssl('pkcs8', '-topk8', '-in', pair.key, '-out', key, '-passout', 'pass:secret');
    return key;
  }

  write(name: string, text: string): string {
    writeFileSync(this.path(name), text, { mode: 0o600 });
    return this.path(name);
  }

  #openssl(...args: readonly string[]): void {
    execFileSync('openssl', args, { stdio: 'pipe' });
  }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
