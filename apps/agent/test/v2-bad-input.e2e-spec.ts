/** Bad bodies of what wire v2 added: manifest, key, plan, and the change of a running task. */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aFile, metaInfoOf } from './a-create-call.ts';
import { aManifest, aV2CreateCall, inline } from './a-v2-create-call.ts';
import { AgentUnderTest } from './agent-under-test.ts';
import {
  bodyRows,
  change,
  each,
  expectRefusal,
  NUMBER,
  OBJECT,
  optional,
  planRows,
  required,
  TEXT,
  titled,
  TOO_LARGE,
  type Json,
  type Row,
} from './bad-body-rows.ts';

const FILES = [aFile('a'), aFile('b')];
const PLAN = {
  sources: ['good:1'],
  degree: 1,
  origin: 'server:1',
  rack: { name: 'r1', members: ['good:1'] },
};
const GOOD_CREATE = asJson(aV2CreateCall(FILES, { plan: PLAN }));
const GOOD_START: Json = { taskId: 't1', linkChain: GOOD_CREATE['linkChain'], plan: PLAN };
/** The fields of both versions; only beyond the checks of each field is it refused for that. */
const BOTH = { ...GOOD_CREATE, metaInfo: asJson(metaInfoOf(FILES)) };
const MIB = 2 ** 20;

let agent: AgentUnderTest;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ agent, remove } = await AgentUnderTest.startForMany());
});
afterAll(() => remove());

