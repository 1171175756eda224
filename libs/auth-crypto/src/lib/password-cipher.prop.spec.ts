import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AuthError } from './errors.ts';
import { decryptPassword, encryptPassword } from './password-cipher.ts';

// Few runs, because each derives two keys of 5000 HMACs.
const RUNS = { numRuns: 15 };

it('gives back any text that it encrypted', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (plain) => {
      expect(decryptPassword(encryptPassword(plain))).toBe(plain);
    }),
    RUNS,
  );
});

it('answers any garbage with a typed error or, by chance, with text', () => {
  const garbage = fc.oneof(
    fc.string(),
    fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  );
  const factor = fc.oneof(fc.string({ maxLength: 10 }), fc.constant('9427e80d'));
  fc.assert(
    fc.property(factor, garbage, fc.option(fc.string(), { nil: undefined }), (f, stxt, crc) => {
      try {
        expect(typeof decryptPassword({ factor: f, stxt, crc })).toBe('string');
      } catch (error) {
        expect(error).toBeInstanceOf(AuthError);
      }
    }),
    { numRuns: 200 },
  );
});

it('never answers another text when one bit of the last block is flipped, or says so', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 127 }), (bit) => {
      const entry = encryptPassword('a password of 24 bytes..');
      const bytes = Buffer.from(entry.stxt, 'base64');
      const at = bytes.length - 16 + (bit >> 3);
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (bit & 7)), at);
      expect(outcome({ ...entry, stxt: bytes.toString('base64') })).not.toBe(
        'a password of 24 bytes..',
      );
    }),
    RUNS,
  );
});

function outcome(entry: Parameters<typeof decryptPassword>[0]): string {
  try {
    return decryptPassword(entry);
  } catch (error) {
    expect(error).toBeInstanceOf(AuthError);
    return 'refused';
  }
}
