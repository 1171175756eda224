import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sampleTask } from '../../testing/sample-task.ts';
import { digestPiece, PieceHashes, SHA1_BYTES } from './piece-hashes.ts';

describe('PieceHashes', () => {
  const task = sampleTask({ pieceBytes: 100, fileLengths: [250] });

  it('counts one piece for each 20 bytes', () => {
    expect(SHA1_BYTES).toBe(20);
    expect(task.hashes.pieceCount).toBe(3);
    expect(new PieceHashes(Buffer.alloc(0)).pieceCount).toBe(0);
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

  it('is SHA-1, as wire v1 has it', () => {
    const bytes = Buffer.from('hello gofd\n');
    expect(digestPiece(bytes)).toEqual(createHash('sha1').update(bytes).digest());
  });
});
