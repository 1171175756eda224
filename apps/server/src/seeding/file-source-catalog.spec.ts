import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import { parseManifest, type Manifest } from '@gofd/p2p-protocol';
import { digestPiece, PieceHashes } from '@gofd/piece-store';
import { describe, expect, it } from 'vitest';
import { prepared, someFiles, type SourceFile } from '../../test/seeding-parts.ts';
import { FileSourceCatalog, V1_PIECE_BYTES } from './file-source-catalog.ts';

const PIECE_BYTES = 64 * 1024;

function listed(files: readonly SourceFile[]): { name: string; length: number }[] {
  return files.map(({ path, bytes }) => ({ name: basename(path), length: bytes.length }));
}

function prepare(path: string, signal = new AbortController().signal) {
  const options = { wire: 2, memberCount: 2, bytesPerSecond: Infinity, signal } as const;
  return new FileSourceCatalog().prepare([path], options);
}

describe('sources prepared for v2', () => {
  it('have a manifest with names, lengths and the BLAKE3 of every piece, and its own digest', async () => {
    const files = someFiles(2.5 * PIECE_BYTES, 0, PIECE_BYTES);
    const { content, totalBytes } = await prepared(files, 2);
    if (content.wire !== 2) throw new Error(`prepared for wire ${content.wire}`);
    const { bytes, digest } = content.manifest;
    expect(digestPiece(Buffer.from(bytes), 'blake3').equals(digest)).toBe(true);
    const manifest = parseManifest(bytes) as Manifest;
    expect(manifest).toMatchObject({ algorithm: 'blake3', pieceBytes: PIECE_BYTES });
    expect(manifest.files).toEqual(listed(files));
    expect(totalBytes).toBe(3.5 * PIECE_BYTES);
    const whole = Buffer.concat(files.map((file) => file.bytes));
    const hashes = new PieceHashes(manifest.digests, 'blake3');
    expect(hashes.pieceCount).toBe(4);
    for (let piece = 0; piece < hashes.pieceCount; piece++) {
      const start = piece * PIECE_BYTES;
      expect(hashes.matches(piece, whole.subarray(start, start + PIECE_BYTES))).toBe(true);
    }
  });

  it('are hashed no further once nobody wants them', async () => {
    const [file] = someFiles(10 * PIECE_BYTES) as [SourceFile];
    await expect(prepare(file.path, AbortSignal.abort())).rejects.toThrow();
  });
});

describe('sources prepared for v1', () => {
  it('have the meta info of the reference, with the SHA-1 of every piece', async () => {
    const files = someFiles(V1_PIECE_BYTES, 10);
    const { content } = await prepared(files, 1);
    if (content.wire !== 1) throw new Error(`prepared for wire ${content.wire}`);
    const { length, PieceLen, pieces, files: metaFiles } = content.metaInfo;
    expect([length, PieceLen]).toEqual([V1_PIECE_BYTES + 10, V1_PIECE_BYTES]);
    expect(metaFiles).toMatchObject(listed(files));
    const digests = files.map(({ bytes }) => digestPiece(bytes, 'sha1'));
    expect(pieces).toBe(Buffer.concat(digests).toString('base64'));
  });
});

describe('a source that cannot be distributed', () => {
  it('because it is gone is told before it is read, and when it is', async () => {
    const [file] = someFiles(10) as [SourceFile];
    rmSync(file.path);
    const refusal = { name: 'SourceError', code: 'SOURCE_NOT_FOUND' };
    await expect(new FileSourceCatalog().check([file.path])).rejects.toMatchObject(refusal);
    await expect(prepare(file.path)).rejects.toMatchObject(refusal);
  });

  it('because it is no regular file is refused', async () => {
    const check = new FileSourceCatalog().check(['/dev/null']);
    await expect(check).rejects.toMatchObject({ code: 'SOURCE_NOT_REGULAR' });
  });
});
