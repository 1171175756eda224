/** From the bytes of a body to the object that they stand for, or to the one exact refusal. */
import { RequestError } from '@gofd/task-model';
import { assertPlainJson } from './json-scanner.ts';

/** @throws RequestError BAD_JSON, BODY_NOT_OBJECT, DUPLICATE_KEY, FIELD_UNKNOWN */
export function parseJsonBody(bytes: Uint8Array): object {
  const text = decodeText(bytes);
  const value = parse(text);
  assertPlainJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RequestError('BODY_NOT_OBJECT', 'the body must be a JSON object');
  }
  assertWellFormed(value);
  return value;
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new RequestError('BAD_JSON', 'the body is not UTF-8 text');
  }
}

function parse(text: string): unknown {
  if (text.trim() === '') throw new RequestError('BAD_JSON', 'the body is empty');
  if (text.startsWith('\uFEFF')) {
    throw new RequestError('BAD_JSON', 'the body must not start with a byte order mark');
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's message quotes the body, which may hold a password.
    throw new RequestError('BAD_JSON', 'the body is not valid JSON');
  }
}

/** An escape such as "\ud800" alone is no character: it would change on its way to disk. */
function assertWellFormed(value: unknown): void {
  if (typeof value === 'string' && !value.isWellFormed()) {
    throw new RequestError('BAD_JSON', 'the body holds half of a surrogate pair');
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    assertWellFormed(key);
    assertWellFormed(part);
  }
}
