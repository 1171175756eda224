/**
 * Reads the part of a seelog .xml that has a counterpart here: the root's minlevel and the outputs
 * console, file and rollingfile by size. Everything else is listed, to be warned about once.
 */
import { dirname, resolve } from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { ConfigError } from '../errors.ts';
import type { FileLogSettings, LogLevel, LogSettings } from './log-destinations.ts';

const LEVEL_OF_SEELOG: Readonly<Record<string, LogLevel>> = {
  trace: 'silly',
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  error: 'error',
  critical: 'error',
};
/** seelog's own default. */
const DEFAULT_MINLEVEL = 'trace';
const ATTRIBUTES = ':@';
const ATTRIBUTE_PREFIX = '@';
/** What tells how seelog works inside and not what is logged. */
const SILENT_ROOT_ATTRIBUTES = ['minlevel', 'type', 'asyncinterval'];
const KNOWN_FILE_ATTRIBUTES = ['path', 'filename', 'type', 'maxsize', 'maxrolls', 'formatid'];

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
}

/** @throws ConfigError when the text is no seelog configuration */
export function readSeelog(text: string, file: string): LogSettings {
  const root = parseRoot(text, file);
  const minlevel = root.attributes.minlevel ?? DEFAULT_MINLEVEL;
  const level = LEVEL_OF_SEELOG[minlevel];
  if (!level && minlevel !== 'off') {
    throw problem(
      file,
      'minlevel',
      `must be one of ${Object.keys(LEVEL_OF_SEELOG).join(', ')}, off`,
    );
  }
  const outputs = root.children.find(({ name }) => name === 'outputs');
  const seen = outputs?.children ?? [{ name: 'console', attributes: {}, children: [] }];
  const ignored = [...ignoredOfRoot(root), ...seen.flatMap(ignoredOfOutput)];
  if (!level) return { format: 'line', files: [], ignored };
  return {
    format: 'line',
    ...(seen.some(({ name }) => name === 'console') ? { consoleLevel: level } : {}),
    files: seen.filter(isFile).map((output) => fileSettings(output, level, file)),
    ignored: [...new Set(ignored)],
  };
}

function fileSettings(output: Element, level: LogLevel, file: string): FileLogSettings {
  const { path: given, filename = given, type, maxsize, maxrolls } = output.attributes;
  if (filename === undefined) throw problem(file, output.name, 'needs a path');
  const path = resolve(dirname(file), filename);
  if (output.name === 'file' || type === 'date') return { path, level };
  return {
    path,
    level,
    ...(maxsize === undefined ? {} : { maxSizeBytes: countOf(maxsize, 'maxsize', file) }),
    // seelog counts the old files, winston all of them.
    ...(maxrolls === undefined ? {} : { maxFiles: countOf(maxrolls, 'maxrolls', file) + 1 }),
  };
}

function isFile({ name }: Element): boolean {
  return name === 'file' || name === 'rollingfile';
}

function ignoredOfRoot(root: Element): readonly string[] {
  const attributes = Object.keys(root.attributes).filter(
    (a) => !SILENT_ROOT_ATTRIBUTES.includes(a),
  );
  const children = root.children.filter(({ name }) => name !== 'outputs');
  return [...attributes, ...children.map(({ name }) => name)];
}

function ignoredOfOutput(output: Element): readonly string[] {
  if (output.name === 'console') return [];
  if (!isFile(output)) return [output.name];
  const isByDate = output.attributes.type === 'date';
  return Object.keys(output.attributes)
    .filter((attribute) => !KNOWN_FILE_ATTRIBUTES.includes(attribute))
    .concat(isByDate ? ['type="date"'] : [])
    .map((attribute) => `${output.name} ${attribute}`);
}

function countOf(text: string, attribute: string, file: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw problem(file, attribute, 'must be a number');
  return count;
}

function parseRoot(text: string, file: string): Element {
  const validity = XMLValidator.validate(text);
  if (validity !== true) throw problem(file, 'xml', validity.err.msg, validity.err.line);
  const tree = parseXml(text, file);
  const root = elementsOf(tree).find(({ name }) => name === 'seelog');
  if (!root) throw problem(file, 'xml', 'has no <seelog> element');
  return root;
}

/** The validator lets document types pass that the parser throws at. */
function parseXml(text: string, file: string): unknown {
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: ATTRIBUTE_PREFIX,
    processEntities: false,
    parseAttributeValue: false,
    ignoreDeclaration: true,
  });
  try {
    return parser.parse(text) as unknown;
  } catch (error) {
    throw problem(file, 'xml', error instanceof Error ? error.message : String(error));
  }
}

/** The ordered tree of the parser, each node an object with its name as the only plain key. */
function elementsOf(nodes: unknown): readonly Element[] {
  if (!Array.isArray(nodes)) return [];
  return (nodes as Record<string, unknown>[]).flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== ATTRIBUTES);
    if (name === undefined || name.startsWith('#')) return [];
    const attributes = Object.entries((node[ATTRIBUTES] ?? {}) as Record<string, string>).map(
      ([key, value]) => [key.slice(ATTRIBUTE_PREFIX.length), value] as const,
    );
    return [{ name, attributes: Object.fromEntries(attributes), children: elementsOf(node[name]) }];
  });
}

function problem(file: string, key: string, message: string, line?: number): ConfigError {
  return new ConfigError(file, [{ key, message, ...(line === undefined ? {} : { line }) }]);
}
