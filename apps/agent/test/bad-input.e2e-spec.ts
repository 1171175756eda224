/** One bad input, one exact code that names its field, and nothing is created. */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorBody } from '@gofd/task-model';
import { aCreateCall, aFile } from './a-create-call.ts';
import { AgentUnderTest, type Answer } from './agent-under-test.ts';

type Json = Record<string, unknown>;

/** [what is wrong, body, code, field, status if not 400] */
type Row = readonly [string, unknown, string, string?, (number | undefined)?];

let agent: AgentUnderTest;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ agent, remove } = await AgentUnderTest.startForMany());
});
afterAll(() => remove());

const GOOD_CREATE = JSON.parse(JSON.stringify(aCreateCall([aFile('a'), aFile('b')]))) as Json;
const GOOD_START: Json = { taskId: 't1', linkChain: GOOD_CREATE['linkChain'] };
const TOO_LARGE = 2 ** 53;

/** `body` with the value at a dotted path set; undefined removes it. */
function change(body: Json, path: string, value: unknown): Json {
  const copy = structuredClone(body);
  const keys = path.replace(/\[(\d+)\]/g, '.$1').split('.');
  const last = keys.pop() ?? '';
  const parent = keys.reduce<Json>((at, key) => at[key] as Json, copy);
  parent[last] = value;
  return copy;
}

