import { ApiError } from '@gofd/api-client';
import { describe, expect, it } from 'vitest';
import { Connection } from './connection.ts';

const GONE = ApiError.unreachable('gone');
const SIGNED_OUT = new ApiError({ statusCode: 401, code: 'UNAUTHORIZED', message: 'sign in' });

describe('a connection', () => {
  it('is stale since the first loss, whatever comes after it', () => {
    const connection = new Connection();
    connection.lost(GONE, 1_000);
    connection.lost(SIGNED_OUT, 2_000);
    expect(connection.value).toEqual({
      isLive: false,
      staleSinceMs: 1_000,
      error: SIGNED_OUT,
      isRetrying: false,
    });
  });

  it('is live again with the first word, and says each change once', () => {
    const connection = new Connection();
    const heard: boolean[] = [];
    const end = connection.subscribe(({ isLive }) => heard.push(isLive));
    connection.heard();
    connection.lost(GONE, 1);
    connection.heard();
    connection.heard();
    end();
    connection.lost(GONE, 2);
    expect(heard).toEqual([false, true]);
  });
});
