/**
 * Names under which files land directly in the download directory. Whatever could leave it, collide
 * with our own working directory, or fool a terminal or a log is refused.
 */

/** Directory inside downdir that holds half-received files and journals. */
export const WORK_DIRECTORY = '.gofd';

/** Longest file name of the common Linux file systems. */
export const MAX_FILE_NAME_BYTES = 255;

const SEPARATORS = /[/\\]/;
// Control and format characters: line breaks, escapes, right-to-left overrides, zero-width marks.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** @returns what is wrong with the name, or undefined when it is safe */
export function fileNameProblem(name: string): string | undefined {
  if (name.trim() === '') return 'is empty';
  if (name === '.' || name === '..') return 'names a directory';
  if (SEPARATORS.test(name)) return 'holds a path separator';
  if (INVISIBLE.test(name)) return 'holds a control or invisible character';
  if (!name.isWellFormed()) return 'is not well-formed Unicode';
  if (new TextEncoder().encode(name).length > MAX_FILE_NAME_BYTES) {
    return `is longer than ${MAX_FILE_NAME_BYTES} bytes`;
  }
  return name === WORK_DIRECTORY ? 'is reserved' : undefined;
}
