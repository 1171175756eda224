import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { answers, MayBeAbsent, Rule } from '../field-rule.ts';
import { taskIdProblem } from '../task-id.ts';

export const MAX_AUDIT_LIMIT = 1_000;

/** Query of GET /api/v1/server/audit. */
export class AuditQueryDto {
  /** Entries in the answer, the newest. */
  @Max(MAX_AUDIT_LIMIT)
  @Min(1)
  @IsInt(answers('FIELD_TYPE'))
  @Type(() => Number)
  @MayBeAbsent()
  limit?: number;

  /** Of this task alone. */
  @Rule('taskId', 'INVALID_TASK_ID', (value) =>
    typeof value === 'string' ? taskIdProblem(value) : 'must be given once',
  )
  @MayBeAbsent()
  task?: string;
}
