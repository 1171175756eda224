/**
 * Who signs in. The first that is there wins: --user name:password, --password-file, GOFD_PASSWORD,
 * the password part of GOFD_USER, a question on the terminal.
 */
import { CliError, usageError } from '../errors.ts';
import { readTextFile } from '../input/read-text.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface CredentialSources {
  readonly user?: string;
  readonly passwordFile?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asks without echo; undefined where there is no terminal to ask on. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
}

export const MAX_PASSWORD_FILE_BYTES = 64 * 1024;

export async function resolveCredentials(sources: CredentialSources): Promise<Credentials> {
  const given = splitUser(sources.user ?? sources.env['GOFD_USER'] ?? '');
  if (given.username === '') {
    throw usageError('no user name given', 'add --user <name>, or set GOFD_USER and GOFD_PASSWORD');
  }
  const onCommandLine = sources.user === undefined ? undefined : given.password;
  if (onCommandLine !== undefined && sources.passwordFile !== undefined) {
    throw usageError(
      '--user holds a password and --password-file names another',
      'give one of them',
    );
  }
  const password =
    onCommandLine ??
    (await passwordFromFile(sources.passwordFile)) ??
    (sources.env['GOFD_PASSWORD'] || undefined) ??
    given.password ??
    (await sources.ask?.(`Password of ${given.username}: `));
  if (password === undefined) {
    throw usageError(
      `no password given for ${given.username}`,
      'set GOFD_PASSWORD or add --password-file <path>; on a terminal it is asked for',
    );
  }
  return { username: given.username, password };
}

function splitUser(text: string): { username: string; password?: string } {
  const colon = text.indexOf(':');
  if (colon < 0) return { username: text };
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

async function passwordFromFile(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const text = await readTextFile(path, '--password-file', MAX_PASSWORD_FILE_BYTES);
  const password = text.replace(/\r?\n$/, '');
  if (password === '') throw new CliError('config', `--password-file ${path} is empty`);
  return password;
}
