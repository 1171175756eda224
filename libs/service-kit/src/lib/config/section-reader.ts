/**
 * Walks the YAML nodes along a schema class: keeps known keys, notes each one's line, and reports
 * unknown, doubled and misspelt ones. It descends only where the schema has a section and never
 * expands an alias that the schema does not ask for, so an alias bomb costs nothing.
 */
import { dirname, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isAlias, isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml';
import type { ConfigProblem } from '../errors.ts';
import { keysOf, type ConfigKeyOptions, type DiskCheck, type SchemaClass } from './config-key.ts';
import { unknownKeyMessage } from './unknown-key.ts';
import type { YamlText } from './yaml-text.ts';

/** A look at the disk that loading a configuration takes, and parsing it does not. */
export interface PendingDiskCheck {
  readonly key: string;
  readonly path: string;
  readonly section: Readonly<Record<string, unknown>>;
  readonly check: DiskCheck;
}

type Section = Record<string, unknown>;

interface FoundPair {
  readonly pair: Pair;
  /** The key as the file spells it. */
  readonly given: string;
  /** Dotted key in the spelling of the schema. */
  readonly key: string;
}

export class SectionReader {
  readonly problems: ConfigProblem[] = [];
  readonly diskChecks: PendingDiskCheck[] = [];
  readonly #lines = new Map<string, number>();
  readonly #yaml: YamlText;
  readonly #folder: string;

  constructor(yaml: YamlText, file: string) {
    this.#yaml = yaml;
    this.#folder = dirname(resolve(file));
  }

  /** Line of a key, or of the nearest section around it that the file has. */
  lineOf(key: string): number | undefined {
    const end = key.lastIndexOf('.');
    return this.#lines.get(key) ?? (end < 0 ? undefined : this.lineOf(key.slice(0, end)));
  }

  report(key: string, message: string, line = this.lineOf(key)): void {
    this.problems.push({ key, message, ...(line === undefined ? {} : { line }) });
  }

  read(map: YAMLMap, schema: SchemaClass, parent = ''): Section {
    const keys = keysOf(schema);
    const section: Section = {};
    for (const [name, { pair, key }] of this.#knownPairs(map, keys, parent)) {
      const options = keys.get(name) ?? {};
      const value = this.#valueOf(pair, options, key);
      if (value === undefined) continue;
      section[name] = value;
      if (options.path === true) this.#resolvePath(section, name, key, options);
    }
    return section;
  }

  /** The pairs by canonical key name, without those that are reported. */
  #knownPairs(map: YAMLMap, keys: ReadonlyMap<string, ConfigKeyOptions>, parent: string) {
    const found = new Map<string, FoundPair>();
    for (const pair of map.items) {
      const given = isScalar(pair.key) ? String(pair.key.value) : '(not a plain key)';
      const name = canonicalName(given, keys) ?? given;
      const key = parent === '' ? name : `${parent}.${name}`;
      const earlier = found.get(name);
      if (!keys.has(name)) {
        this.report(key, unknownKeyMessage(given, [...keys.keys()]), this.#lineOfPair(pair));
      } else if (earlier) {
        this.#reportDoubled(earlier, { pair, given, key });
      } else {
        this.#lines.set(key, this.#lineOfPair(pair));
        found.set(name, { pair, given, key });
      }
    }
    return found;
  }

  /** The same key twice is wrong; two spellings of one key only if they differ. */
  #reportDoubled(earlier: FoundPair, later: FoundPair): void {
    const line = this.#lineOfPair(later.pair);
    if (earlier.given === later.given) {
      const first = this.#lineOfPair(earlier.pair);
      this.report(later.key, `is given twice, first in line ${first}`, line);
    } else if (!isDeepStrictEqual(plainOf(earlier.pair.value), plainOf(later.pair.value))) {
      const both = `"${earlier.given}" and "${later.given}"`;
      this.report(later.key, `${both} are two spellings of one key with different values`, line);
    }
  }

  /** The plain value of a pair; undefined when it was reported and must not be looked at again. */
  #valueOf(pair: Pair, options: ConfigKeyOptions, key: string): unknown {
    const value = isAlias(pair.value) ? pair.value.resolve(this.#yaml.document) : pair.value;
    if (options.section && isMap(value)) return this.read(value, options.section(), key);
    if (options.switchable === true && isScalar(value) && typeof value.value === 'boolean') {
      return { enabled: value.value };
    }
    if (options.section) {
      this.report(key, 'must be a section of keys; leave it out when it has none');
      return undefined;
    }
    if (options.list === true && isSeq(value)) return value.items.map(listedValue);
    // What is a list or section where a value belongs is only marked: its content is of no use.
    if (!isScalar(value)) return isSeq(value) ? [] : value === null ? null : {};
    if (options.verbatim === true && value.value !== null) return value.source ?? value.value;
    return value.value;
  }

  #resolvePath(section: Section, name: string, key: string, options: ConfigKeyOptions): void {
    const given = section[name];
    const { onDisk: check } = options;
    const resolved = (value: unknown): unknown => {
      if (typeof value !== 'string' || value === '') return value;
      const path = resolve(this.#folder, value);
      if (check) this.diskChecks.push({ key, path, section, check });
      return path;
    };
    section[name] = Array.isArray(given) ? given.map(resolved) : resolved(given);
  }

  #lineOfPair(pair: Pair): number {
    const range = (pair.key as { range?: readonly number[] } | null)?.range;
    return this.#yaml.lineAt(range?.[0] ?? 0);
  }
}

/** What is no plain value stays one that no rule lets pass. */
function listedValue(item: unknown): unknown {
  return isScalar(item) ? item.value : null;
}

function canonicalName(
  given: string,
  keys: ReadonlyMap<string, ConfigKeyOptions>,
): string | undefined {
  if (keys.has(given)) return given;
  for (const [name, { alsoSpelt }] of keys) if (alsoSpelt === given) return name;
  return undefined;
}

function plainOf(node: unknown): unknown {
  if (isScalar(node)) return node.source ?? node.value;
  if (!isMap(node)) return isSeq(node) ? node.items.map(plainOf) : undefined;
  return node.items
    .map((pair) => [String(plainOf(pair.key)), plainOf(pair.value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
