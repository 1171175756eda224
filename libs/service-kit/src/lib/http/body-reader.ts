/** Collects the bytes of a request body within a size and a time. */
import type { IncomingMessage } from 'node:http';
import { RequestError } from '@gofd/task-model';

export interface BodyLimits {
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

/**
 * What is too large is refused by its declared length or at the first byte beyond the limit; the
 * rest is read and dropped, because a caller that is still sending would not see the answer.
 * @throws RequestError BODY_TOO_LARGE, REQUEST_TIMEOUT, BAD_JSON (connection lost)
 */
export function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limits.maxBytes) {
    request.resume();
    return Promise.reject(tooLarge(limits.maxBytes));
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let receivedBytes = 0;
    const settle = (outcome: () => void): void => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('error', onLost).off('close', onLost);
      request.on('error', () => undefined).resume();
      outcome();
    };
    const onData = (chunk: Buffer): void => {
      receivedBytes += chunk.length;
      if (receivedBytes > limits.maxBytes) settle(() => reject(tooLarge(limits.maxBytes)));
      else chunks.push(chunk);
    };
    const onEnd = (): void => settle(() => resolve(Buffer.concat(chunks, receivedBytes)));
    const onLost = (): void => settle(() => reject(lost()));
    const onTimeout = (): void => settle(() => reject(tooSlow(limits.timeoutMs)));
    const timer = setTimeout(onTimeout, limits.timeoutMs);
    request.on('data', onData).on('end', onEnd).on('error', onLost).on('close', onLost);
  });
}

function tooLarge(maxBytes: number): RequestError {
  return new RequestError('BODY_TOO_LARGE', `the body must not exceed ${maxBytes} bytes`);
}

function tooSlow(timeoutMs: number): RequestError {
  return new RequestError('REQUEST_TIMEOUT', `the body did not arrive within ${timeoutMs} ms`);
}

function lost(): RequestError {
  return new RequestError('BAD_JSON', 'the connection closed before the body ended');
}
