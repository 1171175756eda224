/** What the form of a new task means, and which field a refusal belongs to. */
import { ApiError, type NewTask } from '@gofd/api-client';
import type { RequestErrorCode } from '@gofd/task-model';

/** Fields of the create call that the form has. */
export const NEW_TASK_FIELDS = ['id', 'dispatchFiles', 'destIPs', 'destGroups'] as const;
export type NewTaskField = (typeof NEW_TASK_FIELDS)[number];

/** Refusals that name no field, but are about one. */
const FIELD_OF_CODE: Readonly<Partial<Record<RequestErrorCode, NewTaskField>>> = {
  INVALID_TASK_ID: 'id',
  TASK_EXISTED: 'id',
  DUPLICATE_FILE_NAME: 'dispatchFiles',
  SOURCE_FORBIDDEN: 'dispatchFiles',
  SOURCE_NOT_ABSOLUTE: 'dispatchFiles',
  UNSAFE_PATH: 'dispatchFiles',
  INVALID_HOST: 'destIPs',
  DUPLICATE_HOST: 'destIPs',
  DEST_FORBIDDEN: 'destIPs',
  DEST_GROUP_EMPTY: 'destGroups',
};

/** Lists are one entry a line; empty lines do not count, and lists that are empty are left out. */
export function readNewTask(values: Readonly<Record<NewTaskField, string>>): NewTask {
  const destIPs = linesOf(values.destIPs);
  const destGroups = linesOf(values.destGroups);
  return {
    id: values.id.trim(),
    dispatchFiles: linesOf(values.dispatchFiles),
    ...((destIPs.length > 0 || destGroups.length === 0) && { destIPs }),
    ...(destGroups.length > 0 && { destGroups }),
  };
}

/** The same refusal, with the field it is about if the server has named none. */
export function placeRefusal(error: ApiError): ApiError {
  const { statusCode, message } = error;
  const code = error.code as RequestErrorCode; // or another word, that the table does not have
  const field = FIELD_OF_CODE[code];
  if (error.details.length > 0 || field === undefined) return error;
  return new ApiError({ statusCode, code, message, details: [{ field, code, message }] });
}

/** An id that no task has yet, as good as any: `task-20261125-093000`. */
export function suggestTaskId(now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return `task-${stamp}`;
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
