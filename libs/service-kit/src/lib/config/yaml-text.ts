/** From the bytes of a configuration file to the nodes of its YAML, or to what is wrong with it. */
import { readFileSync, statSync } from 'node:fs';
import { isMap, LineCounter, parseDocument, type Document, type YAMLMap } from 'yaml';
import { ConfigError, type ConfigProblem } from '../errors.ts';

/** A larger file is refused before it is read. */
export const MAX_CONFIG_BYTES = 64 * 1024;

/** @throws ConfigError when the file is missing, no file, too large or not UTF-8 */
export function readConfigText(file: string): string {
  try {
    const stats = statSync(file);
    if (!stats.isFile()) throw fileProblem(file, 'is not a regular file');
    if (stats.size > MAX_CONFIG_BYTES) {
      throw fileProblem(file, `is larger than ${MAX_CONFIG_BYTES} bytes`);
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    throw toConfigError(error, file);
  }
}

export interface YamlText {
  readonly document: Document;
  /** The top section; undefined when there is none because of `problems`. */
  readonly top: YAMLMap | undefined;
  readonly problems: readonly ConfigProblem[];
  /** Line, from 1, of a character offset. */
  lineAt(offset: number): number;
}

/** Parses YAML 1.2 core: no custom tags, no merge keys. Doubled keys are left to the reader. */
export function parseYamlText(text: string): YamlText {
  const lines = new LineCounter();
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  try {
    const document = parseDocument(text.replace(/^\uFEFF/, ''), {
      lineCounter: lines,
      uniqueKeys: false,
      strict: true,
      prettyErrors: false,
    });
    const problems = [...document.errors, ...document.warnings].map((found) => ({
      key: 'yaml',
      line: lineAt(found.pos[0]),
      message: found.message,
    }));
    return { document, lineAt, ...topSection(document, problems) };
  } catch (error) {
    // The parser recurses: brackets nested by the thousand end its stack.
    const message = `cannot be read as YAML (${(error as Error).message})`;
    return {
      document: parseDocument(''),
      lineAt,
      top: undefined,
      problems: [{ key: 'yaml', message }],
    };
  }
}

function topSection(
  document: Document,
  problems: readonly ConfigProblem[],
): Pick<YamlText, 'top' | 'problems'> {
  if (problems.length > 0) return { top: undefined, problems };
  if (isMap(document.contents)) return { top: document.contents, problems };
  const isEmpty = document.contents === null;
  const message = isEmpty ? 'is empty' : 'must hold keys and values at the top';
  return { top: undefined, problems: [{ key: 'file', message }] };
}

function fileProblem(file: string, message: string): ConfigError {
  return new ConfigError(file, [{ key: 'file', message }]);
}

function toConfigError(error: unknown, file: string): ConfigError {
  if (error instanceof ConfigError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return fileProblem(file, 'does not exist');
  if (code === 'EACCES') return fileProblem(file, 'may not be read by this user');
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return fileProblem(file, 'is not UTF-8 text');
  return fileProblem(file, `cannot be read: ${message}`);
}
