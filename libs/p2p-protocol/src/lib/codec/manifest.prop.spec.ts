import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, fromHex, toHex } from '../../../test/byte-parts.ts';
import {
  DIGEST_BYTES,
  encodeManifest,
  MAX_MANIFEST_FILES,
  MAX_MANIFEST_NAME_BYTES,
  parseManifest,
  type HashAlgorithm,
  type Manifest,
} from './manifest.ts';

const ALGORITHMS: readonly HashAlgorithm[] = ['sha1', 'sha256', 'blake3'];

const MANIFEST: fc.Arbitrary<Manifest> = fc
  .record({
    algorithm: fc.constantFrom(...ALGORITHMS),
    pieceBytes: fc.integer({ min: 10, max: 26 }).map((power) => 2 ** power),
    files: fc.array(
      fc.record({
        name: fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme-ascii' }),
        length: fc.nat(300_000),
      }),
      { minLength: 1, maxLength: 5 },
    ),
  })
  .map(({ algorithm, pieceBytes, files }) => {
    const totalBytes = files.reduce((sum, { length }) => sum + length, 0);
    const digests = new Uint8Array(Math.ceil(totalBytes / pieceBytes) * DIGEST_BYTES[algorithm]);
    return { algorithm, pieceBytes, files, digests: digests.fill(7) };
  });

const SAMPLE: Manifest = {
  algorithm: 'blake3',
  pieceBytes: 65_536,
  files: [
    { name: 'a', length: 1 },
    { name: 'é', length: 2 ** 32 },
  ],
  digests: new Uint8Array(65_537 * 32),
};

describe('a manifest', () => {
  it('comes back as it went in', () => {
    fc.assert(
      fc.property(MANIFEST, (manifest) => {
        expect(parseManifest(encodeManifest(manifest))).toEqual(manifest);
      }),
    );
  });

  it('has this form', () => {
    const digests = new Uint8Array(32).fill(0xab);
    const files = [{ name: 'é.bin', length: 5 }];
    const manifest: Manifest = { algorithm: 'blake3', pieceBytes: 65_536, files, digests };
    expect(toHex(encodeManifest(manifest))).toBe(
      `4746444d0103000100000000000100000000000000050006c3a92e62696e${'ab'.repeat(32)}`,
    );
  });

  it('never throws on damage, and takes nothing that it would not write the same way', () => {
    const damage = fc.record({
      at: fc.nat(),
      xor: fc.integer({ min: 1, max: 255 }),
      cut: fc.nat(),
    });
    fc.assert(
      fc.property(MANIFEST, damage, (manifest, { at, xor, cut }) => {
        const bytes = encodeManifest(manifest);
        const damagedAt = at % bytes.length;
        bytes[damagedAt] = (bytes[damagedAt] ?? 0) ^ xor;
        const damaged = bytes.subarray(0, bytes.length - (cut % 3 === 0 ? cut % bytes.length : 0));
        const parsed = parseManifest(damaged);
        if (typeof parsed !== 'string') expect(encodeManifest(parsed)).toEqual(damaged);
      }),
    );
  });

  it('is refused when it is any garbage', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(typeof parseManifest(bytes)).toBe('string');
      }),
    );
  });
});

describe('a manifest is refused', () => {
  const good = encodeManifest(SAMPLE);
  const patched = (offset: number, hex: string): Uint8Array => {
    const bytes = Uint8Array.from(good);
    bytes.set(fromHex(hex), offset);
    return bytes;
  };

  it.each([
    ['too short for its head', good.subarray(0, 13), 'is shorter than its fixed part'],
    ['something else', patched(0, '00'), 'is not a manifest'],
    ['of a later version', patched(4, '02'), 'has version 2'],
    ['with an unknown hash', patched(5, '04'), 'names hash algorithm 4'],
    ['with pieces that are no power of two', patched(6, '00010001'), 'has pieces of 65537 bytes'],
    ['with tiny pieces', patched(6, '00000200'), 'has pieces of 512 bytes'],
    ['with huge pieces', patched(6, '08000000'), 'has pieces of 134217728 bytes'],
    ['without files', patched(10, '00000000'), 'lists 0 files'],
    [
      'with too many files',
      patched(10, (MAX_MANIFEST_FILES + 1).toString(16).padStart(8, '0')),
      `lists ${MAX_MANIFEST_FILES + 1} files`,
    ],
    ['cut within a file', good.subarray(0, 20), 'ends within file 0'],
    ['cut within a name', good.subarray(0, 24), 'ends within the name of file 0'],
    ['with a length beyond 2^53', patched(14, 'ff'), 'gives file 0 an impossible length'],
    ['with a nameless file', patched(22, '0000'), 'gives file 0 a name of 0 bytes'],
    [
      'with an endless name',
      patched(22, (MAX_MANIFEST_NAME_BYTES + 1).toString(16).padStart(4, '0')),
      `gives file 0 a name of ${MAX_MANIFEST_NAME_BYTES + 1} bytes`,
    ],
    ['with a name that is not UTF-8', patched(24, 'ff'), 'gives file 0 a name that is not UTF-8'],
    ['with a hash too many', concat(good, new Uint8Array(32)), 'has 2097216 bytes of hashes'],
    ['with half a hash', good.subarray(0, good.length - 1), 'has 2097183 bytes of hashes'],
  ])('%s', (_what, bytes, problem) => {
    expect(parseManifest(bytes)).toContain(problem);
  });
});
