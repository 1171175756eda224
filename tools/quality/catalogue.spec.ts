import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { idsInTitles, readCatalogue } from './catalogue.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Rows that must never lose their test: from, to. */
const REQUIRED_RANGES: readonly (readonly [number, number])[] = [
  [1, 6],
  [9, 10],
  [20, 24],
  [26, 29],
  [32, 32],
  [35, 35],
  [38, 39],
  [50, 56],
  [60, 60],
  [64, 64],
  [82, 87],
];
/** Specs, and the rows of bad input that specs run one by one. */
const TEST_FILES = ['*spec.ts', '*/test/bad-inputs/*.json'];
const REQUIRED = REQUIRED_RANGES.flatMap(([from, to]) =>
  Array.from({ length: to - from + 1 }, (_, index) => `B${String(from + index).padStart(2, '0')}`),
);

function testFiles(): string[] {
  const listed = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...TEST_FILES],
    { cwd: ROOT, encoding: 'utf8' },
  );
  const isTest = (path: string): boolean => path !== '' && existsSync(join(ROOT, path));
  return listed.split('\0').filter((path) => isTest(path) && !path.includes('quality/catalogue'));
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('the catalogue', () => {
  const rows = readCatalogue(read('docs/testing.md'));
  const idsOfFile = new Map(testFiles().map((path) => [path, idsInTitles(read(path))]));
  const tested = new Set([...idsOfFile.values()].flatMap((ids) => [...ids]));

  it.each(REQUIRED)('has a test that names %s in its title', (id) => {
    expect(tested).toContain(id);
  });

  it.each(REQUIRED)('has a row for %s in docs/testing.md', (id) => {
    expect(rows.map((row) => row.id)).toContain(id);
  });

  it('names for each row files, or a folder, that hold it', () => {
    const isHeldBy = (id: string, place: string): boolean =>
      [...idsOfFile].some(
        ([path, ids]) => ids.has(id) && (path === place || path.startsWith(`${place}/`)),
      );
    const wrong = rows.flatMap(({ id, places }) =>
      places.length === 0
        ? [`${id} names no file`]
        : places.filter((place) => !isHeldBy(id, place)).map((place) => `${id} is not in ${place}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('readCatalogue', () => {
  it('takes the id from the first cell and the files from the last', () => {
    const row = '| B20 | hangs | dials on | `a.spec.ts`, `b.spec.ts` |';
    expect(readCatalogue(`# x\n\n${row}\n| C1 | no row |`)).toEqual([
      { id: 'B20', places: ['a.spec.ts', 'b.spec.ts'] },
    ]);
  });
});

describe('idsInTitles', () => {
  it('finds ids that begin a title, and no others', () => {
    const text = `it('B01, B60: x', f); it(\`B09: \${a}\`, f); it('not B02', f); // B03: y`;
    expect([...idsInTitles(text)]).toEqual(['B01', 'B60', 'B09']);
  });
});
