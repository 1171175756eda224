/** The command line of a service. */
import { parseArgs } from 'node:util';
import { GOFD_VERSION } from './version.ts';

/** Exit code for a command line that cannot be understood (EX_USAGE of sysexits.h). */
export const EXIT_USAGE = 64;

/** Either the configuration to run with, or a text to print and leave. */
export type ServiceArgs =
  { readonly configFile: string } | { readonly text: string; readonly exitCode: number };

/** @param argv arguments after the script, as in `process.argv.slice(2)` */
export function parseServiceArgs(argv: readonly string[], name: string): ServiceArgs {
  try {
    const { values } = parseArgs({ args: [...argv], options: OPTIONS, strict: true });
    if (values.help === true) return { text: helpOf(name), exitCode: 0 };
    if (values.version === true) return { text: `${name} ${GOFD_VERSION}`, exitCode: 0 };
    if (values.config) return { configFile: values.config };
    return wrongUsage('the configuration file is missing', name);
  } catch (error) {
    return wrongUsage((error as Error).message, name);
  }
}

const OPTIONS = {
  config: { type: 'string', short: 'c' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
} as const;

function wrongUsage(problem: string, name: string): ServiceArgs {
  return { text: `${name}: ${problem}\n\n${helpOf(name)}`, exitCode: EXIT_USAGE };
}

function helpOf(name: string): string {
  return `Usage: ${name} -c <config.yml>

  -c, --config <file>   configuration in YAML, for example config/server.yml
  -h, --help            this text
  -V, --version         the version

Runs in the foreground and logs to standard output. SIGTERM or Ctrl-C stops it.
Environment: GOFD_PASSWORD, when set, is used instead of the password in the file.
Exit codes: 0 stopped, 1 could not start, 64 wrong usage, 70 internal error, 78 bad configuration.`;
}
