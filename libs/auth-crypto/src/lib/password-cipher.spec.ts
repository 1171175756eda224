import { describe, expect, it } from 'vitest';
import vectors from '../../test-vectors/crypto.json' with { type: 'json' };
import { AuthError, type AuthErrorCode } from './errors.ts';
import { decryptPassword, encryptPassword, factorCrc } from './password-cipher.ts';

const GOOD = { factor: '9427e80d', stxt: 'yrsK+2iiwPqecImH7obTUm1vhnvvQzFmYYiOz5oqaoc=' };

function codeOf(action: () => unknown): AuthErrorCode | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof AuthError) return error.code;
    throw error;
  }
  return undefined;
}

describe.each(vectors.password)('password vector: $source', ({ factor, crc, stxt, plain }) => {
  it('decrypts to the plain text, with its crc and without', () => {
    expect(decryptPassword({ factor, crc, stxt })).toBe(plain);
    expect(decryptPassword({ factor, stxt })).toBe(plain);
  });

  it('has the checksum that we compute', () => {
    expect(factorCrc(factor)).toBe(crc);
  });
});

describe('decryptPassword', () => {
  it('accepts a crc in lower case', () => {
    expect(decryptPassword({ ...GOOD, crc: '63f7' })).toBe('gofd');
  });

  it.each<[string, Parameters<typeof decryptPassword>[0], AuthErrorCode]>([
    ['a crc of another factor', { ...GOOD, crc: '3084' }, 'AUTH_CRC_MISMATCH'],
    ['an empty crc', { ...GOOD, crc: '' }, 'AUTH_CRC_MISMATCH'],
    ['a factor of 7 digits', { ...GOOD, factor: '9427e80' }, 'AUTH_BAD_FACTOR'],
    ['a factor that is not hexadecimal', { ...GOOD, factor: '9427e80g' }, 'AUTH_BAD_FACTOR'],
    ['an empty factor', { ...GOOD, factor: '' }, 'AUTH_BAD_FACTOR'],
    ['text that is not base64', { ...GOOD, stxt: 'not base64!' }, 'AUTH_NOT_BASE64'],
    ['base64 without its padding', { ...GOOD, stxt: GOOD.stxt.slice(0, -1) }, 'AUTH_NOT_BASE64'],
    ['an empty ciphertext', { ...GOOD, stxt: '' }, 'AUTH_CIPHERTEXT_TOO_SHORT'],
    [
      'an IV alone',
      { ...GOOD, stxt: Buffer.alloc(16).toString('base64') },
      'AUTH_CIPHERTEXT_TOO_SHORT',
    ],
    [
      'half a block too much',
      { ...GOOD, stxt: Buffer.alloc(40).toString('base64') },
      'AUTH_CIPHERTEXT_LENGTH',
    ],
    ['the factor of another password', { ...GOOD, factor: '28711f5d' }, 'AUTH_WRONG_FACTOR'],
  ])('refuses %s', (_what, entry, code) => {
    expect(codeOf(() => decryptPassword(entry))).toBe(code);
  });
});

describe('encryptPassword', () => {
  it('never gives the same entry twice', () => {
    const first = encryptPassword('gofd');
    const second = encryptPassword('gofd');
    expect(second.factor).not.toBe(first.factor);
    expect(second.stxt).not.toBe(first.stxt);
  });

  it('gives a factor of 8 lower-case hex digits and 4 upper-case ones of crc', () => {
    const entry = encryptPassword('gofd');
    expect(entry.factor).toMatch(/^[0-9a-f]{8}$/);
    expect(entry.crc).toMatch(/^[0-9A-F]{4}$/);
  });

  it('refuses a string that is not Unicode text, because it could not be read back', () => {
    expect(codeOf(() => encryptPassword('a\ud800'))).toBe('AUTH_PASSWORD_NOT_UNICODE');
  });
});
