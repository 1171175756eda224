/** Failures of storage, with the code that a task ends with and the errno that caused it. */
export type StoreErrorCode =
  | 'SOURCE_FORBIDDEN'
  | 'SOURCE_NOT_FOUND'
  | 'SOURCE_NOT_REGULAR'
  | 'SOURCE_UNREADABLE'
  | 'SOURCE_CHANGED'
  | 'DEST_NOT_REGULAR'
  | 'DEST_UNWRITABLE'
  | 'UNSAFE_PATH'
  | 'NO_SPACE'
  | 'IO_ERROR';

export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'StoreError';
    this.code = code;
  }
}

const CODE_OF_DEST_ERRNO: Readonly<Record<string, StoreErrorCode>> = {
  ENOSPC: 'NO_SPACE',
  EDQUOT: 'NO_SPACE',
  EACCES: 'DEST_UNWRITABLE',
  EPERM: 'DEST_UNWRITABLE',
  EROFS: 'DEST_UNWRITABLE',
  ENOTDIR: 'DEST_UNWRITABLE',
  ENOENT: 'DEST_UNWRITABLE',
  ELOOP: 'DEST_NOT_REGULAR',
  EEXIST: 'DEST_NOT_REGULAR', // what could not be removed to make room
  EISDIR: 'DEST_NOT_REGULAR',
  ENAMETOOLONG: 'UNSAFE_PATH',
};

/** The storage failure behind an error thrown while `doing` (a verb and a path, for people). */
export function toDestinationError(error: unknown, doing: string): StoreError {
  if (error instanceof StoreError) return error;
  const errno = errnoOf(error);
  const code = CODE_OF_DEST_ERRNO[errno ?? ''] ?? 'IO_ERROR';
  return new StoreError(code, `${doing}: ${errno ?? String(error)}`, error);
}

export function errnoOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
