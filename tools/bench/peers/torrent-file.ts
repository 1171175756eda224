/** A .torrent for one file (BEP 3): what both BitTorrent peers start from. */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';

/** Length of a piece, bytes. */
export const TORRENT_PIECE_BYTES = 1024 * 1024;

type Bencodable = number | string | Buffer | { readonly [key: string]: Bencodable };

/** Keys of a dictionary are sorted, as the format demands. */
export function bencode(value: Bencodable): Buffer {
  if (typeof value === 'number') return Buffer.from(`i${value}e`);
  if (typeof value === 'string') return bencode(Buffer.from(value));
  if (Buffer.isBuffer(value)) return Buffer.concat([Buffer.from(`${value.length}:`), value]);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const parts = entries.flatMap(([key, entry]) => [bencode(key), bencode(entry)]);
  return Buffer.concat([Buffer.from('d'), ...parts, Buffer.from('e')]);
}

export function makeTorrent(path: string, announce: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const length = fstatSync(file).size;
    const info = {
      length,
      name: basename(path),
      'piece length': TORRENT_PIECE_BYTES,
      pieces: pieceHashes(file, length),
    };
    return bencode({ announce, info });
  } finally {
    closeSync(file);
  }
}

function pieceHashes(file: number, length: number): Buffer {
  const piece = Buffer.alloc(TORRENT_PIECE_BYTES);
  const hashes: Buffer[] = [];
  for (let position = 0; position < length; position += TORRENT_PIECE_BYTES) {
    const read = readSync(file, piece, 0, TORRENT_PIECE_BYTES, position);
    hashes.push(createHash('sha1').update(piece.subarray(0, read)).digest());
  }
  return Buffer.concat(hashes);
}
