/** One bad input, one exact code that names its field, and nothing is created. */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorBody } from '@gofd/task-model';
import { aCreateCall, aFile } from './a-create-call.ts';
import { AgentUnderTest } from './agent-under-test.ts';
import {
  bodyRows,
  chainRows,
  change,
  each,
  expectRefusal,
  idRows,
  LIST,
  NUMBER,
  OBJECT,
  optional,
  required,
  TEXT,
  titled,
  TOO_LARGE,
  type Json,
  type Row,
} from './bad-body-rows.ts';

let agent: AgentUnderTest;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ agent, remove } = await AgentUnderTest.startForMany());
});
afterAll(() => remove());

const GOOD_CREATE = JSON.parse(JSON.stringify(aCreateCall([aFile('a'), aFile('b')]))) as Json;
const GOOD_START: Json = { taskId: 't1', linkChain: GOOD_CREATE['linkChain'] };

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
