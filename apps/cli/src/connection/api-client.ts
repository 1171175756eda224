/**
 * The task calls of a server's REST interface. Every way a call can go wrong leaves here as a
 * CliError; a success carries the value and the JSON text exactly as it came.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions } from 'node:https';
import axios, { type AxiosInstance } from 'axios';
import type { TaskSummary, TaskView } from '@gofd/task-model';
import type { Credentials } from './credentials.ts';
import { errorFromCall } from './network-error.ts';
import { readErrorAnswer, readTaskList, readTaskView } from './read-answer.ts';

/** Covers connecting and the whole answer. */
export const CALL_TIMEOUT_MS = 15_000;
/** A view of 10,000 hosts has about 3 MB; what is far beyond that is no answer of ours. */
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export interface Answer<T> {
  readonly value: T;
  readonly json: string;
}

export interface NewTask {
  readonly id: string;
  readonly dispatchFiles: readonly string[];
  readonly destIPs: readonly string[];
}

export interface ApiClientOptions {
  readonly baseUrl: string;
  readonly credentials: Credentials;
  readonly tls: AgentOptions;
  readonly timeoutMs?: number;
}

type Method = 'GET' | 'POST' | 'DELETE';

export class ApiClient {
  private readonly http: AxiosInstance;
  private readonly agent: HttpAgent | HttpsAgent;
  readonly baseUrl: string;

  constructor({ baseUrl, credentials, tls, timeoutMs = CALL_TIMEOUT_MS }: ApiClientOptions) {
    this.baseUrl = baseUrl;
    this.agent = baseUrl.startsWith('https:')
      ? new HttpsAgent({ ...tls, keepAlive: true })
      : new HttpAgent({ keepAlive: true });
    this.http = axios.create({
      baseURL: `${baseUrl}/api/v1/server/tasks`,
      headers: { authorization: basicAuth(credentials), accept: 'application/json' },
      httpAgent: this.agent,
      httpsAgent: this.agent,
      timeout: timeoutMs,
      maxRedirects: 0,
      maxContentLength: MAX_ANSWER_BYTES,
      proxy: false,
      responseType: 'text',
      transformResponse: (text: unknown) => text,
      validateStatus: () => true,
    });
  }

  createTask(task: NewTask): Promise<Answer<TaskView>> {
    return this.call('POST', '', readTaskView, task);
  }

  getTask(id: string, signal?: AbortSignal): Promise<Answer<TaskView>> {
    return this.call('GET', `/${encodeURIComponent(id)}`, readTaskView, undefined, signal);
  }

  listTasks(): Promise<Answer<readonly TaskSummary[]>> {
    return this.call('GET', '', readTaskList);
  }

  cancelTask(id: string): Promise<Answer<TaskView>> {
    return this.call('DELETE', `/${encodeURIComponent(id)}`, readTaskView);
  }

  retryTask(id: string): Promise<Answer<TaskView>> {
    return this.call('POST', `/${encodeURIComponent(id)}/retry`, readTaskView);
  }

  /** Closes idle connections, so that the process can end. */
  close(): void {
    this.agent.destroy();
  }

  private async call<T>(
    method: Method,
    url: string,
    read: (json: string) => T,
    data?: unknown,
    signal?: AbortSignal,
  ): Promise<Answer<T>> {
    const response = await this.http
      .request<string>({ method, url, data, ...(signal && { signal }) })
      .catch((cause: unknown) => {
        throw errorFromCall(cause, this.baseUrl);
      });
    const json = response.data ?? '';
    if (response.status < 200 || response.status > 299) {
      throw readErrorAnswer(response.status, json, this.baseUrl);
    }
    return { value: read(json), json };
  }
}

function basicAuth({ username, password }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}
