/**
 * Calls of a server's REST interface as the commands make them. Every way a call can go wrong leaves
 * here as a CliError; a success carries the value and the JSON text exactly as it came.
 */
import type { AgentOptions } from 'node:https';
import { ApiError, GofdClient, type Call } from '@gofd/api-client';
import { CliError, errorFromAnswer } from '../errors.ts';
import type { Credentials } from './credentials.ts';
import { errorFromCall } from './network-error.ts';
import { NodeTransport } from './node-transport.ts';

export interface Answer<T> {
  readonly value: T;
  readonly json: string;
}

export interface ServerCallsOptions {
  readonly baseUrl: string;
  readonly credentials: Credentials;
  readonly tls: AgentOptions;
  readonly timeoutMs?: number;
}

export class ServerCalls {
  readonly #client: GofdClient;
  readonly #transport: NodeTransport;
  readonly #baseUrl: string;

  constructor({ baseUrl, credentials, tls, timeoutMs }: ServerCallsOptions) {
    this.#baseUrl = baseUrl;
    this.#transport = new NodeTransport(baseUrl, tls);
    this.#client = new GofdClient({
      baseUrl,
      ...credentials,
      transport: this.#transport.send,
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
  }

  async ask<T>(call: Call<T>, signal?: AbortSignal): Promise<Answer<T>> {
    try {
      const { value, text } = await this.#client.answer(call, signal);
      return { value, json: text };
    } catch (error) {
      throw error instanceof ApiError ? toCliError(error, this.#baseUrl) : error;
    }
  }

  /** Closes idle connections, so that the process can end. */
  close(): void {
    this.#transport.close();
  }
}

export function toCliError(error: ApiError, baseUrl: string): CliError {
  const { statusCode, code, message: sentence, details, requestId, answerText } = error;
  if (statusCode === 0) return errorFromCall(error.cause, baseUrl);
  if (code !== 'NOT_GOFD') {
    const body = { statusCode, code, message: sentence, details };
    return errorFromAnswer({ ...body, ...(requestId !== undefined && { requestId }) }, answerText);
  }
  if (statusCode === 200) {
    return new CliError('unexpected', sentence, {
      hint: 'check --server, and `gofd --version` against the version of the server',
    });
  }
  const message = `${baseUrl} ${sentence}`;
  return errorFromAnswer({ statusCode, code: `HTTP_${statusCode}`, message });
}
