/**
 * What no linter says about a source file: is it short enough to read, named for an idea, and
 * finished? Works on text alone (the TypeScript parser, no types), so the whole workspace takes
 * about a second. The limits are where a reviewer would refuse, not what to aim at.
 */
import { basename } from 'node:path';
import ts from 'typescript';

/** Longest function of production code, lines. */
export const MAX_FUNCTION_LINES = 70;

/** Longest file of production code, lines. */
export const MAX_FILE_LINES = 400;

/** Longest spec, lines: cases are many and alike. */
export const MAX_SPEC_LINES = 2 * MAX_FILE_LINES;

const NAMES_WITHOUT_AN_IDEA = /^(utils?|helpers?|common|misc|types)\.[cm]?[jt]sx?$/;
const UNFINISHED = /\b(FIXME|TODO|XXX)\b/; // tidy: this line names them
const TIDY_EXCEPTION = '// tidy: this line names them';
const SPEC = /(\.(spec|e2e-spec|contract)\.ts$)|(^|\/)test\//;
const TEST_FUNCTIONS = new Set(['it', 'test', 'describe', 'suite']);
const STATED_REASON = /skipped: \S/;

/** @returns one sentence per finding, each beginning with `path:line` */
export function findUntidiness(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const isSpec = SPEC.test(path);
  return [
    ...nameFindings(path),
    ...lengthFindings(path, text, isSpec ? MAX_SPEC_LINES : MAX_FILE_LINES),
    ...unfinishedFindings(path, text),
    ...nodeFindings(path, source, isSpec),
  ];
}

function nameFindings(path: string): string[] {
  return NAMES_WITHOUT_AN_IDEA.test(basename(path))
    ? [`${path}:1 is named for no idea: say what is in it`]
    : [];
}

function lengthFindings(path: string, text: string, maxLines: number): string[] {
  const lineCount = text.trimEnd().split('\n').length;
  return lineCount > maxLines ? [`${path}:1 has ${lineCount} lines, above ${maxLines}`] : [];
}

function unfinishedFindings(path: string, text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const word = line.includes(TIDY_EXCEPTION) ? undefined : UNFINISHED.exec(line)?.[0];
    return word === undefined ? [] : [`${path}:${index + 1} says ${word}: do it or open an issue`];
  });
}

function nodeFindings(path: string, source: ts.SourceFile, isSpec: boolean): string[] {
  const findings: string[] = [];
  const visit = (node: ts.Node): void => {
    const problem =
      wildcardExportProblem(node, path) ??
      switchedOffTestProblem(node) ??
      (isSpec ? undefined : longFunctionProblem(node, source));
    if (problem !== undefined) {
      findings.push(`${path}:${lineOf(source, node.getStart(source))} ${problem}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return findings;
}

function longFunctionProblem(node: ts.Node, source: ts.SourceFile): string | undefined {
  if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return undefined;
  const lineCount =
    lineOf(source, node.getEnd()) - lineOf(source, node.getStart(source, false)) + 1;
  if (lineCount <= MAX_FUNCTION_LINES) return undefined;
  return `is a function of ${lineCount} lines, above ${MAX_FUNCTION_LINES}`;
}

function wildcardExportProblem(node: ts.Node, path: string): string | undefined {
  const isWildcard = ts.isExportDeclaration(node) && node.exportClause === undefined;
  return isWildcard && basename(path) === 'index.ts' ? 'exports *: name what is public' : undefined;
}

function switchedOffTestProblem(node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) {
    return undefined;
  }
  const { expression: target, name } = node.expression;
  if (!ts.isIdentifier(target) || !TEST_FUNCTIONS.has(target.text)) return undefined;
  if (name.text === 'only') return 'runs one test only';
  if (name.text !== 'skip' && name.text !== 'todo') return undefined;
  const title = node.arguments[0];
  const hasReason =
    title !== undefined && ts.isStringLiteralLike(title) && STATED_REASON.test(title.text);
  return hasReason ? undefined : `switches a test off without "skipped: <reason>" in its title`;
}

function lineOf(source: ts.SourceFile, position: number): number {
  return source.getLineAndCharacterOfPosition(position).line + 1;
}
