import { describe, expect, it } from 'vitest';
import { RequestError, type MetaInfoDto } from '@gofd/task-model';
import { aFile, metaInfoOf, PIECE_BYTES, type SampleFile } from '../../test/a-create-call.ts';
import { readTaskContent } from './task-content.ts';

/** Files of 3 pieces together, the last of them shorter. */
const FILES = [aFile('one', PIECE_BYTES + 5), aFile('empty', 0), aFile('two', PIECE_BYTES)];
const GOOD = metaInfoOf(FILES);

/** Code and field with which a content is refused. */
function refusalOf(meta: MetaInfoDto): unknown {
  try {
    return readTaskContent(meta);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    expect(error.details).toHaveLength(1);
    expect(error.message).toBe(error.details?.[0]?.message);
    expect(error.code).toBe(error.details?.[0]?.code);
    return [error.code, error.details?.[0]?.field];
  }
}

function named(...names: readonly string[]): MetaInfoDto {
  return metaInfoOf(names.map((name): SampleFile => ({ name, bytes: Buffer.from('content') })));
}

function digests(count: number): string {
  return Buffer.alloc(count * 20, 1).toString('base64');
}

describe('readTaskContent', () => {
  it('gives layout, hashes and geometry that fit each other', () => {
    const { layout, hashes, geometry } = readTaskContent(GOOD);
    expect(layout.files.map(({ name }) => name)).toEqual(['one', 'empty', 'two']);
    expect([layout.pieceCount, hashes.pieceCount, geometry.pieceCount]).toEqual([3, 3, 3]);
    expect(geometry.totalBytes).toBe(2 * PIECE_BYTES + 5);
    const joined = Buffer.concat(FILES.map(({ bytes }) => bytes));
    expect(hashes.matches(2, joined.subarray(2 * PIECE_BYTES))).toBe(true);
  });

  it('takes a task of empty files alone: it has no pieces', () => {
    expect(readTaskContent(metaInfoOf([aFile('empty', 0)])).layout.pieceCount).toBe(0);
  });

  it('reads the lengths up to the largest exact number', () => {
    const length = 16 * 2 ** 30;
    const meta = { ...GOOD, PieceLen: 16 * 2 ** 20, length, files: [{ name: 'a', length }] };
    const content = readTaskContent({ ...meta, pieces: digests(1024) });
    expect(content.geometry.pieceLength(1023)).toBe(16 * 2 ** 20);
  });

  it.each<[string, MetaInfoDto, string, string]>([
    ['a length above the sum', { ...GOOD, length: GOOD.length + 1 }, 'INVALID_META_INFO', 'length'],
    ['a length below the sum', { ...GOOD, length: GOOD.length - 1 }, 'INVALID_META_INFO', 'length'],
    ['a length of 0', { ...GOOD, length: 0 }, 'INVALID_META_INFO', 'length'],
    [
      'a sum beyond the exact numbers',
      {
        ...GOOD,
        length: Number.MAX_SAFE_INTEGER,
        files: ['a', 'b'].map((name) => ({ name, length: Number.MAX_SAFE_INTEGER })),
      },
      'INVALID_META_INFO',
      'length',
    ],
    ['a piece of 48 KiB', { ...GOOD, PieceLen: 48 * 1024 }, 'INVALID_META_INFO', 'PieceLen'],
    ['a piece of 32,769 bytes', { ...GOOD, PieceLen: 32_769 }, 'INVALID_META_INFO', 'PieceLen'],
    ['B53: too few hashes', { ...GOOD, pieces: digests(2) }, 'INVALID_META_INFO', 'pieces'],
    ['too many hashes', { ...GOOD, pieces: digests(4) }, 'INVALID_META_INFO', 'pieces'],
    ['no hashes', { ...GOOD, pieces: '' }, 'INVALID_META_INFO', 'pieces'],
    [
      'hashes of 19 bytes',
      { ...GOOD, pieces: Buffer.alloc(57).toString('base64') },
      'INVALID_META_INFO',
      'pieces',
    ],
    [
      'hashes without bytes',
      { ...named('a'), length: 0, files: [{ name: 'a', length: 0 }] },
      'INVALID_META_INFO',
      'pieces',
    ],
    ['B06: a name twice', named('a', 'b', 'a'), 'DUPLICATE_FILE_NAME', 'files[2].name'],
    ['B60: ../../x', named('../../x'), 'UNSAFE_PATH', 'files[0].name'],
    ['B60: an absolute name', named('good', '/etc/x'), 'UNSAFE_PATH', 'files[1].name'],
    ['B60: a name in a folder', named('a/b'), 'UNSAFE_PATH', 'files[0].name'],
    ['B60: a name with a backslash', named('..\\x'), 'UNSAFE_PATH', 'files[0].name'],
    ['B60: the folder itself', named('.'), 'UNSAFE_PATH', 'files[0].name'],
    ['B60: the folder above', named('..'), 'UNSAFE_PATH', 'files[0].name'],
    ['B60: the working directory', named('.gofd'), 'UNSAFE_PATH', 'files[0].name'],
    ['B54: 300 characters', named('a'.repeat(300)), 'UNSAFE_PATH', 'files[0].name'],
    ['an empty name', named(''), 'UNSAFE_PATH', 'files[0].name'],
    ['a name with a NUL', named('a\0b'), 'UNSAFE_PATH', 'files[0].name'],
    ['a name with a line break', named('a\nb'), 'UNSAFE_PATH', 'files[0].name'],
    ['a name that turns the text round', named('a\u202Etxt.exe'), 'UNSAFE_PATH', 'files[0].name'],
  ])('refuses %s', (_what, meta, code, field) => {
    expect(refusalOf(meta)).toEqual([code, `metaInfo.${field}`]);
  });
});
