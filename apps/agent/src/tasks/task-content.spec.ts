import { describe, expect, it } from 'vitest';
import { RequestError, type DispatchTaskDto, type MetaInfoDto } from '@gofd/task-model';
import {
  aCreateCall,
  aFile,
  metaInfoOf,
  PIECE_BYTES,
  type SampleFile,
} from '../../test/a-create-call.ts';
import {
  aManifest,
  aV2CreateCall,
  inline,
  manifestBytes,
  referenceTo,
} from '../../test/a-v2-create-call.ts';
import { readTaskContent, type TaskContent } from './task-content.ts';

/** Files of 3 pieces together, the last of them shorter. */
const FILES = [aFile('one', PIECE_BYTES + 5), aFile('empty', 0), aFile('two', PIECE_BYTES)];
const GOOD = metaInfoOf(FILES);

/** What is read from a call that says all. */
function contentOf(call: DispatchTaskDto): TaskContent {
  const content = readTaskContent(call);
  if (!content) throw new Error('the call says nothing of the content');
  return content;
}

function v1(metaInfo: MetaInfoDto): DispatchTaskDto {
  return aCreateCall(FILES, { metaInfo });
}

/** Code and field with which a call is refused. */
function refusalOf(call: DispatchTaskDto): unknown {
  try {
    return readTaskContent(call);
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

describe('the content of a v1 task', () => {
  it('gives layout, hashes and geometry that fit each other', () => {
    const { layout, hashes, geometry } = contentOf(v1(GOOD));
    expect(layout.files.map(({ name }) => name)).toEqual(['one', 'empty', 'two']);
    expect([layout.pieceCount, hashes.pieceCount, geometry.pieceCount]).toEqual([3, 3, 3]);
    expect(geometry.totalBytes).toBe(2 * PIECE_BYTES + 5);
    const joined = Buffer.concat(FILES.map(({ bytes }) => bytes));
    expect(hashes.matches(2, joined.subarray(2 * PIECE_BYTES))).toBe(true);
  });

  it('takes a task of empty files alone: it has no pieces', () => {
    expect(contentOf(v1(metaInfoOf([aFile('empty', 0)]))).layout.pieceCount).toBe(0);
  });

  it('reads the lengths up to the largest exact number', () => {
    const length = 16 * 2 ** 30;
    const meta = { ...GOOD, PieceLen: 16 * 2 ** 20, length, files: [{ name: 'a', length }] };
    const content = contentOf(v1({ ...meta, pieces: digests(1024) }));
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
    expect(refusalOf(v1(meta))).toEqual([code, `metaInfo.${field}`]);
  });
});

describe('the content of a v2 task', () => {
  const manifest = aManifest(FILES);
  const withManifest = (bytes: Buffer): DispatchTaskDto =>
    aV2CreateCall(FILES, { manifest: inline(bytes) });

  it('is that of the manifest in the call', () => {
    const { layout, hashes, geometry } = contentOf(aV2CreateCall(FILES));
    expect(layout.files).toEqual(FILES.map(({ name, bytes }) => ({ name, length: bytes.length })));
    expect([layout.pieceCount, hashes.pieceCount, geometry.pieceCount]).toEqual([3, 3, 3]);
    expect(geometry.totalBytes).toBe(2 * PIECE_BYTES + 5);
    const joined = Buffer.concat(FILES.map(({ bytes }) => bytes));
    expect(hashes.matches(2, joined.subarray(2 * PIECE_BYTES))).toBe(true);
  });

  it('is not known from a call without the manifest', () => {
    expect(readTaskContent(aV2CreateCall(FILES, { manifest: referenceTo(manifest) }))).toBe(
      undefined,
    );
  });

  it.each([
    ['short pieces in one block', 32 * 1024, 32 * 1024],
    ['pieces of a block', 256 * 1024, 256 * 1024],
    ['long pieces in blocks of 256 KiB', 8 * 2 ** 20, 256 * 1024],
  ])('has %s', (_what, pieceBytes, blockBytes) => {
    const { geometry } = contentOf(withManifest(aManifest(FILES, pieceBytes)));
    expect([geometry.pieceBytes, geometry.blockBytes]).toEqual([pieceBytes, blockBytes]);
  });

  it('may be empty files alone', () => {
    const empty = aManifest([aFile('empty', 0)]);
    expect(contentOf(withManifest(empty)).layout.pieceCount).toBe(0);
  });

  const namesOnly = (...names: readonly string[]): Buffer =>
    manifestBytes({
      pieceBytes: PIECE_BYTES,
      files: names.map((name) => ({ name, length: 0 })),
      digests: new Uint8Array(0),
    });
  const otherDigest = referenceTo(aManifest([aFile('other')])).digest;

  it.each<[string, DispatchTaskDto, string, string]>([
    [
      'metaInfo beside a manifest',
      aV2CreateCall(FILES, { metaInfo: GOOD }),
      'INVALID_META_INFO',
      'manifest',
    ],
    [
      'a plan without a manifest',
      aCreateCall(FILES, { plan: { sources: [], degree: 0 } }),
      'INVALID_LINK_CHAIN',
      'plan',
    ],
    [
      'another digest',
      aV2CreateCall(FILES, { manifest: { ...inline(manifest), digest: otherDigest } }),
      'INVALID_META_INFO',
      'manifest.content',
    ],
    [
      'a byte more than was said',
      aV2CreateCall(FILES, { manifest: { ...inline(manifest), bytes: manifest.length - 1 } }),
      'INVALID_META_INFO',
      'manifest.content',
    ],
    [
      'an empty text where bytes were said',
      aV2CreateCall(FILES, { manifest: { ...inline(manifest), content: '' } }),
      'INVALID_META_INFO',
      'manifest.content',
    ],
    [
      'bytes that are no manifest',
      withManifest(Buffer.from('no manifest at all')),
      'INVALID_META_INFO',
      'manifest.content',
    ],
    [
      'a manifest without its last hash',
      withManifest(manifest.subarray(0, -32)),
      'INVALID_META_INFO',
      'manifest.content',
    ],
    [
      'B06: a name twice',
      withManifest(namesOnly('a', 'b', 'a')),
      'DUPLICATE_FILE_NAME',
      'manifest.content',
    ],
    ['B60: ../../x', withManifest(namesOnly('../../x')), 'UNSAFE_PATH', 'manifest.content'],
    [
      'B60: an absolute name',
      withManifest(namesOnly('a', '/etc/x')),
      'UNSAFE_PATH',
      'manifest.content',
    ],
    [
      'B60: the working directory',
      withManifest(namesOnly('.gofd')),
      'UNSAFE_PATH',
      'manifest.content',
    ],
    ['a name with a NUL', withManifest(namesOnly('a\0b')), 'UNSAFE_PATH', 'manifest.content'],
  ])('is refused with %s', (_what, call, code, field) => {
    expect(refusalOf(call)).toEqual([code, field]);
  });
});
