/**
 * Carries the calls of the typed client over sockets of Node, with the TLS of the command line. No proxy of
 * the environment, no redirect: the password goes to the server that was named and nowhere else.
 */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest, type AgentOptions } from 'node:https';
import type { ApiRequest, ApiResponse } from '@gofd/api-client';

/** A view of 10,000 hosts has about 3 MB; what is far beyond that is no answer of ours. */
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export class NodeTransport {
  readonly #agent: HttpAgent;
  readonly #isTls: boolean;

  constructor(baseUrl: string, tls: AgentOptions) {
    this.#isTls = baseUrl.startsWith('https:');
    this.#agent = this.#isTls
      ? new HttpsAgent({ ...tls, keepAlive: true })
      : new HttpAgent({ keepAlive: true });
  }

  readonly send = ({ method, url, headers, body, signal }: ApiRequest): Promise<ApiResponse> =>
    new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
      const options = {
        method,
        headers: { accept: 'application/json', ...headers, ...length },
        agent: this.#agent,
        ...(signal && { signal }),
      };
      (this.#isTls ? httpsRequest : httpRequest)(url, options)
        .once('error', (error) => reject(causeOf(error, signal)))
        .once('response', (response) => resolve(answerOf(response, signal)))
        .end(body);
    });

  /** Closes idle connections, so that the process can end. */
  close(): void {
    this.#agent.destroy();
  }
}

function answerOf(response: IncomingMessage, signal: AbortSignal | undefined): ApiResponse {
  return {
    status: response.statusCode ?? 0,
    text: () => readAll(response, signal),
    chunks: () => response,
  };
}

async function readAll(response: IncomingMessage, signal: AbortSignal | undefined) {
  const chunks: Buffer[] = [];
  let byteCount = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      byteCount += chunk.length;
      if (byteCount > MAX_ANSWER_BYTES) throw codedError('ANSWER_TOO_LONG');
      chunks.push(chunk);
    }
  } catch (error) {
    throw causeOf(error, signal);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A deadline that has passed reads like one of the system. */
function causeOf(error: unknown, signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  const isLate = reason instanceof Error && reason.name === 'TimeoutError';
  if (isLate) return codedError('ECONNABORTED');
  return error instanceof Error ? error : new Error(String(error));
}

function codedError(code: string): Error {
  return Object.assign(new Error(code), { code });
}
