/**
 * Keeps pages of other sites from using the credentials that a browser remembers. There is no CORS here,
 * so such a page cannot read an answer; but it could send a POST without a body, or a form.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { RequestError } from '@gofd/task-model';

/** What a browser says of a request that the user, or a page of this very site, has made. */
const OWN_SITES: ReadonlySet<string> = new Set(['same-origin', 'none']);

/** @throws RequestError ORIGIN_FORBIDDEN for a request that a page of another origin has made */
export function assertSameOrigin(headers: IncomingHttpHeaders): void {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  const isOwn =
    typeof site === 'string' ? OWN_SITES.has(site) : origin === undefined || isAt(origin, host);
  if (isOwn) return;
  throw new RequestError('ORIGIN_FORBIDDEN', 'pages of other sites may not call this service');
}

function isAt(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}
