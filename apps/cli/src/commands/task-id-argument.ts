/** The <id> of get, cancel and watch: checked here, because it becomes part of the address. */
import { taskIdProblem } from '@gofd/task-model';
import { usageError } from '../errors.ts';

export const TASK_ID_ARGUMENT = '<id>';

export function parseTaskId(text: string): string {
  const problem = taskIdProblem(text);
  if (problem !== undefined) {
    throw usageError(
      `${JSON.stringify(text)} is no task id: it ${problem}`,
      '`gofd task list` shows the ids',
    );
  }
  return text;
}
