/**
 * The id of the request that is being worked for. It goes along by itself with everything that the
 * request sets going, so log lines and calls to other services carry it without being told.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

export const REQUEST_ID_HEADER = 'X-Request-Id';
/** Longer ids are replaced: they stand in every line of a log. */
export const MAX_REQUEST_ID_CHARS = 128;

const GOOD_ID = /^[A-Za-z0-9._:@+=/-]+$/;
const CURRENT = new AsyncLocalStorage<string>();

/** The id of the request that the caller works for; undefined when it works for none. */
export function currentRequestId(): string | undefined {
  return CURRENT.getStore();
}

/** Runs `work`, and whatever it sets going, for this request. */
export function forRequest<T>(requestId: string, work: () => T): T {
  return CURRENT.run(requestId, work);
}

/** A callback that works for the request of this moment, whoever calls it and whenever. */
export function keepRequestId(callback: () => void): () => void {
  return AsyncLocalStorage.bind(callback);
}

/** The id that a caller gave, if it is one that may stand in a log; a new one otherwise. */
export function readRequestId(header: unknown): string {
  const isGood =
    typeof header === 'string' && header.length <= MAX_REQUEST_ID_CHARS && GOOD_ID.test(header);
  return isGood ? header : randomUUID();
}

/** Express' handler before all others: every answer says which request it belongs to. */
export function assignRequestId(
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
): void {
  const requestId = readRequestId(request.headers['x-request-id']);
  response.setHeader(REQUEST_ID_HEADER, requestId);
  forRequest(requestId, next);
}
