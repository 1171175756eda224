import type { ConfigError } from '../errors.ts';

/** Exit code of a process whose configuration cannot be used (EX_CONFIG of sysexits.h). */
export const EXIT_CONFIG = 78;

/** One line per problem: `config: <key>: <why> (<file>:<line>)`. */
export function formatConfigError({ file, problems }: ConfigError): string {
  return problems
    .map(({ key, line, message }) => {
      const place = line === undefined ? file : `${file}:${line}`;
      return `config: ${key}: ${message} (${place})`;
    })
    .join('\n');
}
