/**
 * The v1 header with which a dialling peer introduces itself: `int32 length` (1..200), then task id,
 * user name, digest and salt, each ended by NUL. The answer is one byte 0xFF, or the end of the
 * connection. The reader takes any segmentation (the reference reads once and cuts what is late).
 */
import type { ProtocolErrorCode } from '../errors.ts';
import { MAX_HEADER_BYTES } from '../limits/limits.ts';
import { LENGTH_PREFIX_BYTES } from './messages.ts';

export const HEADER_ACCEPTED = 0xff;

export interface PeerHeader {
  readonly taskId: string;
  readonly username: string;
  /** base64(PBKDF2-HMAC-SHA256(password, salt)). */
  readonly digest: string;
  /** base64, 8 bytes. */
  readonly salt: string;
}

const FIELD_COUNT = 4;

/** @returns undefined when the fields do not fit into a header */
export function encodeHeader(header: PeerHeader): Uint8Array | undefined {
  const fields = [header.taskId, header.username, header.digest, header.salt];
  if (fields.some((field) => field.includes('\0'))) return undefined;
  const body = new TextEncoder().encode(fields.map((field) => `${field}\0`).join(''));
  if (body.length > MAX_HEADER_BYTES) return undefined;
  const bytes = new Uint8Array(LENGTH_PREFIX_BYTES + body.length);
  new DataView(bytes.buffer).setInt32(0, body.length);
  bytes.set(body, LENGTH_PREFIX_BYTES);
  return bytes;
}

/** base64 of 40 bytes of digest and 8 of salt. */
const DIGEST_CHARS = 56;
const SALT_CHARS = 12;

/** The longest task id, in bytes, that fits into a header beside a user name. */
export function longestTaskIdBytes(username: string): number {
  const usernameBytes = new TextEncoder().encode(username).length;
  return MAX_HEADER_BYTES - FIELD_COUNT - usernameBytes - DIGEST_CHARS - SALT_CHARS;
}

export type HeaderResult =
  | { readonly state: 'incomplete' }
  | { readonly state: 'rejected'; readonly code: ProtocolErrorCode }
  /** `rest`: bytes after the header, already part of the frames. */
  | { readonly state: 'complete'; readonly header: PeerHeader; readonly rest: Uint8Array };

/** Collects one header; holds at most 204 bytes. */
export class HeaderReader {
  readonly #bytes = new Uint8Array(LENGTH_PREFIX_BYTES + MAX_HEADER_BYTES);
  #filled = 0;

  push(chunk: Uint8Array): HeaderResult {
    const take = Math.min(chunk.length, this.#bytes.length - this.#filled);
    this.#bytes.set(chunk.subarray(0, take), this.#filled);
    this.#filled += take;
    if (this.#filled < LENGTH_PREFIX_BYTES) return { state: 'incomplete' };
    const length = new DataView(this.#bytes.buffer).getInt32(0);
    if (length < 1 || length > MAX_HEADER_BYTES) {
      return { state: 'rejected', code: 'P2P_HEADER_TOO_LARGE' };
    }
    const end = LENGTH_PREFIX_BYTES + length;
    if (this.#filled < end) return { state: 'incomplete' };
    const header = parseFields(this.#bytes.subarray(LENGTH_PREFIX_BYTES, end));
    if (!header) return { state: 'rejected', code: 'P2P_BAD_HEADER' };
    const restStart = chunk.length - (this.#filled - end) - (chunk.length - take);
    return { state: 'complete', header, rest: chunk.subarray(restStart) };
  }
}

function parseFields(body: Uint8Array): PeerHeader | undefined {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
  const fields = text.split('\0');
  if (fields.length !== FIELD_COUNT + 1 || fields[FIELD_COUNT] !== '') return undefined;
  const [taskId = '', username = '', digest = '', salt = ''] = fields;
  return { taskId, username, digest, salt };
}
