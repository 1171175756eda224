/**
 * The file that is moved, and the check of its copies: SHA-256 by node:crypto, which shares no code
 * with what any peer verifies by.
 */
import { createHash, randomFillSync } from 'node:crypto';
import { closeSync, createReadStream, mkdirSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { FILE_NAME } from './peers/peer.ts';

const CHUNK_BYTES = 1024 * 1024;

export interface SourceFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Random bytes, which nothing on the way can compress. */
export function writeSourceFile(folder: string, bytes: number): SourceFile {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, FILE_NAME);
  const hash = createHash('sha256');
  const file = openSync(path, 'w');
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (let left = bytes; left > 0; left -= CHUNK_BYTES) {
    const part = randomFillSync(chunk).subarray(0, Math.min(left, CHUNK_BYTES));
    hash.update(part);
    writeSync(file, part);
  }
  closeSync(file);
  return { path, bytes, sha256: hash.digest('hex') };
}

/** Whether a copy is there and is the source, byte for byte. */
export async function isCopyOf(
  source: SourceFile,
  path: string,
  signal: AbortSignal,
): Promise<boolean> {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile() || stat.size !== source.bytes) return false;
  const hash = createHash('sha256');
  const chunks = createReadStream(path, { highWaterMark: CHUNK_BYTES, signal });
  for await (const chunk of chunks) hash.update(chunk as Buffer);
  return hash.digest('hex') === source.sha256;
}
