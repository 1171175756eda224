import { describe, expect, it } from 'vitest';
import { errnoOf, StoreError, toDestinationError } from './errors.ts';

function errnoError(code: string): Error {
  return Object.assign(new Error(`${code}: as the kernel says it`), { code });
}

describe('toDestinationError', () => {
  it.each([
    ['ENOSPC', 'NO_SPACE'],
    ['EDQUOT', 'NO_SPACE'],
    ['EACCES', 'DEST_UNWRITABLE'],
    ['EPERM', 'DEST_UNWRITABLE'],
    ['EROFS', 'DEST_UNWRITABLE'],
    ['ENOTDIR', 'DEST_UNWRITABLE'],
    ['ENOENT', 'DEST_UNWRITABLE'],
    ['ELOOP', 'DEST_NOT_REGULAR'],
    ['EISDIR', 'DEST_NOT_REGULAR'],
    ['ENAMETOOLONG', 'UNSAFE_PATH'],
    ['EIO', 'IO_ERROR'],
    ['EMFILE', 'IO_ERROR'],
  ])('makes %s %s, and keeps the cause', (errno, code) => {
    const cause = errnoError(errno);
    const error = toDestinationError(cause, 'cannot write /d/x');
    expect(error).toMatchObject({ code, message: `cannot write /d/x: ${errno}`, cause });
  });

  it('passes a storage failure on as it is', () => {
    const known = new StoreError('NO_SPACE', 'full');
    expect(toDestinationError(known, 'cannot write')).toBe(known);
  });

  it('takes whatever was thrown', () => {
    expect(toDestinationError('odd', 'cannot write')).toMatchObject({
      code: 'IO_ERROR',
      message: 'cannot write: odd',
    });
  });
});

describe('errnoOf', () => {
  it.each([
    [errnoError('EIO'), 'EIO'],
    [{ code: 5 }, undefined],
    [new Error('plain'), undefined],
    [undefined, undefined],
    [null, undefined],
    ['EIO', undefined],
  ])('reads the errno of %s', (error, errno) => {
    expect(errnoOf(error)).toBe(errno);
  });
});
