/**
 * The catalogue of faults of the Go implementation (docs/testing.md) and the tests that hold ours
 * to better behaviour. A test names its rows at the start of its title: `B20, B26: …`.
 */
import ts from 'typescript';

export interface CatalogueRow {
  readonly id: string;
  /** Test files that hold it, or folders with such a file, relative to the root. */
  readonly places: readonly string[];
}

const ROW = /^\| *(B\d{2}) *\|.*\|([^|]*)\|\s*$/;
const TITLE = /^(B\d{2}(?:, B\d{2})*)\b/;

/** Rows of the tables of docs/testing.md: id in the first cell, test files in the last. */
export function readCatalogue(markdown: string): CatalogueRow[] {
  return markdown.split('\n').flatMap((line) => {
    const [, id, places = ''] = ROW.exec(line) ?? [];
    if (id === undefined) return [];
    return [{ id, places: [...places.matchAll(/`([^`]+)`/g)].map(([, place = '']) => place) }];
  });
}

/**
 * Ids that begin the title of a test, or of a group of tests, or of a row of a table of cases.
 * @param text TypeScript or, of a table in a file of its own, JSON
 */
export function idsInTitles(text: string): Set<string> {
  const program = text.startsWith('{') ? `(${text})` : text;
  const source = ts.createSourceFile('a.spec.ts', program, ts.ScriptTarget.Latest, true);
  const ids = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) {
      for (const id of TITLE.exec(node.text)?.[1]?.split(', ') ?? []) ids.add(id);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return ids;
}
