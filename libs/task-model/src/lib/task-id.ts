/**
 * Task ids travel in URLs, log lines, directory names and the v1 handshake header, so they are kept
 * to a plain alphabet. The header holds at most 200 bytes together with user name, digest and salt.
 */
export const MAX_TASK_ID_CHARS = 120;
const TASK_ID = /^[A-Za-z0-9][A-Za-z0-9._:@+=-]*$/;

/** Words that are routes beside `/tasks/:id`, or names that JavaScript objects are born with. */
const RESERVED_TASK_IDS: ReadonlySet<string> = new Set([
  'status',
  'start',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
]);

/** @returns what is wrong with the id, or undefined when it is good */
export function taskIdProblem(id: string): string | undefined {
  if (id.length > MAX_TASK_ID_CHARS) return `must have at most ${MAX_TASK_ID_CHARS} characters`;
  if (!TASK_ID.test(id) || id.includes('..')) {
    return 'must start with a letter or digit and hold only letters, digits and . _ : @ + = - (no "..")';
  }
  if (RESERVED_TASK_IDS.has(id)) return `"${id}" is reserved`;
  return undefined;
}
