import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { answers, MayBeAbsent, Rule } from '../field-rule.ts';
import { HOST_STATUSES, TASK_STATUSES } from '../task-status.ts';

/** Rows of one answer at most. */
export const MAX_TASKS_PER_PAGE = 1_000;
export const MAX_HOSTS_PER_PAGE = 1_000;
const MAX_CURSOR_CHARS = 200;

/** Query of GET /api/v1/server/tasks. Without any of it all tasks are listed. */
export class ListTasksQueryDto {
  /** States, separated by commas. */
  @Rule('status', 'FIELD_RANGE', (list) => unknownState(list, TASK_STATUSES))
  @Rule('once', 'FIELD_TYPE', notOnce)
  @MayBeAbsent()
  status?: string;

  @Max(MAX_TASKS_PER_PAGE)
  @Min(1)
  @IsInt(answers('FIELD_TYPE'))
  @Type(() => Number)
  @MayBeAbsent()
  limit?: number;

  /** `next` of the page before. */
  @Rule('cursor', 'INVALID_CURSOR', (cursor) => cursorProblem(cursor, TASK_CURSOR))
  @Rule('once', 'FIELD_TYPE', notOnce)
  @MayBeAbsent()
  after?: string;
}

/** Query of GET /api/v1/server/tasks/:id/hosts. */
export class ListHostsQueryDto {
  /** States, separated by commas. */
  @Rule('state', 'FIELD_RANGE', (list) => unknownState(list, HOST_STATUSES))
  @Rule('once', 'FIELD_TYPE', notOnce)
  @MayBeAbsent()
  state?: string;

  @Max(MAX_HOSTS_PER_PAGE)
  @Min(1)
  @IsInt(answers('FIELD_TYPE'))
  @Type(() => Number)
  @MayBeAbsent()
  limit?: number;

  /** `next` of the page before. */
  @Rule('cursor', 'INVALID_CURSOR', (cursor) => cursorProblem(cursor, HOST_CURSOR))
  @Rule('once', 'FIELD_TYPE', notOnce)
  @MayBeAbsent()
  after?: string;
}

/** When the last task of a page was created, ms since 1970, and its id. */
const TASK_CURSOR = /^[0-9]{1,16}~./;
/** Position in destIPs of the last host of a page. */
const HOST_CURSOR = /^[0-9]{1,6}$/;

function notOnce(value: unknown): string | undefined {
  return typeof value === 'string' ? undefined : 'must be given once';
}

function unknownState(list: unknown, known: readonly string[]): string | undefined {
  if (typeof list !== 'string') return undefined;
  const unknown = list.split(',').find((state) => !known.includes(state));
  return unknown === undefined
    ? undefined
    : `must be ${known.join(', ')}, or several of them with commas, not "${unknown.slice(0, 40)}"`;
}

function cursorProblem(cursor: unknown, form: RegExp): string | undefined {
  if (typeof cursor !== 'string') return undefined;
  const isOne = cursor.length <= MAX_CURSOR_CHARS && form.test(cursor);
  return isOne ? undefined : 'must be the `next` of an earlier answer';
}
