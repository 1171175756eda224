import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sampleTask } from '../../testing/sample-task.ts';
import { digestPiece } from './digest-algorithm.ts';
import { PieceHashes } from './piece-hashes.ts';

describe('PieceHashes', () => {
  const task = sampleTask({ pieceBytes: 100, fileLengths: [250] });

  it('counts one piece for each digest', () => {
    expect(task.hashes.pieceCount).toBe(3);
    expect(new PieceHashes(Buffer.alloc(0), 'sha1').pieceCount).toBe(0);
    expect(new PieceHashes(Buffer.alloc(64), 'blake3').pieceCount).toBe(2);
  });

  it('matches each piece at its own index only', () => {
    for (const index of [0, 1, 2]) {
      const matching = [0, 1, 2].filter((piece) => task.hashes.matches(piece, task.piece(index)));
      expect(matching).toEqual([index]);
    }
  });

  it('refuses a piece with one bit changed', () => {
    const altered = Buffer.from(task.piece(1));
    altered.writeUInt8(altered.readUInt8(50) ^ 0x80, 50);
    expect(task.hashes.matches(1, altered)).toBe(false);
  });

  it('refuses whatever stands beyond the last piece', () => {
    expect(task.hashes.matches(3, Buffer.alloc(0))).toBe(false);
    expect(task.hashes.matches(2 ** 31, task.piece(0))).toBe(false);
  });

  it.each(['sha1', 'sha256'] as const)('knows %s', (algorithm) => {
    const bytes = Buffer.from('hello gofd\n');
    expect(digestPiece(bytes, algorithm)).toEqual(createHash(algorithm).update(bytes).digest());
  });

  // Beyond 1024 bytes BLAKE3 is a tree: one chunk, one byte more, and a hundred chunks (0…250 repeated),
  // from the test vectors of its reference implementation. Read in place, not at the start of a buffer.
  it.each([
    [1024, '42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7'],
    [1025, 'd00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444'],
    [102_400, 'bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085'],
  ])('knows BLAKE3 of %d bytes', (byteCount, digest) => {
    const around = Buffer.from(Array.from({ length: byteCount + 7 }, (_, at) => (at + 244) % 251));
    const bytes = around.subarray(7);
    expect(bytes[0]).toBe(0);
    expect(digestPiece(bytes, 'blake3').toString('hex')).toBe(digest);
  });

  it('takes its digests in place, as a view of a manifest', () => {
    const manifest = Uint8Array.from([0xee, 0xee, ...task.digests]);
    const hashes = new PieceHashes(manifest.subarray(2), 'sha1');
    expect(hashes.matches(2, task.piece(2))).toBe(true);
  });

  // From the same vectors: no bytes, and the bytes 0, 1, 2.
  it.each([
    ['', 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262'],
    ['000102', 'e1be4d7a8ab5560aa4199eea339849ba8e293d55ca0a81006726d184519e647f'],
  ])('knows BLAKE3 of "%s"', (hex, digest) => {
    expect(digestPiece(Buffer.from(hex, 'hex'), 'blake3').toString('hex')).toBe(digest);
  });

  it('matches pieces by BLAKE3, as wire v2 has it', () => {
    const digests = [0, 1, 2].map((piece) => digestPiece(task.piece(piece), 'blake3'));
    const hashes = new PieceHashes(Buffer.concat(digests), 'blake3');
    expect(hashes.matches(1, task.piece(1))).toBe(true);
    expect(hashes.matches(1, task.piece(0))).toBe(false);
  });
});
