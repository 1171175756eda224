import { answers, Rule } from '../field-rule.ts';
import { IsInt, IsNumber, Max, Min } from 'class-validator';

export const MAX_TASK_SPEED_MIB_PER_SECOND = 100_000;

/** Body of PATCH /api/v1/server/tasks/:id. */
export class ChangeTaskDto {
  /** Upload limit of each process of the task from now on, MiB a second; fractions are fine. */
  @Rule('speed', 'FIELD_RANGE', speedProblem)
  @IsNumber({}, answers('FIELD_TYPE'))
  speed!: number;
}

/** Body of PATCH /api/v1/agent/tasks/:id. */
export class ChangeAgentTaskDto {
  /** Upload limit of the receiving process for this task from now on, bytes a second. */
  @Max(Number.MAX_SAFE_INTEGER)
  @Min(1)
  @IsInt(answers('FIELD_TYPE'))
  speed!: number;
}

function speedProblem(speed: unknown): string | undefined {
  if (typeof speed !== 'number') return undefined;
  const isInRange = speed > 0 && speed <= MAX_TASK_SPEED_MIB_PER_SECOND;
  return isInRange ? undefined : `must be above 0 and up to ${MAX_TASK_SPEED_MIB_PER_SECOND}`;
}
