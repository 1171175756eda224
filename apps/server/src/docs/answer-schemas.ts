/** The answers of the server as JSON Schema. A test compares them with what the server really answers. */
import { HOST_STATUSES, PLAN_VERDICTS, TASK_STATUSES } from '@gofd/task-model';
import type { JsonSchema } from './json-schema.ts';

const TEXT: JsonSchema = { type: 'string' };
const TIME: JsonSchema = { type: 'string', format: 'date-time' };
const COUNT: JsonSchema = { type: 'integer', minimum: 0 };
const PERCENT: JsonSchema = { type: 'number', minimum: 0, maximum: 100 };
const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
const listOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items });

/** @param optional properties that may be absent */
function object(
  required: Readonly<Record<string, JsonSchema>>,
  optional: Readonly<Record<string, JsonSchema>> = {},
): JsonSchema {
  const properties = { ...required, ...optional };
  return { type: 'object', properties, required: Object.keys(required) };
}

const SUMMARY = {
  id: TEXT,
  status: { type: 'string', enum: TASK_STATUSES },
  attempt: { type: 'integer', minimum: 1 },
  createdAt: TIME,
  serverSentBytes: COUNT,
  hostCounts: object({
    total: COUNT,
    waiting: COUNT,
    inProgress: COUNT,
    completed: COUNT,
    failed: COUNT,
    cancelled: COUNT,
  }),
  files: listOf(object({ name: TEXT }, { length: COUNT })),
  fileCount: COUNT,
  percentComplete: PERCENT,
} satisfies Readonly<Record<string, JsonSchema>>;

const SUMMARY_OPTIONAL = {
  startedAt: TIME,
  finishedAt: TIME,
  totalBytes: COUNT,
  bytesPerSecond: COUNT,
  etaSeconds: COUNT,
  speed: { type: 'number', description: 'MiB a second' },
  code: TEXT,
  message: TEXT,
} satisfies Readonly<Record<string, JsonSchema>>;

const HOST_STATUS: JsonSchema = { type: 'string', enum: HOST_STATUSES };
const FAILURES = listOf(object({ code: TEXT, message: TEXT }));
const FLAG: JsonSchema = { type: 'boolean' };
const SECONDS: JsonSchema = { type: 'number', minimum: 0 };
const WHY = { code: TEXT, message: TEXT, explanation: TEXT };

export const ANSWER_SCHEMAS = {
  TaskSummary: object(SUMMARY, SUMMARY_OPTIONAL),
  HostView: object(
    {
      status: HOST_STATUS,
      percentComplete: PERCENT,
      dispatchFiles: listOf(object({ filename: TEXT })),
    },
    { startedAt: TIME, finishedAt: TIME, ...WHY },
  ),
  TaskView: object(
    {
      ...SUMMARY,
      dispatchFiles: listOf(TEXT),
      dispatchInfos: { type: 'object', additionalProperties: ref('HostView') },
    },
    SUMMARY_OPTIONAL,
  ),
  TaskList: object({ tasks: listOf(ref('TaskSummary')) }, { next: TEXT }),
  HostRow: object(
    {
      host: TEXT,
      status: HOST_STATUS,
      percentComplete: PERCENT,
      attempt: { type: 'integer', minimum: 1 },
      updatedAt: TIME,
    },
    {
      ...WHY,
      bytesPerSecond: COUNT,
      zone: TEXT,
      sources: listOf(object({ host: TEXT, bytes: COUNT })),
    },
  ),
  HostPage: object({ hosts: listOf(ref('HostRow')) }, { next: TEXT }),
  ReportReceipt: object({ taskId: TEXT, taskStatus: SUMMARY.status }),
  AgentRow: object(
    {
      name: TEXT,
      address: TEXT,
      dataPort: COUNT,
      version: TEXT,
      freeBytes: COUNT,
      lastSeenAt: TIME,
      isAlive: FLAG,
    },
    { zone: TEXT, labels: { type: 'object', additionalProperties: TEXT } },
  ),
  AgentList: object({ agents: listOf(ref('AgentRow')) }),
  HostPlan: object(
    {
      host: TEXT,
      verdict: { type: 'string', enum: PLAN_VERDICTS },
      problems: FAILURES,
    },
    {
      version: TEXT,
      freeBytes: COUNT,
      replaces: listOf(TEXT),
      replacedCount: COUNT,
      measuredBytesPerSecond: COUNT,
      predictedSeconds: SECONDS,
    },
  ),
  PlanView: object(
    { isReady: FLAG, fileCount: COUNT, problems: FAILURES, hosts: listOf(ref('HostPlan')) },
    { totalBytes: COUNT, predictedSeconds: SECONDS },
  ),
  HostCheck: object(
    {
      plan: ref('HostPlan'),
      tasks: listOf(
        object({ id: TEXT, status: SUMMARY.status, createdAt: TIME, row: ref('HostRow') }),
      ),
    },
    { announced: ref('AgentRow') },
  ),
  AnnounceReceipt: object({ intervalMs: COUNT }),
  AuditList: object({
    entries: listOf(
      object({ at: TIME, actor: TEXT, action: TEXT, detail: TEXT }, { taskId: TEXT }),
    ),
  }),
  Health: object({ status: TEXT }),
  EventStream: { type: 'string', description: 'server-sent events, see docs/http-api.md' },
  Error: object(
    { statusCode: COUNT, code: TEXT, message: TEXT },
    { details: listOf(object({ field: TEXT, code: TEXT, message: TEXT })), requestId: TEXT },
  ),
} as const satisfies Readonly<Record<string, JsonSchema>>;

export type AnswerName = keyof typeof ANSWER_SCHEMAS;
