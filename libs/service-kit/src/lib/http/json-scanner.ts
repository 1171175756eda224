/**
 * Looks through JSON text, already known to be valid, for what JSON.parse lets pass in silence:
 * a key given twice (the last one wins), keys that name parts of JavaScript's objects, and nesting
 * that would end the stack of whoever walks the value. One pass, no recursion.
 */
import { RequestError } from '@gofd/task-model';

/** Levels of objects and lists. */
export const MAX_JSON_DEPTH = 64;
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

interface Level {
  /** Keys seen so far; undefined in a list. */
  readonly keys: Set<string> | undefined;
  /** Key or index that the scan stands at. */
  at: string | number;
  /** In an object: the next string is a key. */
  expectsKey: boolean;
}

/** @throws RequestError BAD_JSON (too deep), DUPLICATE_KEY, FIELD_UNKNOWN */
export function assertPlainJson(text: string): void {
  const levels: Level[] = [];
  for (let offset = 0; offset < text.length; offset++) {
    const char = text.charAt(offset);
    const level = levels.at(-1);
    if (char === '"') {
      const end = endOfString(text, offset);
      if (level?.expectsKey === true) enterKey(levels, level, text.slice(offset, end + 1));
      offset = end;
    } else if (char === '{' || char === '[') {
      pushLevel(levels, char === '{');
    } else if (char === '}' || char === ']') {
      levels.pop();
    } else if (char === ',' && level) {
      if (typeof level.at === 'number') level.at += 1;
      else level.expectsKey = true;
    }
  }
}

function pushLevel(levels: Level[], isObject: boolean): void {
  if (levels.length >= MAX_JSON_DEPTH) {
    throw new RequestError('BAD_JSON', `the body is nested deeper than ${MAX_JSON_DEPTH} levels`);
  }
  const keys = isObject ? new Set<string>() : undefined;
  levels.push({ keys, at: isObject ? '' : 0, expectsKey: isObject });
}

function enterKey(levels: readonly Level[], level: Level, literal: string): void {
  const key = JSON.parse(literal) as string;
  level.expectsKey = false;
  level.at = key;
  if (FORBIDDEN_KEYS.has(key)) throw refusal('FIELD_UNKNOWN', levels, 'is not a known field');
  if (level.keys?.has(key) === true) throw refusal('DUPLICATE_KEY', levels, 'is given twice');
  level.keys?.add(key);
}

function refusal(
  code: 'FIELD_UNKNOWN' | 'DUPLICATE_KEY',
  levels: readonly Level[],
  what: string,
): RequestError {
  const field = levels
    .map(({ at }) => (typeof at === 'number' ? `[${at}]` : `.${at}`))
    .join('')
    .replace(/^\./, '');
  const message = `${field} ${what}`;
  return new RequestError(code, message, [{ field, code, message }]);
}

/** Offset of the quote that closes the string which opens at `start`. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, quote: number): boolean {
  let first = quote;
  while (text.charAt(first - 1) === '\\') first -= 1;
  return (quote - first) % 2 === 1;
}
