/**
 * Whether a service is about to start with a password that everybody can read in our samples. Loading
 * such a configuration is fine (the samples must load, on any machine); listening with it where others
 * can connect is not. A sample is known by its entry, so that a configuration that was copied and never
 * given a password is caught; whoever hides the word of the samples anew has chosen it, and is warned.
 */
import { BlockList, isIPv4 } from 'node:net';
import { ConfigError } from '../errors.ts';
import type { AuthConfig } from './auth-config.ts';
import type { Credentials } from './credentials.ts';

/** What every sample entry hides. */
const SAMPLE_WORD = 'gofd';
/** Entries of our samples and documents, and of those of the Go version. */
const SAMPLE_ENTRIES: ReadonlySet<string> = new Set([
  'yobqZGbc2GWuJ0cWkheVKJsBjUSjW45yOxn8qnHuucc=',
  'yrsK+2iiwPqecImH7obTUm1vhnvvQzFmYYiOz5oqaoc=',
  'BkrjWALvWhXrLjVXQMUDzyEcX7UpAdDG+uoedODfeVo=',
]);
/** Stands in deploy/ where the password of a fleet belongs. */
const PLACEHOLDER = 'change-me';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

export const SAMPLE_PASSWORD_WARNING =
  'the password of the fleet is one of the samples, which everybody knows: make another with `gofd -p`';

/** The parts of a service's configuration that this is about. */
export interface ListeningConfig {
  readonly net: { readonly ip: string };
  readonly auth: AuthConfig;
  readonly credentials: Credentials;
}

/**
 * @returns a warning to log at this start, or undefined when the password is not one of the samples'
 * @throws ConfigError when others could sign in with it and nobody allowed that
 */
export function checkSamplePassword(
  { net, auth, credentials }: ListeningConfig,
  configFile: string,
): string | undefined {
  if (isSample(auth, credentials) && !isLoopback(net.ip) && auth.allowSamplePassword !== true) {
    const message =
      'is that of the samples, which everybody knows, and net.ip can be reached by others: make another ' +
      'with `gofd -p`, or set auth.allowSamplePassword: true where nobody else can connect';
    throw new ConfigError(configFile, [{ key: 'auth.password', message }]);
  }
  const isKnown = isSample(auth, credentials) || credentials.password === SAMPLE_WORD;
  return isKnown ? SAMPLE_PASSWORD_WARNING : undefined;
}

function isSample({ password: entry }: AuthConfig, { password }: Credentials): boolean {
  if (password === PLACEHOLDER) return true;
  return password === SAMPLE_WORD && entry !== undefined && SAMPLE_ENTRIES.has(entry);
}

function isLoopback(ip: string): boolean {
  return LOOPBACK.check(ip, isIPv4(ip) ? 'ipv4' : 'ipv6');
}
