/** The options by which a command reaches and signs in to a server. */
import { Option, type Command } from 'commander';
import { shellQuote } from '../text/shell-quote.ts';
import { DEFAULT_SERVER } from './server-address.ts';

/** As commander hands them over. */
export interface ConnectionFlags {
  readonly server: string;
  readonly user?: string;
  readonly passwordFile?: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly insecure?: boolean;
  readonly json?: boolean;
}

export function withConnectionOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--server <address>', 'URL or host:port of the management port')
        .env('GOFD_SERVER')
        .default(DEFAULT_SERVER),
    )
    .option(
      '--user <name[:password]>',
      'who signs in (env: GOFD_USER); a password here shows in ps',
    )
    .option(
      '--password-file <path>',
      'file with the password, else GOFD_PASSWORD, else it is asked for',
    )
    .option('--ca <pem>', 'certificate file that vouches for the server (TLS)')
    .option('--cert <pem>', 'certificate of this client, where the server asks for one (TLS)')
    .option('--key <pem>', 'private key of --cert')
    .option('--insecure', 'do not check the certificate of the server (TLS)')
    .option('--json', 'standard output is exactly the JSON of the server');
}

/** The options to repeat in a command that the user is told to type next; never the password. */
export function repeatedFlags(flags: ConnectionFlags, env: NodeJS.ProcessEnv): string {
  const userName = flags.user?.split(':')[0];
  const words: readonly (readonly [string, string | undefined])[] = [
    ['--server', isServerKnownAnyway(flags.server, env) ? undefined : flags.server],
    ['--user', userName],
    ['--password-file', flags.passwordFile],
    ['--ca', flags.ca],
    ['--cert', flags.cert],
    ['--key', flags.key],
  ];
  const given = words.flatMap(([flag, value]) =>
    value === undefined ? [] : [` ${flag} ${shellQuote(value)}`],
  );
  return given.join('') + (flags.insecure ? ' --insecure' : '');
}

/** The next command reads the same environment. */
function isServerKnownAnyway(server: string, env: NodeJS.ProcessEnv): boolean {
  return server === (env['GOFD_SERVER'] ?? DEFAULT_SERVER);
}