/** A row for each of these values at one path. */
function each(
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

const TEXT = { 'a number': 7, 'a list': ['a'], 'an object': {}, true: true };
const NUMBER = { 'a text': '1', 'a list': [1], 'an object': {}, 'a fraction': 1.5 };
const OBJECT = { 'a list': [], 'a text': 'a', 'a number': 7, false: false };
const LIST = { 'an object': {}, 'a text': 'a', 'a number': 7 };

function required(body: Json, path: string, wrongTypes: Json): Row[] {
  return [
    ...each(body, path, 'FIELD_MISSING', { missing: undefined }),
    ...each(body, path, 'FIELD_NULL', { null: null }),
    ...each(body, path, 'FIELD_TYPE', wrongTypes),
  ];
}

function optional(body: Json, path: string, wrongTypes: Json): Row[] {
  return [
    ...each(body, path, 'FIELD_NULL', { null: null }),
    ...each(body, path, 'FIELD_TYPE', wrongTypes),
  ];
}

function idRows(body: Json): Row[] {
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

function chainRows(body: Json): Row[] {
  const bad = {
    empty: '',
    'a host alone': 'host',
    'port 0': 'host:0',
    'port 65536': 'host:65536',
    'a URL': 'http://host:1',
    'IPv6 without brackets': '::1:45001',
    'with a space': 'a b:1',
    'with a line break': 'a:1\n',
  };
  const lists = Object.entries(bad).map(([what, address]) => [what, ['good:1', address]]);
  const many = Array.from({ length: 10_002 }, () => 'host:1');
  return [
    ...required(body, 'linkChain', OBJECT),
    ...required(body, 'linkChain.serverAddr', TEXT),
    ...each(body, 'linkChain.serverAddr', 'INVALID_LINK_CHAIN', bad),
    ...required(body, 'linkChain.dispatchAddrs', LIST),
    ...each(body, 'linkChain.dispatchAddrs', 'FIELD_EMPTY', { empty: [] }),
    ...each(body, 'linkChain.dispatchAddrs', 'FIELD_RANGE', { 'of 10,002 addresses': many }),
    ...each(body, 'linkChain.dispatchAddrs', 'FIELD_TYPE', {
      'with a number': [7],
      'with null': ['a:1', null],
    }),
    ...each(body, 'linkChain.dispatchAddrs', 'INVALID_LINK_CHAIN', Object.fromEntries(lists)),
    ...each(body, 'linkChain.colour', 'FIELD_UNKNOWN', { unknown: 'red' }),
  ];
}

function bodyRows(good: Json): Row[] {
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

function nameRows(): Row[] {
  return each(GOOD_CREATE, 'metaInfo.files[1].name', 'UNSAFE_PATH', {
    empty: '',
    blank: ' ',
    'B60: ../../x': '../../x',
    'B60: absolute': '/etc/x',
    'B60: in a folder': 'a/b',
    'B60: with a backslash': '..\\x',
    'B60: the folder above': '..',
    'B60: the folder itself': '.',
    'B60: the working directory': '.gofd',
    'B54: 300 characters': 'a'.repeat(300),
    'with a NUL': 'a\0b',
    'with a line break': 'a\nb',
    'with an escape': 'a\u001b[1m',
    'that turns the text round': 'a\u202Eb',
  });
}

const CREATE_ROWS: readonly Row[] = [
  ...bodyRows(GOOD_CREATE),
  ...required(GOOD_CREATE, 'taskId', TEXT),
  ...idRows(GOOD_CREATE),
  ...required(GOOD_CREATE, 'speed', NUMBER),
  ...each(GOOD_CREATE, 'speed', 'FIELD_RANGE', { '0': 0, '-1': -1, '2^53': TOO_LARGE }),
  ...optional(GOOD_CREATE, 'host', TEXT),
  ...each(GOOD_CREATE, 'host', 'FIELD_EMPTY', { empty: '' }),
  ...each(GOOD_CREATE, 'host', 'FIELD_RANGE', { 'of 301 characters': 'a'.repeat(301) }),
  ...optional(GOOD_CREATE, 'attempt', NUMBER),
  ...each(GOOD_CREATE, 'attempt', 'FIELD_RANGE', { '0': 0, '-1': -1 }),
  ...chainRows(GOOD_CREATE),
  ...required(GOOD_CREATE, 'metaInfo', OBJECT),
  ...each(GOOD_CREATE, 'metaInfo.colour', 'FIELD_UNKNOWN', { unknown: 'red' }),
  ...required(GOOD_CREATE, 'metaInfo.length', NUMBER),
  ...each(GOOD_CREATE, 'metaInfo.length', 'FIELD_RANGE', { '-1': -1, '2^53': TOO_LARGE }),
  ...each(GOOD_CREATE, 'metaInfo.length', 'INVALID_META_INFO', { 'another sum': 7, '0': 0 }),
  ...required(GOOD_CREATE, 'metaInfo.PieceLen', NUMBER),
  ...each(GOOD_CREATE, 'metaInfo.PieceLen', 'FIELD_RANGE', {
    'B53: 0': 0,
    '-1': -1,
    '32 KiB less 1': 32 * 1024 - 1,
    '16 MiB and 1': 16 * 2 ** 20 + 1,
    '2^53': TOO_LARGE,
  }),
  ...each(GOOD_CREATE, 'metaInfo.PieceLen', 'INVALID_META_INFO', { '48 KiB': 48 * 1024 }),
  ['metaInfo.pieceLen: in lower case', lowerCasePieceLen(), 'FIELD_UNKNOWN', 'metaInfo.pieceLen'],
  ...required(GOOD_CREATE, 'metaInfo.pieces', TEXT),
  ...each(GOOD_CREATE, 'metaInfo.pieces', 'INVALID_META_INFO', {
    empty: '',
    'no base64': 'not base64!',
    'base64 of URLs': 'ab-_',
    'base64 cut short': 'abcde',
    'B53: too short': Buffer.alloc(20).toString('base64'),
    'too long': Buffer.alloc(20 * 7).toString('base64'),
  }),
  ...required(GOOD_CREATE, 'metaInfo.files', LIST),
  ...each(GOOD_CREATE, 'metaInfo.files', 'FIELD_EMPTY', { empty: [] }),
  ...each(GOOD_CREATE, 'metaInfo.files', 'FIELD_RANGE', {
    'of 10,001 files': Array.from({ length: 10_001 }, (_, n) => ({ length: 0, name: `f${n}` })),
  }),
  ...each(GOOD_CREATE, 'metaInfo.files[1]', 'FIELD_NULL', { null: null }),
  ...each(GOOD_CREATE, 'metaInfo.files[1]', 'FIELD_TYPE', { 'a number': 7, 'a text': 'a' }),
  ...each(GOOD_CREATE, 'metaInfo.files', 'FIELD_TYPE', {
    'with lists': [[]],
    'a list in it': [[[]]],
  }),
  ...each(GOOD_CREATE, 'metaInfo.files[1].colour', 'FIELD_UNKNOWN', { unknown: 'red' }),
  ...required(GOOD_CREATE, 'metaInfo.files[1].length', NUMBER),
  ...each(GOOD_CREATE, 'metaInfo.files[1].length', 'FIELD_RANGE', { '-1': -1, '2^53': TOO_LARGE }),
  ...required(GOOD_CREATE, 'metaInfo.files[1].name', TEXT),
  ...nameRows(),
  ...each(GOOD_CREATE, 'metaInfo.files[1].name', 'DUPLICATE_FILE_NAME', { 'B06: twice': 'a' }, 409),
  ...optional(GOOD_CREATE, 'metaInfo.files[1].path', TEXT),
  ...optional(GOOD_CREATE, 'metaInfo.files[1].sum', TEXT),
];

const START_ROWS: readonly Row[] = [
  ...bodyRows(GOOD_START),
  ...required(GOOD_START, 'taskId', TEXT),
  ...idRows(GOOD_START),
  ...chainRows(GOOD_START),
];

function lowerCasePieceLen(): Json {
  return change(GOOD_CREATE, 'metaInfo.pieceLen', 32 * 1024);
}

/** Rows as objects, for titles: a tuple's long bodies would be printed. */
function titled(rows: readonly Row[]) {
  return rows.map(([what, body, code, field, status = 400]) => ({
    what,
    body,
    code,
    field,
    status,
  }));
}

function expectRefusal(
  { status, body }: Answer<ErrorBody>,
  expected: { readonly status: number; readonly code: string; readonly field: string | undefined },
): void {
  const found = { status, code: body.code, field: body.details?.[0]?.field };
  expect(found).toEqual({ status: expected.status, code: expected.code, field: expected.field });
  expect(body.statusCode).toBe(status);
  expect(body.message).not.toBe('');
}

describe('B53: POST /tasks', () => {
  it.each(titled(CREATE_ROWS))('$what', async ({ body, ...expected }) => {
    expectRefusal(await agent.create(body), expected);
    expect(readdirSync(agent.downdir)).toEqual([]);
    expect(await agent.call('GET', '/tasks/t1')).toMatchObject({ status: 404 });
  });

  it('lists every field that is wrong', async () => {
    const body = change(change(GOOD_CREATE, 'speed', 0), 'metaInfo.PieceLen', 'large');
    const { details } = (await agent.create(body)).body;
    expect(details?.map(({ field }) => field).sort()).toEqual(['metaInfo.PieceLen', 'speed']);
  });

  it('answers hashes of the largest size there may be, before it looks at the disk', async () => {
    const pieces = Buffer.alloc(40 * 1024 * 1024, 1).toString('base64');
    const refused = await agent.create(change(GOOD_CREATE, 'metaInfo.pieces', pieces));
    expectRefusal(refused, { status: 400, code: 'INVALID_META_INFO', field: 'metaInfo.pieces' });
    const tooLarge = await agent.create(`{"taskId":"${'a'.repeat(64 * 1024 * 1024)}"}`);
    expect([tooLarge.status, tooLarge.body.code]).toEqual([413, 'BODY_TOO_LARGE']);
  });
});

describe('POST /tasks/start', () => {
  it.each(titled(START_ROWS))('$what', async ({ body, ...expected }) => {
    expectRefusal(await agent.call('POST', '/tasks/start', body), expected);
  });
});

describe('a path', () => {
  it.each([
    ['GET', '/tasks/none', 404, 'TASK_NOT_EXISTED'],
    ['GET', '/tasks/constructor', 404, 'TASK_NOT_EXISTED'],
    ['GET', '/tasks/%2e%2e%2f%2e%2e%2fetc', 404, 'TASK_NOT_EXISTED'],
    ['GET', '/tasks/%ff', 404, 'ROUTE_NOT_FOUND'],
    ['GET', '/nothing', 404, 'ROUTE_NOT_FOUND'],
    ['GET', '/tasks', 405, 'METHOD_NOT_ALLOWED'],
    ['PUT', '/tasks/t1', 405, 'METHOD_NOT_ALLOWED'],
    ['DELETE', '/tasks', 405, 'METHOD_NOT_ALLOWED'],
  ])('%s %s is answered %i %s', async (method, path, status, code) => {
    const answer = await agent.call<ErrorBody>(method, path);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
});
