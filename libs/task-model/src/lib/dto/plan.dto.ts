import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInt, IsString, Max, Min, ValidateNested } from 'class-validator';
import { answers, MayBeAbsent, Rule } from '../field-rule.ts';
import { parseHostEntry } from '../host-entry.ts';
import { taskIdProblem } from '../task-id.ts';
import { MAX_FILES_PER_TASK } from './create-task.dto.ts';

/** A file that would come: the name under which it would land, and its length. */
export class PlannedFileDto {
  @IsString(answers('FIELD_TYPE'))
  name!: string;

  @Max(Number.MAX_SAFE_INTEGER)
  @Min(0)
  @IsInt(answers('FIELD_TYPE'))
  length!: number;
}

/** Body of POST /api/v1/agent/plan. */
export class AgentPlanDto {
  /** What this task has on the host already is not in its own way. */
  @Rule('taskId', 'INVALID_TASK_ID', (id) => (typeof id === 'string' ? taskIdProblem(id) : ''))
  @IsString(answers('FIELD_TYPE'))
  @MayBeAbsent()
  taskId?: string;

  /** May be empty: then only the place itself is looked at. */
  @Type(() => PlannedFileDto)
  @ValidateNested({ each: true })
  @ArrayMaxSize(MAX_FILES_PER_TASK)
  @IsArray(answers('FIELD_TYPE'))
  files!: PlannedFileDto[];
}

/** Query of GET /api/v1/server/agents/check. */
export class CheckHostQueryDto {
  /** As an entry of destIPs. */
  @Rule('host', 'INVALID_HOST', hostProblem)
  @Rule('once', 'FIELD_TYPE', (value) =>
    typeof value === 'string' ? undefined : 'must be given once',
  )
  host!: string;
}

function hostProblem(host: unknown): string | undefined {
  if (typeof host !== 'string') return undefined;
  const entry = parseHostEntry(host);
  return 'problem' in entry ? entry.problem : undefined;
}
