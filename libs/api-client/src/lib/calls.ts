/**
 * The calls of the server's REST interface (docs/http-api.md) as data: who wants the answer as it came
 * performs them by `GofdClient.answer`.
 */
import type {
  AgentRow,
  HostCheck,
  HostPage,
  HostStatus,
  PlanView,
  TaskStatus,
  TaskSummary,
  TaskView,
} from '@gofd/task-model';
import {
  isAgentList,
  isHostCheck,
  isHostPage,
  isPlanView,
  isTaskList,
  isTaskView,
  type AnswerCheck,
} from './answer-checks.ts';
import type { ApiRequest } from './transport.ts';

/** Of a plan: a thousand hosts that are off take the server more than a minute to give up on. */
export const PLAN_TIMEOUT_MS = 20 * 60_000;
/** Of a check: the server gives the host 10 s for each of two questions. */
export const CHECK_TIMEOUT_MS = 30_000;

/** A call by its method and its path below `/api/v1/server`. */
export interface Call<T> {
  readonly method: ApiRequest['method'];
  readonly path: string;
  readonly body?: unknown;
  /** Whether an object is what a GoFD server would answer here. @default any object is */
  readonly isAnswer?: AnswerCheck;
  /** Covers connecting and the whole answer. @default that of the client */
  readonly timeoutMs?: number;
  /** Of the answer; never there. */
  readonly answers?: T;
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

export interface TaskPage {
  readonly tasks: readonly TaskSummary[];
  readonly next?: string;
}

export interface AgentList {
  readonly agents: readonly AgentRow[];
}

export const calls = {
  createTask: (task: NewTask): Call<TaskView> => ({
    method: 'POST',
    path: '/tasks',
    body: task,
    isAnswer: isTaskView,
  }),

  /** What a create call of the same task would meet; nothing is created. */
  planTask: (task: NewTask): Call<PlanView> => ({
    method: 'POST',
    path: '/tasks/plan',
    body: task,
    isAnswer: isPlanView,
    timeoutMs: PLAN_TIMEOUT_MS,
  }),

  getTask: (id: string): Call<TaskView> => ({
    method: 'GET',
    path: taskPath(id),
    isAnswer: isTaskView,
  }),

  /** Newest first; all of them when nothing is asked for. */
  listTasks: (query: TasksQuery = {}): Call<TaskPage> => ({
    method: 'GET',
    path: `/tasks${queryText({ ...query })}`,
    isAnswer: isTaskList,
  }),

  listHosts: (id: string, query: HostsQuery = {}): Call<HostPage> => ({
    method: 'GET',
    path: `${taskPath(id)}/hosts${queryText({ ...query })}`,
    isAnswer: isHostPage,
  }),

  cancelTask: (id: string): Call<TaskView> => ({
    method: 'DELETE',
    path: taskPath(id),
    isAnswer: isTaskView,
  }),

  /** A new attempt for the hosts that do not have the files. */
  retryTask: (id: string): Call<TaskView> => ({
    method: 'POST',
    path: `${taskPath(id)}/retry`,
    isAnswer: isTaskView,
  }),

  /** @param speed upload limit of each process of the task, MiB a second */
  changeSpeed: (id: string, speed: number): Call<TaskView> => ({
    method: 'PATCH',
    path: taskPath(id),
    body: { speed },
    isAnswer: isTaskView,
  }),

  listAgents: (): Call<AgentList> => ({ method: 'GET', path: '/agents', isAnswer: isAgentList }),

  /** What is known of one host, and what it says now. @param host as an entry of destIPs */
  checkHost: (host: string): Call<HostCheck> => ({
    method: 'GET',
    path: `/agents/check${queryText({ host })}`,
    isAnswer: isHostCheck,
    timeoutMs: CHECK_TIMEOUT_MS,
  }),
} as const;

export function taskPath(id: string): string {
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
