/** Tables of bad bodies: one row for each way in which one field can be wrong. */
import { expect } from 'vitest';
import type { ErrorBody } from '@gofd/task-model';
import type { Answer } from './agent-under-test.ts';

export type Json = Record<string, unknown>;

/** [what is wrong, body, code, field, status if not 400] */
export type Row = readonly [string, unknown, string, string?, (number | undefined)?];

export const TOO_LARGE = 2 ** 53;

/** `body` with the value at a dotted path set; undefined removes it. */
export function change(body: Json, path: string, value: unknown): Json {
  const copy = structuredClone(body);
  const keys = path.replace(/\[(\d+)\]/g, '.$1').split('.');
  const last = keys.pop() ?? '';
  const parent = keys.reduce<Json>((at, key) => at[key] as Json, copy);
  parent[last] = value;
  return copy;
}

/** A row for each of these values at one path. */
export function each(
  body: Json,
  path: string,
  code: string,
  values: Readonly<Record<string, unknown>>,
  status?: number,
): Row[] {
  return Object.entries(values).map(([what, value]) => [
    `${path}: ${what}`,
    change(body, path, value),
    code,
    path,
    status,
  ]);
}

export const TEXT = { 'a number': 7, 'a list': ['a'], 'an object': {}, true: true };
export const NUMBER = { 'a text': '1', 'a list': [1], 'an object': {}, 'a fraction': 1.5 };
export const OBJECT = { 'a list': [], 'a text': 'a', 'a number': 7, false: false };
export const LIST = { 'an object': {}, 'a text': 'a', 'a number': 7 };

export function required(body: Json, path: string, wrongTypes: Json): Row[] {
  return [
    ...each(body, path, 'FIELD_MISSING', { missing: undefined }),
    ...each(body, path, 'FIELD_NULL', { null: null }),
    ...each(body, path, 'FIELD_TYPE', wrongTypes),
  ];
}

export function optional(body: Json, path: string, wrongTypes: Json): Row[] {
  return [
    ...each(body, path, 'FIELD_NULL', { null: null }),
    ...each(body, path, 'FIELD_TYPE', wrongTypes),
  ];
}

export function idRows(body: Json): Row[] {
  return each(body, 'taskId', 'INVALID_TASK_ID', {
    empty: '',
    'with a slash': 'a/b',
    'that climbs': '../a',
    'with two dots': 'a..b',
    'two dots alone': '..',
    'one dot alone': '.',
    'of the working directory': '.gofd',
    encoded: '%2e%2e%2fa',
    'with a NUL': 'a\0b',
    'with a line break': 'a\r\nb',
    'with an escape': '\u001b[2J',
    'with a space': 'a b',
    'of another alphabet': '任务',
    'that is a route': 'start',
    'of every object': 'constructor',
    'of 121 characters': 'a'.repeat(121),
  });
}

export const BAD_ADDRESSES = {
  empty: '',
  'a host alone': 'host',
  'port 0': 'host:0',
  'port 65536': 'host:65536',
  'a URL': 'http://host:1',
  'IPv6 without brackets': '::1:45001',
  'with a space': 'a b:1',
  'with a line break': 'a:1\n',
};

/** @param tooMany the least number of addresses that is refused */
export function addressListRows(body: Json, path: string, tooMany: number): Row[] {
  const bad = Object.entries(BAD_ADDRESSES).map(([what, address]) => [what, ['good:1', address]]);
  return [
    ...required(body, path, LIST),
    ...each(body, path, 'FIELD_RANGE', {
      [`of ${tooMany} addresses`]: Array.from({ length: tooMany }, () => 'host:1'),
    }),
    ...each(body, path, 'FIELD_TYPE', { 'with a number': [7], 'with null': ['a:1', null] }),
    ...each(body, path, 'INVALID_LINK_CHAIN', Object.fromEntries(bad) as Json),
  ];
}

export function chainRows(body: Json): Row[] {
  return [
    ...required(body, 'linkChain', OBJECT),
    ...required(body, 'linkChain.serverAddr', TEXT),
    ...each(body, 'linkChain.serverAddr', 'INVALID_LINK_CHAIN', BAD_ADDRESSES),
    ...addressListRows(body, 'linkChain.dispatchAddrs', 10_002),
    ...each(body, 'linkChain.dispatchAddrs', 'FIELD_EMPTY', { empty: [] }),
    ...each(body, 'linkChain.colour', 'FIELD_UNKNOWN', { unknown: 'red' }),
  ];
}

/** Rows of a plan at `plan` in this body, which holds all that a plan may. */
export function planRows(body: Json): Row[] {
  return [
    ...optional(body, 'plan', OBJECT),
    ...each(body, 'plan.colour', 'FIELD_UNKNOWN', { unknown: 'red' }),
    ...addressListRows(body, 'plan.sources', 257),
    ...required(body, 'plan.degree', NUMBER),
    ...each(body, 'plan.degree', 'FIELD_RANGE', { '-1': -1, '257': 257, '2^53': TOO_LARGE }),
    ...optional(body, 'plan.origin', TEXT),
    ...each(body, 'plan.origin', 'INVALID_LINK_CHAIN', BAD_ADDRESSES),
    ...optional(body, 'plan.rack', OBJECT),
    ...each(body, 'plan.rack.colour', 'FIELD_UNKNOWN', { unknown: 'red' }),
    ...required(body, 'plan.rack.name', TEXT),
    ...each(body, 'plan.rack.name', 'FIELD_EMPTY', { empty: '' }),
    ...each(body, 'plan.rack.name', 'FIELD_RANGE', { 'of 101 characters': 'r'.repeat(101) }),
    ...addressListRows(body, 'plan.rack.members', 10_001),
  ];
}

export function bodyRows(good: Json): Row[] {
  const doubled = `{"taskId":"a",${JSON.stringify(good).slice(1)}`;
  return [
    ['B84: an empty object', {}, 'FIELD_MISSING', 'taskId'],
    ['no JSON', '{"taskId":', 'BAD_JSON'],
    ['an empty body', '', 'BAD_JSON'],
    ['null', 'null', 'BODY_NOT_OBJECT'],
    ['a list', '[]', 'BODY_NOT_OBJECT'],
    ['a doubled key', doubled, 'DUPLICATE_KEY', 'taskId'],
    ['a key of every object', '{"__proto__":{"taskId":"a"}}', 'FIELD_UNKNOWN', '__proto__'],
    ...each(good, 'colour', 'FIELD_UNKNOWN', { unknown: 'red' }),
  ];
}

/** Rows as objects, for titles: a tuple's long bodies would be printed. */
export function titled(rows: readonly Row[]) {
  return rows.map(([what, body, code, field, status = 400]) => ({
    what,
    body,
    code,
    field,
    status,
  }));
}

export function expectRefusal(
  { status, body }: Answer<ErrorBody>,
  expected: { readonly status: number; readonly code: string; readonly field: string | undefined },
): void {
  const found = { status, code: body.code, field: body.details?.[0]?.field };
  expect(found).toEqual({ status: expected.status, code: expected.code, field: expected.field });
  expect(body.statusCode).toBe(status);
  expect(body.message).not.toBe('');
}