function asJson(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

function base64(byteCount: number): string {
  return Buffer.alloc(byteCount, 0xfb).toString('base64');
}

/** Texts that are not base64 of 32 bytes. */
const NOT_32_BYTES = {
  empty: '',
  'of 31 bytes': base64(31),
  'of 33 bytes': base64(33),
  'of 64 bytes': base64(64),
  'base64 of URLs': Buffer.alloc(32, 0xfb).toString('base64url').padEnd(44, '='),
  'without its padding': base64(32).slice(0, -1),
  'padded twice': `${base64(32).slice(0, -2)}==`,
  'in hexadecimal': 'ab'.repeat(32),
  'with a line break': `${base64(32)}\n`,
};

const MANIFEST_ROWS: readonly Row[] = [
  ...optional(BOTH, 'manifest', OBJECT),
  ...each(GOOD_CREATE, 'manifest', 'FIELD_NULL', { null: null }),
  ...each(GOOD_CREATE, 'manifest.colour', 'FIELD_UNKNOWN', { unknown: 'red' }),
  ...required(GOOD_CREATE, 'manifest.digest', TEXT),
  ...each(GOOD_CREATE, 'manifest.digest', 'INVALID_META_INFO', NOT_32_BYTES),
  ...required(GOOD_CREATE, 'manifest.bytes', NUMBER),
  ...each(GOOD_CREATE, 'manifest.bytes', 'FIELD_RANGE', {
    '0': 0,
    '-1': -1,
    '64 MiB and 1': 64 * MIB + 1,
    '2^53': TOO_LARGE,
  }),
  ...optional(GOOD_CREATE, 'manifest.content', TEXT),
  ...each(GOOD_CREATE, 'manifest.content', 'INVALID_META_INFO', {
    empty: '',
    'no base64': 'not base64!',
    'base64 of URLs': 'ab-_',
    'base64 cut short': 'abcde',
    'other bytes': base64(32),
  }),
  ...each(GOOD_CREATE, 'manifest.content', 'FIELD_RANGE', { 'of 3 KiB': base64(3 * 1024) }),
  ['manifest: beside metaInfo', change(BOTH, 'plan', undefined), 'INVALID_META_INFO', 'manifest'],
];

const KEY_ROWS: readonly Row[] = [
  ...required(GOOD_CREATE, 'key', TEXT),
  ...each(GOOD_CREATE, 'key', 'FIELD_RANGE', NOT_32_BYTES),
  [
    'key: with metaInfo',
    { ...BOTH, manifest: undefined, plan: undefined },
    'INVALID_META_INFO',
    'key',
  ],
];

const PLAN_ROWS: readonly Row[] = [
  ...planRows(GOOD_CREATE),
  [
    'plan: with metaInfo',
    { ...BOTH, manifest: undefined, key: undefined },
    'INVALID_LINK_CHAIN',
    'plan',
  ],
];

/** Names that only the manifest in the call holds. */
function nameRows(): Row[] {
  const withNames = (...names: readonly string[]): Json => ({
    ...GOOD_CREATE,
    manifest: inline(aManifest(names.map((name) => aFile(name, 1)))),
  });
  const field = 'manifest.content';
  return [
    ['B60: a name ../../x', withNames('../../x'), 'UNSAFE_PATH', field],
    ['B60: an absolute name', withNames('good', '/etc/x'), 'UNSAFE_PATH', field],
    ['B60: the working directory as a name', withNames('.gofd'), 'UNSAFE_PATH', field],
    ['B06: a name twice', withNames('a', 'b', 'a'), 'DUPLICATE_FILE_NAME', field, 409],
  ];
}

const CHANGE_ROWS: readonly Row[] = [
  ...bodyRows({ speed: 1 }).filter(([, , , field]) => field !== 'taskId'),
  ['an empty object', {}, 'FIELD_MISSING', 'speed'],
  ['a doubled key', '{"speed":1,"speed":2}', 'DUPLICATE_KEY', 'speed'],
  ...required({ speed: 1 }, 'speed', NUMBER),
  ...each({ speed: 1 }, 'speed', 'FIELD_RANGE', { '0': 0, '-1': -1, '2^53': TOO_LARGE }),
];

describe('POST /tasks of a v2 task', () => {
  const rows = [...MANIFEST_ROWS, ...KEY_ROWS, ...PLAN_ROWS, ...nameRows()];

  it.each(titled(rows))('$what', async ({ body, ...expected }) => {
    expectRefusal(await agent.create(body), expected);
    expect(readdirSync(agent.downdir)).toEqual([]);
    expect(await agent.call('GET', '/tasks/t1')).toMatchObject({ status: 404 });
  });

  it('lists every field that is wrong', async () => {
    const body = change(change(GOOD_CREATE, 'key', 'short'), 'manifest.bytes', 0);
    const { details } = (await agent.create(body)).body;
    expect(details?.map(({ field }) => field).sort()).toEqual(['key', 'manifest.bytes']);
  });

  it('never repeats a key in its answer', async () => {
    const key = `${base64(31)}-secret`;
    const answer = await agent.create({ ...GOOD_CREATE, key });
    expect(answer.body.code).toBe('FIELD_RANGE');
    expect(JSON.stringify(answer.body)).not.toContain('secret');
  });
});

describe('POST /tasks/start of a v2 task', () => {
  it.each(titled(planRows(GOOD_START)))('$what', async ({ body, ...expected }) => {
    expectRefusal(await agent.call('POST', '/tasks/start', body), expected);
  });

  it('takes a plan at its limits', async () => {
    const sources = Array.from({ length: 256 }, (_, n) => `host-${n}:1`);
    const rack = { name: 'r'.repeat(100), members: Array.from({ length: 10_000 }, () => 'host:1') };
    const plan = { sources, degree: 256, rack };
    const answer = await agent.call('POST', '/tasks/start', { ...GOOD_START, plan });
    expect(answer).toMatchObject({ status: 404, body: { code: 'TASK_NOT_EXISTED' } });
  });
});

describe('PATCH /tasks/:id', () => {
  it.each(titled(CHANGE_ROWS))('$what', async ({ body, ...expected }) => {
    expectRefusal(await agent.call('PATCH', '/tasks/t1', body), expected);
  });

  it.each([1, Number.MAX_SAFE_INTEGER])(
    'of an unknown task is 404, for a speed of %d',
    async (n) => {
      const answer = await agent.setSpeed(n, 'none');
      expectRefusal(answer, { status: 404, code: 'TASK_NOT_EXISTED', field: undefined });
    },
  );
});
