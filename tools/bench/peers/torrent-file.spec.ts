import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bencode, makeTorrent, TORRENT_PIECE_BYTES } from './torrent-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'gofd-torrent-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('bencode', () => {
  it('writes numbers, texts by their bytes, and dictionaries sorted', () => {
    expect(bencode({ b: 'é', a: 42 }).toString()).toBe('d1:ai42e1:b2:ée');
  });
});

describe('makeTorrent', () => {
  it('hashes every piece, the short last one included', () => {
    const content = Buffer.alloc(TORRENT_PIECE_BYTES + 5, 7);
    const path = join(folder, 'blob');
    writeFileSync(path, content);
    const hash = (part: Buffer): Buffer => createHash('sha1').update(part).digest();
    const pieces = Buffer.concat([
      hash(content.subarray(0, TORRENT_PIECE_BYTES)),
      hash(content.subarray(TORRENT_PIECE_BYTES)),
    ]);
    const info = {
      length: content.length,
      name: 'blob',
      'piece length': TORRENT_PIECE_BYTES,
      pieces,
    };
    expect(makeTorrent(path, 'http://a/')).toEqual(bencode({ announce: 'http://a/', info }));
  });
});
