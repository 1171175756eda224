/**
 * Turns whatever was handed to the logger into small plain data: secrets dropped, errors reduced
 * to code, message and stack (an HTTP error carries its whole request otherwise), sizes bounded.
 */
import { isSecretKey, REDACTED, redactText } from './redaction.ts';

const MAX_DEPTH = 4;
const MAX_LIST_ITEMS = 50;
const MAX_TEXT_CHARS = 8_192;

export type PlainValue =
  string | number | boolean | null | readonly PlainValue[] | { readonly [key: string]: PlainValue };

/** The value as plain data; undefined for what a log has no use for. */
export function toPlainValue(value: unknown, depth = 0): PlainValue | undefined {
  switch (typeof value) {
    case 'string':
      return boundedText(value);
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'boolean':
      return value;
    case 'bigint':
      return String(value);
    case 'object':
      return value === null ? null : plainObject(value, depth);
    default:
      return undefined;
  }
}

/** The fields of one event as plain data. */
export function toPlainFields(
  fields: Readonly<Record<string, unknown>>,
  depth = 0,
): Record<string, PlainValue> {
  const plain: Record<string, PlainValue> = {};
  for (const [key, value] of Object.entries(fields)) {
    const shown = isSecretKey(key) ? REDACTED : toPlainValue(value, depth);
    if (shown !== undefined) plain[redactText(key)] = shown;
  }
  return plain;
}

function plainObject(value: object, depth: number): PlainValue | undefined {
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (value instanceof Error) return toPlainFields(errorFields(value), depth + 1);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return `[${value.length} bytes]`;
  if (value instanceof Map || value instanceof Set) return plainObject([...value], depth);
  if (Array.isArray(value)) return plainList(value, depth);
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return toPlainValue(toJSON.call(value), depth + 1);
  return toPlainFields(value as Record<string, unknown>, depth + 1);
}

function plainList(list: readonly unknown[], depth: number): PlainValue {
  const shown = list.slice(0, MAX_LIST_ITEMS).map((item) => toPlainValue(item, depth + 1) ?? null);
  const hidden = list.length - shown.length;
  return hidden > 0 ? [...shown, `[${hidden} more]`] : shown;
}

function errorFields(error: Error): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const { code } = error as { code?: unknown };
  return { name, message, code, stack, cause };
}

function boundedText(text: string): string {
  const redacted = redactText(text);
  if (redacted.length <= MAX_TEXT_CHARS) return redacted;
  return `${redacted.slice(0, MAX_TEXT_CHARS)}[${redacted.length - MAX_TEXT_CHARS} more]`;
}
