/**
 * The password as it stands in a configuration file, in the reference's format.
 *
 * The key is derived from `factor`, which stands beside the ciphertext, and a constant salt: this
 * hides a password from a glance and no more. There is no MAC, so a wrong factor is noticed only
 * by its padding or by bytes that are not UTF-8.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  randomBytes,
} from 'node:crypto';
import { decodeBase64 } from './base64.ts';
import { crc16Kermit } from './crc16.ts';
import { AuthError } from './errors.ts';

/** A key object, because a buffer would be made into one again in each of the rounds. */
const ROOT_SALT = createSecretKey('45EF2F62AB9CE80328B1F261DEF1D258', 'hex');
const DERIVATION_ROUNDS = 5_000;
const KEY_BYTES = 16;
const BLOCK_BYTES = 16;
const FACTOR_BYTES = 4;
const FACTOR = /^[0-9a-fA-F]{8}$/;
const CIPHER = 'aes-128-cbc';

/** The three values of a password entry, as `gofd -p` prints them. */
export interface PasswordEntry {
  /** 8 hex digits that the key is derived from; case matters. */
  readonly factor: string;
  /** Checksum of the factor, 4 hex digits. */
  readonly crc: string;
  /** base64 of IV and ciphertext. */
  readonly stxt: string;
}

/** @throws AuthError AUTH_PASSWORD_NOT_UNICODE for a string with a lone surrogate */
export function encryptPassword(plain: string): PasswordEntry {
  if (!plain.isWellFormed()) {
    throw new AuthError('AUTH_PASSWORD_NOT_UNICODE', 'the password is not valid Unicode text');
  }
  const factor = randomBytes(FACTOR_BYTES).toString('hex');
  const iv = randomBytes(BLOCK_BYTES);
  const cipher = createCipheriv(CIPHER, deriveKey(factor), iv);
  const stxt = Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final()]);
  return { factor, crc: factorCrc(factor), stxt: stxt.toString('base64') };
}

/**
 * @param entry `crc` may be left out; when it is given it must match, in either case
 * @throws AuthError with the code of the first thing that is wrong
 */
export function decryptPassword(
  entry: Omit<PasswordEntry, 'crc'> & { readonly crc?: string | undefined },
): string {
  assertFactor(entry.factor, entry.crc);
  const bytes = decodeCiphertext(entry.stxt);
  const iv = bytes.subarray(0, BLOCK_BYTES);
  const decipher = createDecipheriv(CIPHER, deriveKey(entry.factor), iv);
  try {
    const plain = Buffer.concat([decipher.update(bytes.subarray(BLOCK_BYTES)), decipher.final()]);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plain);
  } catch {
    // Which of the two failed tells nobody anything: both mean another factor's ciphertext.
    throw new AuthError('AUTH_WRONG_FACTOR', 'the password was not encrypted with this factor');
  }
}

/**
 * CRC-16/KERMIT of the factor's ASCII, bytes swapped, as 4 upper-case hex digits.
 * @throws AuthError AUTH_BAD_FACTOR
 */
export function factorCrc(factor: string): string {
  if (!FACTOR.test(factor)) {
    throw new AuthError('AUTH_BAD_FACTOR', 'the factor must be 8 hexadecimal digits');
  }
  const crc = crc16Kermit(Buffer.from(factor, 'ascii'));
  const swapped = ((crc & 0xff) << 8) | (crc >>> 8);
  return swapped.toString(16).toUpperCase().padStart(4, '0');
}

function assertFactor(factor: string, crc: string | undefined): void {
  const expected = factorCrc(factor);
  if (crc !== undefined && crc.toUpperCase() !== expected) {
    throw new AuthError('AUTH_CRC_MISMATCH', 'the factor does not match its checksum (crc)');
  }
}

function decodeCiphertext(stxt: string): Buffer {
  const bytes = decodeBase64(stxt);
  if (!bytes) throw new AuthError('AUTH_NOT_BASE64', 'the encrypted password is not base64');
  if (bytes.length < 2 * BLOCK_BYTES) {
    throw new AuthError('AUTH_CIPHERTEXT_TOO_SHORT', 'the encrypted password is cut short');
  }
  if (bytes.length % BLOCK_BYTES !== 0) {
    throw new AuthError('AUTH_CIPHERTEXT_LENGTH', 'the encrypted password has an odd length');
  }
  return bytes;
}

function deriveKey(factor: string): Buffer {
  let state: Buffer = Buffer.from(factor, 'utf8');
  const counter = Buffer.alloc(4);
  for (let round = 0; round < DERIVATION_ROUNDS; round++) {
    counter.writeUInt32BE(round);
    state = createHmac('sha256', ROOT_SALT).update(state).update(counter).digest();
  }
  return state.subarray(0, KEY_BYTES);
}
