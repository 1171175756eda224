// Bad inputs are data: every file of them is read by a spec, every row has an id of its own, a title and
// the one answer that it must get, and there are as many as we say.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Rows are added and never taken away. */
const MIN_ROWS = 800;

interface Row {
  readonly id: string;
  readonly what: string;
  readonly code?: string;
  readonly problem?: string;
}

function listed(...patterns: readonly string[]): string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...patterns];
  const found = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' });
  return found.split('\0').filter((path) => path !== '');
}

function rowsOf(path: string): readonly Row[] {
  return (JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as { rows: readonly Row[] }).rows;
}

const FILES = listed('*/test/bad-inputs/*.json');
const ROWS = FILES.flatMap(rowsOf);

describe('bad inputs', () => {
  it(`are at least ${MIN_ROWS}, of every interface`, () => {
    expect(ROWS.length).toBeGreaterThanOrEqual(MIN_ROWS);
    const projects = FILES.map((path) => path.split('/').slice(0, 2).join('/'));
    expect([...new Set(projects)].sort()).toEqual([
      'apps/agent',
      'apps/server',
      'libs/p2p-protocol',
      'libs/piece-store',
      'libs/service-kit',
    ]);
  });

  it('each have an id of their own', () => {
    const ids = ROWS.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('each have a title, and one answer that is not empty', () => {
    const isVague = ({ what, code, problem }: Row): boolean => !what || !(code ?? problem);
    expect(ROWS.filter(isVague)).toEqual([]);
  });

  it.each(FILES)('of %s are read by a spec or what it imports', (path) => {
    const project = dirname(dirname(dirname(path)));
    const texts = listed(`${project}/*.ts`).map((file) => readFileSync(join(ROOT, file), 'utf8'));
    const name = basename(path, '.json');
    const reads = new RegExp(`['/]${name}(\\.json)?'`);
    expect(texts.some((text) => reads.test(text))).toBe(true);
  });
});
