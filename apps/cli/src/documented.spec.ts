/** docs/cli.md against the command line as it is. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandTree } from './completion/command-tree.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { createProgram } from './program.ts';

const text = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');
const tree = commandTree(
  createProgram({ appsFolder: new URL('file:///'), finish: () => undefined }),
);

describe('docs/cli.md', () => {
  it.each(tree.filter(({ subcommands }) => subcommands.length === 0).map(({ path }) => path))(
    'has a section about gofd %s',
    (path) => {
      expect(text).toMatch(new RegExp(`^#{2,3} gofd ${path}$`, 'm'));
    },
  );

  it.each([...new Set(tree.flatMap(({ options }) => options.map(({ word }) => word)))])(
    'explains %s',
    (word) => {
      if (word !== '--version') expect(text).toMatch(new RegExp(`\`[^\`\\n]*${word}\\b`));
    },
  );

  it('names no option that there is not', () => {
    const known = new Set(tree.flatMap(({ options }) => options.map(({ word }) => word)));
    const named = [...text.matchAll(/`[^`\n]*`/g)].flatMap(
      ([code]) => code.match(/(?<![\w-])--[a-z-]+/g) ?? [],
    );
    expect(named.filter((word) => !known.has(word))).toEqual([]);
  });

  it('has every exit code', () => {
    for (const { status } of Object.values(EXIT_CODES)) {
      expect(text).toMatch(new RegExp(`^\\| ${status} +\\| `, 'm'));
    }
  });
});
