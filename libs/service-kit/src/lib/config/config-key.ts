/**
 * `@ConfigKey()` marks a property of a schema class as a key of the YAML file and says how it is
 * read; class-validator decorators beside it say which values are good. The reader refuses every
 * key that is not marked, so a schema class is the complete list of what a section may hold.
 */
import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { Rule } from './config-rules.ts';

export type SchemaClass<T extends object = object> = new () => T;

/** What is wrong with the thing that a path names, or undefined. */
export type DiskCheck = (
  path: string,
  section: Readonly<Record<string, unknown>>,
) => string | undefined;

export interface ConfigKeyOptions {
  /** The key holds a section of further keys. */
  readonly section?: () => SchemaClass;
  /** With `section`: `true` or `false` may stand in its place and sets its key `enabled`. */
  readonly switchable?: boolean;
  /** Another spelling that is accepted: those that the reference's files carry. */
  readonly alsoSpelt?: string;
  /** Take the text as it is written: `crc: 3084` is four digits and not a number. */
  readonly verbatim?: boolean;
  /** A path, relative to the folder of the configuration file. */
  readonly path?: boolean;
  /** The key holds a list of plain values; with `path`, of paths. */
  readonly list?: boolean;
  /** With `path`: looks at the disk; runs only when a configuration is loaded, not when parsed. */
  readonly onDisk?: DiskCheck;
}

const KEYS_OF_CLASS = new WeakMap<object, Map<string, ConfigKeyOptions>>();

export function ConfigKey(options: ConfigKeyOptions = {}): PropertyDecorator {
  return (prototype, property) => {
    const own = KEYS_OF_CLASS.get(prototype) ?? new Map<string, ConfigKeyOptions>();
    KEYS_OF_CLASS.set(prototype, own.set(String(property), options));
    const { section } = options;
    if (!section) return;
    Type(section)(prototype, property);
    ValidateNested()(prototype, property);
    // class-validator itself skips what is missing.
    Rule('section', (value) => (isSection(value) ? undefined : 'is required'))(prototype, property);
  };
}

/** The keys of a schema class, those of the classes it extends first. */
export function keysOf(schema: SchemaClass): ReadonlyMap<string, ConfigKeyOptions> {
  const keys = new Map<string, ConfigKeyOptions>();
  for (const prototype of prototypeChain(schema)) {
    for (const [key, options] of KEYS_OF_CLASS.get(prototype) ?? []) keys.set(key, options);
  }
  return keys;
}

function isSection(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function prototypeChain(schema: SchemaClass): readonly object[] {
  const chain: object[] = [];
  let prototype: unknown = schema.prototype;
  while (typeof prototype === 'object' && prototype !== null) {
    chain.unshift(prototype);
    prototype = Object.getPrototypeOf(prototype);
  }
  return chain;
}
