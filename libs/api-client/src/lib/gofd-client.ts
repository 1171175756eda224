/** The server's REST interface, call by call (docs/http-api.md). */
import type {
  AgentRow,
  HostPage,
  HostRow,
  HostStatus,
  TaskStatus,
  TaskSummary,
  TaskView,
} from '@gofd/task-model';
import { ApiError, parseObject } from './api-error.ts';
import { followEvents, type FollowOptions, type Lost } from './follow-events.ts';
import { fetchTransport, type ApiRequest, type ApiResponse, type Transport } from './transport.ts';

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

export interface NewTask {
  readonly id: string;
  readonly dispatchFiles: readonly string[];
  readonly destIPs?: readonly string[];
  /** Selectors of announced agents: `key=value` of a label, or `zone=…`. */
  readonly destGroups?: readonly string[];
}

export interface TasksQuery {
  readonly status?: readonly TaskStatus[];
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string;
}

export interface HostsQuery {
  readonly state?: readonly HostStatus[];
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string;
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

/** A call by its method and its path below `/api/v1/server`. */
type Call = Pick<ApiRequest, 'method'> & { readonly path: string; readonly body?: unknown };

export class GofdClient {
  readonly #options: ClientOptions;
  readonly #authorization: string;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#authorization = basicAuth(options.username, options.password);
  }

  createTask(task: NewTask): Promise<TaskView> {
    return this.call({ method: 'POST', path: '/tasks', body: task });
  }

  getTask(id: string, signal?: AbortSignal): Promise<TaskView> {
    return this.call({ method: 'GET', path: taskPath(id) }, signal);
  }

  /** Newest first; all of them when nothing is asked for. */
  listTasks(
    query: TasksQuery = {},
    signal?: AbortSignal,
  ): Promise<{ readonly tasks: readonly TaskSummary[]; readonly next?: string }> {
    return this.call({ method: 'GET', path: `/tasks${queryText({ ...query })}` }, signal);
  }

  listHosts(id: string, query: HostsQuery = {}, signal?: AbortSignal): Promise<HostPage> {
    const path = `${taskPath(id)}/hosts${queryText({ ...query })}`;
    return this.call({ method: 'GET', path }, signal);
  }

  cancelTask(id: string): Promise<TaskView> {
    return this.call({ method: 'DELETE', path: taskPath(id) });
  }

  /** A new attempt for the hosts that do not have the files. */
  retryTask(id: string): Promise<TaskView> {
    return this.call({ method: 'POST', path: `${taskPath(id)}/retry` });
  }

  /** @param speed upload limit of each process of the task, MiB a second */
  changeSpeed(id: string, speed: number): Promise<TaskView> {
    return this.call({ method: 'PATCH', path: taskPath(id), body: { speed } });
  }

  async listAgents(signal?: AbortSignal): Promise<readonly AgentRow[]> {
    const call: Call = { method: 'GET', path: '/agents' };
    return (await this.call<{ agents: readonly AgentRow[] }>(call, signal)).agents;
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
  async callText({ method, path, body }: Call, signal?: AbortSignal): Promise<string> {
    const timeout = AbortSignal.timeout(this.#options.timeoutMs ?? CALL_TIMEOUT_MS);
    const response = await this.#send({
      method,
      path,
      body,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    const text = await response.text().catch((cause: unknown) => {
      throw ApiError.unreachable(cause);
    });
    if (!isSuccess(response)) throw ApiError.fromAnswer(response.status, text);
    return text;
  }

  /** @throws ApiError when it is refused, brings no answer, or one that is no JSON object */
  async call<T>(call: Call, signal?: AbortSignal): Promise<T> {
    const text = await this.callText(call, signal);
    const value = parseObject(text);
    if (!value) {
      const message = 'the answer is not one of a GoFD server';
      throw new ApiError({ statusCode: 200, code: 'NOT_GOFD', message });
    }
    return value as T;
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

  #send({ method, path, body, signal }: Call & { signal: AbortSignal }): Promise<ApiResponse> {
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

function taskPath(id: string): string {
  return `/tasks/${encodeURIComponent(id)}`;
}

type QueryValues = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** Lists with commas, what is absent left out. */
function queryText(query: QueryValues): string {
  const pairs = Object.entries(query).flatMap(([key, value]): [string, string][] =>
    value === undefined ? [] : [[key, String(value)]],
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}

function basicAuth(username: string, password: string): string {
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}
