import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isCopyOf, writeSourceFile } from './source-file.ts';

const MIB = 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), 'gofd-bench-source-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const { signal } = new AbortController();
const source = writeSourceFile(join(folder, 'source'), MIB + 3);
const copy = join(folder, 'copy');

describe('isCopyOf', () => {
  it('accepts the same bytes, the last partial chunk included', async () => {
    copyFileSync(source.path, copy);
    expect(readFileSync(copy)).toHaveLength(MIB + 3);
    expect(await isCopyOf(source, copy, signal)).toBe(true);
  });

  it('refuses one changed byte of the right length', async () => {
    const bytes = readFileSync(source.path);
    bytes.writeUInt8(bytes.readUInt8(MIB + 1) ^ 1, MIB + 1);
    writeFileSync(copy, bytes);
    expect(await isCopyOf(source, copy, signal)).toBe(false);
  });

  it('refuses a longer one, a folder, and none', async () => {
    copyFileSync(source.path, copy);
    appendFileSync(copy, 'x');
    expect(await isCopyOf(source, copy, signal)).toBe(false);
    expect(await isCopyOf(source, folder, signal)).toBe(false);
    expect(await isCopyOf(source, join(folder, 'none'), signal)).toBe(false);
  });
});
