/**
 * One event stream for as long as it is wanted: connects, gives its events, and when the connection is
 * lost says so and connects again, later each time. Ends with the stream's own end, with the caller's
 * signal, and with an answer that a repetition would not change.
 */
import { ApiError } from './api-error.ts';
import { EventParser, type ServerEvent } from './event-parser.ts';
import type { ApiResponse } from './transport.ts';

/** Pause before connecting again: first, doubled each time, at most the last. */
export const RETRY_FIRST_MS = 500;
export const RETRY_MAX_MS = 15_000;
/** A stream without even a keep-alive for so long is lost: three times the server's interval. */
export const STREAM_SILENCE_MS = 45_000;

export interface Lost {
  readonly event: 'lost';
  readonly data: { readonly error: ApiError; readonly retryInMs: number };
}

export interface FollowOptions {
  /** @throws ApiError */
  readonly connect: (signal: AbortSignal) => Promise<ApiResponse>;
  /** Name of the event after which nothing comes. @default none */
  readonly lastEvent?: string;
  readonly signal?: AbortSignal | undefined;
  /** Resolves after so long, or when the signal is aborted. @default by setTimeout */
  readonly pause?: (delayMs: number, signal: AbortSignal | undefined) => Promise<void>;
  /** @default STREAM_SILENCE_MS */
  readonly silenceMs?: number;
}

export async function* followEvents(options: FollowOptions): AsyncGenerator<ServerEvent | Lost> {
  const { lastEvent, signal, pause = pauseFor } = options;
  let retryInMs = RETRY_FIRST_MS;
  while (!signal?.aborted) {
    let error = ApiError.unreachable('the stream ended');
    try {
      for await (const event of oneConnection(options)) {
        retryInMs = RETRY_FIRST_MS;
        yield event;
        if (event.event === lastEvent) return;
      }
    } catch (thrown) {
      error = thrown instanceof ApiError ? thrown : ApiError.unreachable(thrown);
      if (!signal?.aborted && !error.isPassing) throw error;
    }
    if (signal?.aborted) return;
    yield { event: 'lost', data: { error, retryInMs } };
    await pause(retryInMs, signal);
    retryInMs = Math.min(RETRY_MAX_MS, retryInMs * 2);
  }
}

async function* oneConnection({
  connect,
  signal,
  silenceMs = STREAM_SILENCE_MS,
}: FollowOptions): AsyncGenerator<ServerEvent> {
  const over = new AbortController();
  const abort = (): void => over.abort();
  signal?.addEventListener('abort', abort, { once: true });
  let timer = setTimeout(abort, silenceMs);
  try {
    const response = await connect(over.signal);
    const parser = new EventParser();
    const decoder = new TextDecoder();
    for await (const chunk of response.chunks()) {
      clearTimeout(timer);
      timer = setTimeout(abort, silenceMs);
      yield* parser.push(decoder.decode(chunk, { stream: true }));
    }
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    over.abort();
  }
}

function pauseFor(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, delayMs);
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal?.addEventListener('abort', done, { once: true });
  });
}
