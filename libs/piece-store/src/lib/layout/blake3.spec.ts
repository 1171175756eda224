import { describe, expect, it } from 'vitest';
import { assertBlake3, blake3, loadAddon } from './blake3.ts';

describe('the BLAKE3 addon', () => {
  it('is there', () => {
    expect(() => assertBlake3()).not.toThrow();
    expect(blake3(Buffer.alloc(0))).toHaveLength(32);
  });

  it('is what was loaded, when it can hash', async () => {
    const addon = { blake3: () => Buffer.alloc(32) };
    expect(await loadAddon(() => Promise.resolve(addon))).toBe(addon);
  });

  it.each([
    [
      'has no binary for this machine',
      () => Promise.reject(new Error('Cannot find native binding')),
    ],
    ['is another one', () => Promise.resolve({} as { blake3: typeof blake3 })],
  ])('is missed with one sentence when it %s', async (_what, importAddon) => {
    const error = (await loadAddon(importAddon)) as Error;
    expect(error).toBeInstanceOf(Error);
    expect(error.message).toMatch(
      /^the native package @napi-rs\/blake-hash cannot be loaded on \S+: .*npm ci --include=optional[^\n]*$/,
    );
    expect(error.cause).toBeInstanceOf(Error);
  });
});
