/**
 * Keeps secrets out of the log in two ways: values of keys that hold secrets are dropped, and
 * texts that were registered as secrets are replaced wherever they appear.
 */

/** What stands where a secret would. */
export const REDACTED = '[redacted]';
/** Shorter secrets would blank out ordinary words; they are dropped by key only. */
export const MIN_SECRET_CHARS = 6;
/** Secrets remembered; at the bound the oldest is forgotten. A service has a handful. */
export const MAX_SECRETS = 64;

const SECRET_KEYS: ReadonlySet<string> = new Set([
  'password',
  'passowrd',
  'authorization',
  'proxy-authorization',
  'stxt',
  'digest',
]);
/** In the order of registration. */
const secrets = new Set<string>();
/** A secret that begins another one must not leave the other's end behind. */
let longestFirst: readonly string[] = [];

/** From now on no log line of this process shows this text. */
export function registerSecret(secret: string): void {
  if (secret.length < MIN_SECRET_CHARS) return;
  secrets.add(secret);
  const [oldest] = secrets;
  if (oldest !== undefined && secrets.size > MAX_SECRETS) secrets.delete(oldest);
  longestFirst = [...secrets].sort((a, b) => b.length - a.length);
}

export function isSecretKey(key: string): boolean {
  return SECRET_KEYS.has(key.toLowerCase());
}

/** The text without any registered secret. */
export function redactText(text: string): string {
  let redacted = text;
  for (const secret of longestFirst) redacted = redacted.replaceAll(secret, REDACTED);
  return redacted;
}
