import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findUntidiness, MAX_FILE_LINES, MAX_FUNCTION_LINES, MAX_SPEC_LINES } from './tidy.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What is committed or would be: ignored files are nobody's source. */
function sourceFiles(): string[] {
  const listed = execFileSync(
    'git',
    [
      'ls-files',
      '-z',
      '--cached',
      '--others',
      '--exclude-standard',
      '--',
      '*.ts',
      '*.tsx',
      '*.mjs',
    ],
    { cwd: ROOT, encoding: 'utf8' },
  );
  return listed.split('\0').filter((path) => path !== '' && existsSync(join(ROOT, path)));
}

const linesOf = (count: number): string => 'const a = 1;\n'.repeat(count);
const functionOf = (lineCount: number): string =>
  `export function a(): void {\n${linesOf(lineCount - 2)}}`;

describe('the workspace', () => {
  it('is tidy', () => {
    const files = sourceFiles();
    expect(files.length).toBeGreaterThan(10);
    expect(
      files.flatMap((path) => findUntidiness(path, readFileSync(join(ROOT, path), 'utf8'))),
    ).toEqual([]);
  });
});

describe('findUntidiness', () => {
  it('accepts a function at the limit and refuses one line more', () => {
    expect(findUntidiness('a.ts', functionOf(MAX_FUNCTION_LINES))).toEqual([]);
    expect(findUntidiness('a.ts', functionOf(MAX_FUNCTION_LINES + 1))).toEqual([
      'a.ts:1 is a function of 71 lines, above 70',
    ]);
  });

  it('measures methods and arrow functions as well', () => {
    const method = `class A {\n  b() {\n${linesOf(MAX_FUNCTION_LINES)}  }\n}`;
    const arrow = `const a = () => {\n${linesOf(MAX_FUNCTION_LINES)}};`;
    expect(findUntidiness('a.ts', method)).toHaveLength(1);
    expect(findUntidiness('a.ts', arrow)).toHaveLength(1);
  });

  it('lets the functions of specs be long', () => {
    expect(findUntidiness('a.spec.ts', functionOf(MAX_FUNCTION_LINES + 1))).toEqual([]);
  });

  it('refuses a file above the limit, and gives specs twice as much', () => {
    expect(findUntidiness('a.ts', linesOf(MAX_FILE_LINES))).toEqual([]);
    expect(findUntidiness('a.ts', linesOf(MAX_FILE_LINES + 1))).toEqual([
      'a.ts:1 has 401 lines, above 400',
    ]);
    expect(findUntidiness('a.spec.ts', linesOf(MAX_SPEC_LINES))).toEqual([]);
    expect(findUntidiness('a.spec.ts', linesOf(MAX_SPEC_LINES + 1))).toHaveLength(1);
  });

  it.each(['utils.ts', 'libs/a/helpers.ts', 'common.ts', 'types.ts'])(
    'refuses the name %s',
    (path) => {
      expect(findUntidiness(path, '')).toHaveLength(1);
    },
  );

  it('refuses a note about unfinished work', () => {
    const notes = ['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'];
    for (const note of notes) {
      expect(findUntidiness('a.ts', `\n// ${note} later`)).toEqual([
        `a.ts:2 says ${note}: do it or open an issue`,
      ]);
    }
  });

  it('refuses a wildcard export in an index', () => {
    expect(findUntidiness('src/index.ts', "export * from './a.ts';")).toHaveLength(1);
    expect(findUntidiness('src/index.ts', "export { a } from './a.ts';")).toEqual([]);
  });

  it('refuses a focused test, and a skipped one that gives no reason', () => {
    expect(findUntidiness('a.spec.ts', "describe.only('a', () => {});")).toHaveLength(1);
    expect(findUntidiness('a.spec.ts', "it.skip('a', () => {});")).toHaveLength(1);
    expect(findUntidiness('a.spec.ts', "it.todo('a');")).toHaveLength(1);
    expect(findUntidiness('a.spec.ts', "it.skip('a, skipped: see #12', () => {});")).toEqual([]);
    expect(findUntidiness('a.spec.ts', "queue.skip('a');")).toEqual([]);
  });
});
