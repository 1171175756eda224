/**
 * Asks a service over plain HTTP: node:http and JSON, no code of the product, so that a mistake in
 * its client cannot hide one in its answers.
 */
import { request } from 'node:http';

const REQUEST_TIMEOUT_MS = 5_000;

export interface ObservedHost {
  readonly status: string;
  readonly percentComplete: number;
  readonly code?: string;
  readonly message?: string;
}

export interface ObservedTask {
  readonly status: string;
  readonly code?: string;
  readonly message?: string;
  readonly totalBytes?: number;
  readonly attempt: number;
  readonly dispatchInfos: Readonly<Record<string, ObservedHost>>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** @throws Error when there is no answer in time, or none that is JSON */
export function ask(
  method: string,
  url: string,
  authorization: string,
  body?: unknown,
): Promise<HttpAnswer> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const call = request(url, {
      method,
      agent: false,
      timeout: REQUEST_TIMEOUT_MS,
      headers: {
        authorization,
        ...(text !== undefined && {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
        }),
      },
    });
    call.on('timeout', () => call.destroy(new Error(`no answer: ${method} ${url}`)));
    call.on('error', reject);
    call.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        try {
          const answer: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
          resolve({ status: response.statusCode ?? 0, body: answer });
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
    call.end(text);
  });
}

const TERMINAL = ['COMPLETED', 'PARTIAL', 'FAILED', 'FILE_NOT_EXISTED', 'CANCELLED'];

export function isTerminal(status: string): boolean {
  return TERMINAL.includes(status);
}
