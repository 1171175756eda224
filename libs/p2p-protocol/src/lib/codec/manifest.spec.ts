import { describe, expect, it } from 'vitest';
import {
  encodeManifest,
  MAX_MANIFEST_BYTES,
  MAX_MANIFEST_FILES,
  MAX_MANIFEST_NAME_BYTES,
  MAX_MANIFEST_PIECE_BYTES,
  MIN_MANIFEST_PIECE_BYTES,
  parseManifest,
  type Manifest,
} from './manifest.ts';

const EMPTY: Manifest = {
  algorithm: 'sha1',
  pieceBytes: 65_536,
  files: [{ name: 'a', length: 0 }],
  digests: new Uint8Array(0),
};

/** What a parser makes of the manifest as it was written. */
function reparsed(changes: Partial<Manifest>): Manifest | string {
  return parseManifest(encodeManifest({ ...EMPTY, ...changes }));
}

describe('a manifest at its limits', () => {
  it('lists as many files as may be', () => {
    const files = Array.from({ length: MAX_MANIFEST_FILES }, () => ({ name: 'a', length: 0 }));
    expect(reparsed({ files })).toMatchObject({ files: { length: MAX_MANIFEST_FILES } });
    expect(reparsed({ files: [...files, ...EMPTY.files] })).toBe('lists 100001 files');
  });

  it('names a file with as many bytes as may be', () => {
    const longest = `${'ä'.repeat(127)}x`;
    expect(reparsed({ files: [{ name: longest, length: 0 }] })).toMatchObject({
      files: [{ name: longest }],
    });
    const tooLong = 'ä'.repeat((MAX_MANIFEST_NAME_BYTES + 1) / 2);
    expect(reparsed({ files: [{ name: tooLong, length: 0 }] })).toContain('a name of 256 bytes');
  });

  it.each([
    [MIN_MANIFEST_PIECE_BYTES, MIN_MANIFEST_PIECE_BYTES / 2],
    [MAX_MANIFEST_PIECE_BYTES, MAX_MANIFEST_PIECE_BYTES * 2],
    [MAX_MANIFEST_PIECE_BYTES, 2 ** 31],
  ])('has pieces of %d bytes and not of %d', (good, bad) => {
    expect(reparsed({ pieceBytes: good })).toMatchObject({ pieceBytes: good });
    expect(reparsed({ pieceBytes: bad })).toBe(`has pieces of ${bad} bytes`);
  });

  it('is as long as may be, and not a hash longer', () => {
    const headBytes = 32; // and a name of 8 bytes, so that hashes of 32 bytes fill the rest
    const pieceCount = (MAX_MANIFEST_BYTES - headBytes) / 32;
    const files = (pieces: number): Manifest['files'] => [
      { name: '8 bytes.', length: pieces * MIN_MANIFEST_PIECE_BYTES },
    ];
    const longest: Manifest = {
      algorithm: 'blake3',
      pieceBytes: MIN_MANIFEST_PIECE_BYTES,
      files: files(pieceCount),
      digests: new Uint8Array(pieceCount * 32),
    };
    const bytes = encodeManifest(longest);
    expect(bytes).toHaveLength(MAX_MANIFEST_BYTES);
    expect(typeof parseManifest(bytes)).toBe('object');
    const digests = new Uint8Array((pieceCount + 1) * 32);
    expect(reparsed({ ...longest, files: files(pieceCount + 1), digests })).toBe(
      `is longer than ${MAX_MANIFEST_BYTES} bytes`,
    );
  });

  it('counts to 2^53 - 1 bytes in all and no further', () => {
    const half = { name: 'a', length: 2 ** 52 };
    const rest = { name: 'b', length: 2 ** 52 - 1 };
    const countable = reparsed({ files: [half, rest] });
    expect(countable).toMatch(/^has 0 bytes of hashes instead of/);
    expect(reparsed({ files: [half, half] })).toBe('has more bytes than can be counted');
  });

  it('needs no hash when all its files are empty', () => {
    expect(reparsed({})).toEqual(EMPTY);
    expect(reparsed({ digests: new Uint8Array(20) })).toContain('bytes of hashes instead of 0');
  });
});
