// A Chinese document says what its English original says: the same commands and output, the same
// headings where it is a translation line by line, every failure code with meaning, cause, remedy.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FAILURE_CODES, REQUEST_ERROR_STATUS } from '@gofd/task-model';
import { shellCommands, walkthroughSteps } from '../docs/walkthrough.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TRANSLATIONS = [
  ['README.md', 'README.zh-CN.md'],
  ['docs/getting-started.md', 'docs/zh/getting-started.md'],
] as const;
const CODE_FENCE = /^```.*?^```$/gms;
const FAILURE_ROW = /^\| `([A-Z_]+)` +\|(.*)\|$/gm;

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** `##` for each heading of the second level, and so on; words are another language's. */
function headingLevels(markdown: string): string[] {
  return [...markdown.replace(CODE_FENCE, '').matchAll(/^(#+) /gm)].map(([, level = '']) => level);
}

/** Rows of each table outside of code. */
function tableLengths(markdown: string): number[] {
  const tables = markdown.replace(CODE_FENCE, '').match(/(^\|.*\n)+/gm) ?? [];
  return tables.map((table) => table.trimEnd().split('\n').length);
}

/** First cells that are nothing but code, in order: keys, options, codes. */
function codeCells(markdown: string): string[] {
  return [...markdown.matchAll(/^\| (`[^|]+`|\d+) *\|/gm)].map(([, key = '']) => key);
}

describe.each(TRANSLATIONS)('%s and %s', (english, chinese) => {
  it('have the same headings', () => {
    expect(headingLevels(read(chinese))).toEqual(headingLevels(read(english)));
  });

  it('have the same commands, comments aside', () => {
    const commands = shellCommands(read(english));
    expect(commands).not.toEqual([]);
    expect(shellCommands(read(chinese))).toEqual(commands);
  });

  it('show the same output', () => {
    const outputs = (path: string): unknown[] =>
      walkthroughSteps(read(path)).map(({ expected }) => expected);
    expect(outputs(chinese)).toEqual(outputs(english));
  });

  it('have the same tables, keys translated by nobody', () => {
    expect(tableLengths(read(chinese))).toEqual(tableLengths(read(english)));
    const keys = (path: string): string[] =>
      codeCells(read(path)).map((key) => key.replace('、', ', '));
    expect(keys(chinese)).toEqual(keys(english));
  });
});

describe('docs/zh/operations.md', () => {
  const rows = new Map(
    [...read('docs/zh/operations.md').matchAll(FAILURE_ROW)].map(([, code = '', rest = '']) => [
      code,
      rest.split('|').map((cell) => cell.trim()),
    ]),
  );

  it.each(FAILURE_CODES)('gives %s a meaning, a cause and a remedy', (code) => {
    expect(rows.get(code)).toHaveLength(3);
    expect(rows.get(code)).not.toContain('');
  });

  it('explains no code that there is not', () => {
    const known: readonly string[] = [...FAILURE_CODES, ...Object.keys(REQUEST_ERROR_STATUS)];
    expect([...rows.keys()].filter((code) => !known.includes(code))).toEqual([]);
  });
});
