/** Finds the plain password that an `auth` section stands for. */
import { readFileSync, statSync } from 'node:fs';
import { AuthError, decryptPassword } from '@gofd/auth-crypto';
import type { ConfigProblem } from '../errors.ts';
import type { AuthConfig } from './auth-config.ts';

/** Environment variable that overrides the password of the file. */
export const PASSWORD_VARIABLE = 'GOFD_PASSWORD';
const MAX_PASSWORD_FILE_BYTES = 4_096;
/** Any permission of group or others. */
const NOT_OWNER_MODE = 0o077;

export type PasswordResult =
  { readonly password: string } | { readonly problems: readonly ConfigProblem[] };

/** From the environment, else from `passwordFile`, else decrypted. An empty variable is none. */
export function resolvePassword(auth: AuthConfig, env: NodeJS.ProcessEnv): PasswordResult {
  const fromEnvironment = env[PASSWORD_VARIABLE];
  if (fromEnvironment !== undefined && fromEnvironment !== '') return { password: fromEnvironment };
  return auth.passwordFile === undefined ? decrypt(auth) : readPasswordFile(auth.passwordFile);
}

/** Decrypts `password` with `factor`; touches no disk. */
export function decrypt({ password: stxt, factor, crc }: AuthConfig): PasswordResult {
  if (stxt === undefined) {
    const message = `is required (or auth.passwordFile, or the variable ${PASSWORD_VARIABLE})`;
    return problem('auth.password', message);
  }
  if (factor === undefined) return problem('auth.factor', 'is required with auth.password');
  try {
    const password = decryptPassword({ stxt, factor, crc });
    return password === '' ? problem('auth.password', 'is empty when decrypted') : { password };
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    return problem(keyOf(error), `${error.message} (${error.code}); gofd -p makes a new entry`);
  }
}

function keyOf({ code }: AuthError): string {
  if (code === 'AUTH_BAD_FACTOR') return 'auth.factor';
  return code === 'AUTH_CRC_MISMATCH' ? 'auth.crc' : 'auth.password';
}

function readPasswordFile(path: string): PasswordResult {
  try {
    const { mode, size } = statSync(path);
    if ((mode & NOT_OWNER_MODE) !== 0) {
      return fileProblem(`${path} is open to other users of this machine; chmod 600 it`);
    }
    if (size > MAX_PASSWORD_FILE_BYTES) return fileProblem(`${path} is too large for a password`);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
    const password = text.replace(/\r?\n$/, '');
    return password === '' ? fileProblem(`${path} is empty`) : { password };
  } catch (error) {
    return fileProblem(
      `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`,
    );
  }
}

function fileProblem(message: string): PasswordResult {
  return problem('auth.passwordFile', message);
}

function problem(key: string, message: string): PasswordResult {
  return { problems: [{ key, message }] };
}
