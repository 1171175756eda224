import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsString, ValidateIf } from 'class-validator';
import { MAX_DEST_GROUPS, selectorProblem } from '../agent-labels.ts';
import { answers, MayBeAbsent, Rule } from '../field-rule.ts';
import { parseHostEntry } from '../host-entry.ts';
import { taskIdProblem } from '../task-id.ts';

export const MAX_HOSTS_PER_TASK = 10_000;
export const MAX_FILES_PER_TASK = 10_000;

/** Body of POST /api/v1/server/tasks. */
export class CreateTaskDto {
  @Rule('taskId', 'INVALID_TASK_ID', (id) => (typeof id === 'string' ? taskIdProblem(id) : ''))
  @IsString(answers('FIELD_TYPE'))
  id!: string;

  /** Absolute paths on the server; regular files. */
  @Rule('sources', 'SOURCE_NOT_ABSOLUTE', (files) => firstProblem(files, sourceProblem))
  @IsString(answers('FIELD_TYPE', true))
  @ArrayMaxSize(MAX_FILES_PER_TASK)
  @ArrayNotEmpty()
  @IsArray(answers('FIELD_TYPE'))
  dispatchFiles!: string[];

  /** Hosts: IPv4, [IPv6] or name, each with an optional management port. Absent only beside groups. */
  @Rule('hosts', 'INVALID_HOST', (hosts) => firstProblem(hosts, hostProblem))
  @IsString(answers('FIELD_TYPE', true))
  @ArrayMaxSize(MAX_HOSTS_PER_TASK)
  @ArrayNotEmpty()
  @IsArray(answers('FIELD_TYPE'))
  @ValidateIf((body: CreateTaskDto) => !(body.destIPs === undefined && body.destGroups))
  destIPs!: string[];

  /** Groups of announced agents, each `key=value[,key=value …]` of labels or `zone=…`. */
  @Rule('selectors', 'FIELD_RANGE', (groups) => firstProblem(groups, selectorProblem))
  @IsString(answers('FIELD_TYPE', true))
  @ArrayMaxSize(MAX_DEST_GROUPS)
  @ArrayNotEmpty()
  @IsArray(answers('FIELD_TYPE'))
  @MayBeAbsent()
  destGroups?: string[];
}

function hostProblem(entry: string): string | undefined {
  const parsed = parseHostEntry(entry);
  return 'problem' in parsed ? parsed.problem : undefined;
}

function sourceProblem(path: string): string | undefined {
  if (!path.startsWith('/')) return 'must be an absolute path on the server';
  return path.includes('\0') ? 'must not hold a NUL character' : undefined;
}

function firstProblem(
  values: unknown,
  problemOf: (value: string) => string | undefined,
): string | undefined {
  if (!Array.isArray(values)) return undefined;
  for (const [index, value] of values.entries()) {
    const problem = typeof value === 'string' ? problemOf(value) : undefined;
    if (problem !== undefined) return `[${index}] ${JSON.stringify(value)}: ${problem}`;
  }
  return undefined;
}
