/**
 * Checks that an answer is one of a GoFD server before anything is read from it: --server may name
 * a proxy, an agent or something else altogether.
 */
import {
  HOST_STATUSES,
  TASK_STATUSES,
  type ErrorBody,
  type TaskSummary,
  type TaskView,
} from '@gofd/task-model';
import { CliError, errorFromAnswer } from '../errors.ts';

type Json = Readonly<Record<string, unknown>>;

export function readTaskView(json: string): TaskView {
  const view = parseObject(json);
  if (!isSummary(view) || !Array.isArray(view['dispatchFiles']) || !hasHosts(view)) throw foreign();
  return view as unknown as TaskView;
}

export function readTaskList(json: string): readonly TaskSummary[] {
  const tasks = parseObject(json)?.['tasks'];
  if (!Array.isArray(tasks) || !tasks.every((task) => isObject(task) && isSummary(task))) {
    throw foreign();
  }
  return tasks as unknown as readonly TaskSummary[];
}

export function readErrorAnswer(statusCode: number, json: string, baseUrl: string): CliError {
  const body = parseObject(json);
  if (body && typeof body['code'] === 'string' && typeof body['message'] === 'string') {
    return errorFromAnswer({ ...(body as unknown as ErrorBody), statusCode }, json);
  }
  const message = `${baseUrl} answered ${statusCode}, and not as a GoFD server does`;
  return errorFromAnswer({ statusCode, code: `HTTP_${statusCode}`, message });
}

function isSummary(task: Json | undefined): task is Json {
  if (!task || typeof task['id'] !== 'string' || !isObject(task['hostCounts'])) return false;
  return (TASK_STATUSES as readonly unknown[]).includes(task['status']);
}

function hasHosts(task: Json): boolean {
  const hosts = task['dispatchInfos'];
  return isObject(hosts) && Object.values(hosts).every(isHost);
}

function isHost(host: unknown): boolean {
  if (!isObject(host) || typeof host['percentComplete'] !== 'number') return false;
  return (HOST_STATUSES as readonly unknown[]).includes(host['status']);
}

function parseObject(json: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function foreign(): CliError {
  return new CliError('unexpected', 'the answer is not one of a GoFD server of this version', {
    hint: 'check --server, and `gofd --version` against the version of the server',
  });
}
