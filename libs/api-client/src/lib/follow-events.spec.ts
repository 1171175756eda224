import { describe, expect, it } from 'vitest';
import { ApiError } from './api-error.ts';
import { followEvents, RETRY_FIRST_MS, RETRY_MAX_MS, type FollowOptions } from './follow-events.ts';
import type { ApiResponse } from './transport.ts';

/** A connection that brings this text and then ends. */
function bringing(...texts: readonly string[]): ApiResponse {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (const text of texts) yield await Promise.resolve(new TextEncoder().encode(text));
  }
  return { status: 200, text: () => Promise.resolve(''), chunks };
}

/** One answer after the other; pauses are noted and take no time. */
function aServer(...answers: readonly (ApiResponse | Error)[]) {
  const pauses: number[] = [];
  const left = [...answers];
  const options: FollowOptions = {
    connect: () => {
      const answer =
        left.shift() ?? new ApiError({ statusCode: 404, code: 'GONE', message: 'gone' });
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    pause: (delayMs) => {
      pauses.push(delayMs);
      return Promise.resolve();
    },
  };
  return { pauses, options };
}

const event = (name: string): string => `event: ${name}\ndata: 1\n\n`;

async function namesOf(options: FollowOptions): Promise<string[]> {
  const names: string[] = [];
  for await (const item of followEvents(options)) names.push(item.event);
  return names;
}

describe('following a stream', () => {
  it('ends with its last event, and connects no more', async () => {
    const { options, pauses } = aServer(bringing(event('task'), event('end'), event('late')));
    expect(await namesOf({ ...options, lastEvent: 'end' })).toEqual(['task', 'end']);
    expect(pauses).toEqual([]);
  });

  it('says what was lost and connects again, later each time until something comes', async () => {
    const down = new Error('refused');
    const { options, pauses } = aServer(
      bringing(event('a')),
      ...Array.from({ length: 7 }, () => down),
      bringing(event('b')),
      bringing(event('end')),
    );
    const names = await namesOf({ ...options, lastEvent: 'end' });
    expect(names.filter((name) => name !== 'lost')).toEqual(['a', 'b', 'end']);
    expect(pauses).toEqual([
      500,
      1_000,
      2_000,
      4_000,
      8_000,
      RETRY_MAX_MS,
      RETRY_MAX_MS,
      RETRY_MAX_MS,
      RETRY_FIRST_MS,
    ]);
  });

  it('throws what a repetition would not change, such as an expired sign-in', async () => {
    const refusal = new ApiError({ statusCode: 401, code: 'UNAUTHORIZED', message: 'no' });
    const { options } = aServer(bringing(event('a')), refusal);
    await expect(namesOf(options)).rejects.toBe(refusal);
  });

  it('goes on after an answer that says "later"', async () => {
    const busy = new ApiError({ statusCode: 429, code: 'TOO_MANY_STREAMS', message: 'later' });
    const { options } = aServer(busy, bringing(event('end')));
    expect(await namesOf({ ...options, lastEvent: 'end' })).toEqual(['lost', 'end']);
  });

  it('ends when the caller wants no more', async () => {
    const caller = new AbortController();
    const { options } = aServer(bringing(event('a'), event('b')), bringing(event('c')));
    const names: string[] = [];
    for await (const item of followEvents({ ...options, signal: caller.signal })) {
      names.push(item.event);
      if (item.event === 'b') caller.abort();
    }
    expect(names).toEqual(['a', 'b']);
  });

  it('gives up a connection that is silent for too long', async () => {
    let connections = 0;
    const connect = (signal: AbortSignal): Promise<ApiResponse> => {
      connections += 1;
      if (connections > 1) return Promise.resolve(bringing(event('end')));
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
      });
    };
    const { options } = aServer();
    const followed = { ...options, connect, silenceMs: 5, lastEvent: 'end' };
    expect(await namesOf(followed)).toEqual(['lost', 'end']);
  });
});
