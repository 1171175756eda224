/** Reads --server: a URL, or host with an optional port. Pure. */
import { usageError } from '../errors.ts';

/** Management port of the samples in the seed document. */
export const DEFAULT_SERVER_PORT = 45_000;
export const DEFAULT_SERVER = `127.0.0.1:${DEFAULT_SERVER_PORT}`;

const FORMS = 'write host, host:port, [v6]:port, http://host:port or https://host:port';
const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;

/**
 * @param wantsTls TLS options were given: an address without a scheme then means https
 * @returns the base URL without a trailing slash; a path (of a reverse proxy) is kept
 */
export function parseServerAddress(text: string, wantsTls: boolean): string {
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    throw usageError(`--server ${text}: only http and https are spoken`, FORMS);
  }
  if (scheme === 'http' && wantsTls) {
    throw usageError(
      `--server ${text} is plain http, but --ca, --cert and --insecure are about TLS`,
      'write https://…, or leave the TLS options out',
    );
  }
  const url = parseUrl(scheme === undefined ? `${wantsTls ? 'https' : 'http'}://${text}` : text);
  if (url?.search !== '' || url.hash !== '') {
    throw usageError(`--server ${text} is not the address of a server`, FORMS);
  }
  if (url.username !== '' || url.password !== '') {
    throw usageError(
      '--server holds a user name or password',
      'give them by --user, GOFD_USER or GOFD_PASSWORD',
    );
  }
  if (scheme === undefined && !/:\d+$/.test(text.split('/')[0] ?? '')) {
    url.port = String(DEFAULT_SERVER_PORT);
  }
  return url.href.replace(/\/+$/, '');
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
