/** Text and schema class in, typed object and every problem out. Touches no disk. */
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import type { ConfigProblem } from '../errors.ts';
import type { SchemaClass } from './config-key.ts';
import { SectionReader, type PendingDiskCheck } from './section-reader.ts';
import { parseYamlText } from './yaml-text.ts';

export interface ConfigDraft<T> {
  /** Sound only where `problems` is empty; absent when the text has no keys to read. */
  readonly value: T | undefined;
  readonly problems: readonly ConfigProblem[];
  readonly diskChecks: readonly PendingDiskCheck[];
  lineOf(key: string): number | undefined;
}

export function draftConfig<T extends object>(
  text: string,
  file: string,
  schema: SchemaClass<T>,
): ConfigDraft<T> {
  const yaml = parseYamlText(text);
  const reader = new SectionReader(yaml, file);
  const lineOf = (key: string): number | undefined => reader.lineOf(key);
  if (!yaml.top) return { value: undefined, problems: yaml.problems, diskChecks: [], lineOf };
  const value = plainToInstance(schema, reader.read(yaml.top, schema));
  const alreadyReported = new Set(reader.problems.map(({ key }) => key));
  for (const { key, message } of valueProblems(value)) {
    if (!alreadyReported.has(key)) reader.report(key, message);
  }
  return { value, problems: reader.problems, diskChecks: reader.diskChecks, lineOf };
}

function valueProblems(value: object): readonly ConfigProblem[] {
  return flatten(validateSync(value, { whitelist: true, forbidNonWhitelisted: true }));
}

function flatten(errors: readonly ValidationError[], parent = ''): readonly ConfigProblem[] {
  return errors.flatMap((error) => {
    const key = parent === '' ? error.property : `${parent}.${error.property}`;
    const message = messageOf(error);
    return [
      ...(message === undefined ? [] : [{ key, message }]),
      ...flatten(error.children ?? [], key),
    ];
  });
}

function messageOf(error: ValidationError): string | undefined {
  const [message] = Object.values(error.constraints ?? {});
  if (message === undefined) return undefined;
  if (error.value === undefined) return 'is required';
  return error.value === null ? 'has no value' : message;
}
