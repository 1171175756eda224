/** TLS of the calls: checked by default, against --ca alone where given, not at all by --insecure. */
import { X509Certificate } from 'node:crypto';
import type { AgentOptions } from 'node:https';
import { createSecureContext } from 'node:tls';
import { CliError, usageError } from '../errors.ts';
import { readTextFile } from '../input/read-text.ts';
import type { ConnectionFlags } from './connection-options.ts';

export const MAX_PEM_BYTES = 1024 * 1024;

export function wantsTls(flags: ConnectionFlags): boolean {
  return flags.ca !== undefined || flags.cert !== undefined || flags.insecure === true;
}

export async function readTlsOptions(flags: ConnectionFlags): Promise<AgentOptions> {
  if ((flags.cert === undefined) !== (flags.key === undefined)) {
    throw usageError('--cert and --key go together', 'give both, or neither');
  }
  if (flags.ca !== undefined && flags.insecure) {
    throw usageError('--ca and --insecure contradict each other', 'leave --insecure out');
  }
  const [ca, cert, key] = await Promise.all([
    readPem(flags.ca, '--ca'),
    readPem(flags.cert, '--cert'),
    readPem(flags.key, '--key'),
  ]);
  const own = { ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) };
  // Found out now, a bad file is a clear error; in the handshake it would be a riddle. OpenSSL
  // takes a text without any certificate for an empty list of authorities.
  if (ca !== undefined) assertUsable(`--ca ${flags.ca}`, () => new X509Certificate(ca));
  assertUsable('--cert and --key', () => createSecureContext(own));
  return {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: flags.insecure !== true,
    ...(ca !== undefined && { ca }),
    ...own,
  };
}

function assertUsable(options: string, load: () => unknown): void {
  try {
    load();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError('config', `${options} cannot be used: ${reason}`, { cause });
  }
}

async function readPem(path: string | undefined, option: string): Promise<string | undefined> {
  return path === undefined ? undefined : readTextFile(path, option, MAX_PEM_BYTES);
}
