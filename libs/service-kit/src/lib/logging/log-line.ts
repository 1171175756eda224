/**
 * One event, one line. Whatever a file name, a header or a peer's message holds, it can neither
 * start a line of its own nor move the terminal's cursor.
 */
import { toPlainFields, toPlainValue, type PlainValue } from './log-fields.ts';

/** Controls, line and paragraph separators, and marks that reverse the direction of text. */
const UNSAFE = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const NEEDS_QUOTES = /[\s="]|^$/u;
const LEVEL_WIDTH = 5;
const NAMED_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** An event as winston hands it over, symbols left out. */
export interface LogEvent {
  readonly level: string;
  readonly message: unknown;
  readonly [field: string]: unknown;
}

/** `2026-11-22T23:15:00.000Z INFO  server message key=value` */
export function formatLine(name: string, timestamp: string, event: LogEvent): string {
  const { level, message, ...fields } = event;
  const head = [timestamp, level.toUpperCase().padEnd(LEVEL_WIDTH), name, textOf(message)];
  const tail = Object.entries(toPlainFields(fields)).map(
    ([key, value]) => `${key}=${shown(value)}`,
  );
  return escapeUnsafe([...head, ...tail].join(' '));
}

/** One JSON object with time, level, name, message and the fields. */
export function formatJson(name: string, timestamp: string, event: LogEvent): string {
  const { level, message, ...fields } = event;
  const plain = {
    time: timestamp,
    level,
    name,
    message: textOf(message),
    ...toPlainFields(fields),
  };
  return JSON.stringify(plain).replace(UNSAFE, unicodeEscape);
}

/** Replaces every character that could break or disguise a line by a visible escape. */
export function escapeUnsafe(text: string): string {
  return text.replace(UNSAFE, (char) => NAMED_ESCAPES[char] ?? unicodeEscape(char));
}

function textOf(message: unknown): string {
  const plain = message instanceof Error ? message.message : message;
  const value = toPlainValue(plain);
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

function shown(value: PlainValue): string {
  if (typeof value === 'string') return NEEDS_QUOTES.test(value) ? JSON.stringify(value) : value;
  return JSON.stringify(value);
}

function unicodeEscape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
