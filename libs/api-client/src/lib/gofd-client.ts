/** The server's REST interface, call by call (docs/http-api.md). */
import type {
  AgentRow,
  HostCheck,
  HostPage,
  HostRow,
  PlanView,
  TaskSummary,
  TaskView,
} from '@gofd/task-model';
import { ApiError, parseObject } from './api-error.ts';
import {
  calls,
  taskPath,
  type Call,
  type HostsQuery,
  type NewTask,
  type TaskPage,
  type TasksQuery,
} from './calls.ts';
import { followEvents, type FollowOptions, type Lost } from './follow-events.ts';
import { fetchTransport, type ApiResponse, type Transport } from './transport.ts';

/** Covers connecting and the whole answer; streams have no such limit. */
export const CALL_TIMEOUT_MS = 15_000;

export interface ClientOptions {
  /** `http(s)://host:port`; empty for the page's own origin. */
  readonly baseUrl: string;
  readonly username: string;
  readonly password: string;
  /** @default fetchTransport */
  readonly transport?: Transport;
  /** @default CALL_TIMEOUT_MS */
  readonly timeoutMs?: number;
}

export type TaskEvent =
  | {
      readonly event: 'snapshot';
      readonly data: { readonly task: TaskSummary; readonly hosts: readonly HostRow[] };
    }
  | { readonly event: 'hosts'; readonly data: readonly HostRow[] }
  | { readonly event: 'task' | 'end'; readonly data: TaskSummary }
  | Lost;

export type ListEvent = { readonly event: 'tasks'; readonly data: readonly TaskSummary[] } | Lost;

export type FollowCallOptions = Pick<FollowOptions, 'signal' | 'pause' | 'silenceMs'>;

/** An answer, and its text as it came. */
export interface Answer<T> {
  readonly value: T;
  readonly text: string;
}

type Request = Pick<Call<unknown>, 'method' | 'path' | 'body'> & { readonly signal: AbortSignal };

export class GofdClient {
  readonly #options: ClientOptions;
  readonly #authorization: string;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#authorization = basicAuth(options.username, options.password);
  }

  createTask(task: NewTask): Promise<TaskView> {
    return this.call(calls.createTask(task));
  }

  /** What a create call of the same task would meet, host by host; nothing is created. */
  planTask(task: NewTask, signal?: AbortSignal): Promise<PlanView> {
    return this.call(calls.planTask(task), signal);
  }

  getTask(id: string, signal?: AbortSignal): Promise<TaskView> {
    return this.call(calls.getTask(id), signal);
  }

  /** Newest first; all of them when nothing is asked for. */
  listTasks(query?: TasksQuery, signal?: AbortSignal): Promise<TaskPage> {
    return this.call(calls.listTasks(query), signal);
  }

  listHosts(id: string, query?: HostsQuery, signal?: AbortSignal): Promise<HostPage> {
    return this.call(calls.listHosts(id, query), signal);
  }

  cancelTask(id: string): Promise<TaskView> {
    return this.call(calls.cancelTask(id));
  }

  /** A new attempt for the hosts that do not have the files. */
  retryTask(id: string): Promise<TaskView> {
    return this.call(calls.retryTask(id));
  }

  /** @param speed upload limit of each process of the task, MiB a second */
  changeSpeed(id: string, speed: number): Promise<TaskView> {
    return this.call(calls.changeSpeed(id, speed));
  }

  async listAgents(signal?: AbortSignal): Promise<readonly AgentRow[]> {
    return (await this.call(calls.listAgents(), signal)).agents;
  }

  /** What is known of one host, and what it says now. @param host as an entry of destIPs */
  checkHost(host: string, signal?: AbortSignal): Promise<HostCheck> {
    return this.call(calls.checkHost(host), signal);
  }

  /** Everything that happens to a task, until its end; each connection begins with a snapshot. */
  followTask(id: string, options: FollowCallOptions = {}): AsyncGenerator<TaskEvent> {
    return this.#follow<TaskEvent>(`${taskPath(id)}/events`, { ...options, lastEvent: 'end' });
  }

  /** Every task that changes; each connection begins with the newest. */
  followTasks(options: FollowCallOptions = {}): AsyncGenerator<ListEvent> {
    return this.#follow<ListEvent>('/events', options);
  }

  /**
   * One call, and its answer as it came.
   * @throws ApiError when it is refused or brings no answer
   */
  async callText(call: Call<unknown>, signal?: AbortSignal): Promise<string> {
    const { timeoutMs = this.#options.timeoutMs ?? CALL_TIMEOUT_MS } = call;
    const timeout = AbortSignal.timeout(timeoutMs);
    const response = await this.#send({
      ...call,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    const text = await response.text().catch((cause: unknown) => {
      throw ApiError.unreachable(cause);
    });
    if (!isSuccess(response)) throw ApiError.fromAnswer(response.status, text);
    return text;
  }

  /** @throws ApiError when it is refused, brings no answer, or one that no GoFD server gives */
  async answer<T>(call: Call<T>, signal?: AbortSignal): Promise<Answer<T>> {
    const text = await this.callText(call, signal);
    const value = parseObject(text);
    if (!value || call.isAnswer?.(value) === false) {
      const message = 'the answer is not one of a GoFD server of this version';
      throw new ApiError({ statusCode: 200, code: 'NOT_GOFD', message });
    }
    return { value: value as T, text };
  }

  /** @throws ApiError as `answer` does */
  async call<T>(call: Call<T>, signal?: AbortSignal): Promise<T> {
    return (await this.answer(call, signal)).value;
  }

  async *#follow<Event extends { readonly event: string }>(
    path: string,
    options: Omit<FollowOptions, 'connect'>,
  ): AsyncGenerator<Event> {
    const connect = async (signal: AbortSignal): Promise<ApiResponse> => {
      const response = await this.#send({ method: 'GET', path, signal });
      if (!isSuccess(response)) throw ApiError.fromAnswer(response.status, await response.text());
      return response;
    };
    for await (const item of followEvents({ ...options, connect })) {
      if (item.event === 'lost') yield item as unknown as Event;
      else
        yield {
          event: item.event,
          data: JSON.parse(item.data as string) as unknown,
        } as unknown as Event;
    }
  }

  #send({ method, path, body, signal }: Request): Promise<ApiResponse> {
    const { baseUrl, transport = fetchTransport } = this.#options;
    return transport({
      method,
      url: `${baseUrl}/api/v1/server${path}`,
      headers: {
        authorization: this.#authorization,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal,
    }).catch((cause: unknown) => {
      throw cause instanceof ApiError ? cause : ApiError.unreachable(cause);
    });
  }
}

function isSuccess({ status }: ApiResponse): boolean {
  return status >= 200 && status <= 299;
}

function basicAuth(username: string, password: string): string {
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}
