/**
 * Whether an answer is one of a GoFD server, before anything is read from it: an address may name a proxy,
 * an agent or something else altogether. Only what a caller would fall over is looked at.
 */
import { HOST_STATUSES, PLAN_VERDICTS, TASK_STATUSES } from '@gofd/task-model';

type Json = Readonly<Record<string, unknown>>;

export type AnswerCheck = (answer: Json) => boolean;

export const isTaskView: AnswerCheck = (answer) =>
  isSummary(answer) && Array.isArray(answer['dispatchFiles']) && hasHosts(answer);

export const isTaskList: AnswerCheck = ({ tasks }) => isListOf(tasks, isSummary);

export const isHostPage: AnswerCheck = ({ hosts }) => isListOf(hosts, isHost);

export const isAgentList: AnswerCheck = ({ agents }) =>
  isListOf(agents, ({ address, version }) => isText(address) && isText(version));

export const isPlanView: AnswerCheck = ({ isReady, hosts }) =>
  typeof isReady === 'boolean' && isListOf(hosts, isHostPlan);

export const isHostCheck: AnswerCheck = ({ plan, tasks }) =>
  isObject(plan) &&
  isHostPlan(plan) &&
  isListOf(tasks, ({ id, row }) => isText(id) && isObject(row) && isHost(row));

function isHostPlan({ host, verdict, problems }: Json): boolean {
  if (!isText(host) || !Array.isArray(problems)) return false;
  return (PLAN_VERDICTS as readonly unknown[]).includes(verdict);
}

function isSummary(task: Json): boolean {
  if (!isText(task['id']) || !isObject(task['hostCounts'])) return false;
  return (TASK_STATUSES as readonly unknown[]).includes(task['status']);
}

function hasHosts(task: Json): boolean {
  const hosts = task['dispatchInfos'];
  return isObject(hosts) && isListOf(Object.values(hosts), isHost);
}

function isHost(host: Json): boolean {
  if (typeof host['percentComplete'] !== 'number') return false;
  return (HOST_STATUSES as readonly unknown[]).includes(host['status']);
}

function isListOf(values: unknown, isOne: AnswerCheck): boolean {
  return Array.isArray(values) && values.every((value) => isObject(value) && isOne(value));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
