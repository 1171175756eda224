/** Reads the files of `net.tls` for servers and clients. */
import { readFileSync } from 'node:fs';

/** Paths of PEM files, and how strict to be. Same keys as `net.tls` of the configuration. */
export interface TlsFiles {
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly ca?: string | undefined;
  readonly clientCert?: 'required' | undefined;
  readonly insecure?: boolean | undefined;
}

/** Older versions of TLS are broken. */
export const MIN_TLS_VERSION = 'TLSv1.2';

/** PEM texts by the names that node:tls gives them. */
export interface TlsPems {
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly ca?: Buffer;
}

export function readTlsFiles({ cert, key, ca }: TlsFiles): TlsPems {
  return {
    ...(cert === undefined ? {} : { cert: readFileSync(cert) }),
    ...(key === undefined ? {} : { key: readFileSync(key) }),
    ...(ca === undefined ? {} : { ca: readFileSync(ca) }),
  };
}

/** Whether a management port with these settings speaks HTTPS. */
export function speaksTls(tls: TlsFiles | undefined): boolean {
  return tls?.cert !== undefined;
}
