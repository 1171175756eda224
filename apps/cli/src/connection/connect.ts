/** From the options of a command to a client that is ready to call. */
import { usageError } from '../errors.ts';
import { hiddenPrompt } from '../input/ask-hidden.ts';
import type { ConnectionFlags } from './connection-options.ts';
import { resolveCredentials } from './credentials.ts';
import { parseServerAddress } from './server-address.ts';
import type { ServerCalls } from './server-calls.ts';
import { readTlsOptions, wantsTls } from './tls-options.ts';

/** @param stdinTaken standard input is read for something else, so nothing can be asked on it */
export async function connect(flags: ConnectionFlags, stdinTaken = false): Promise<ServerCalls> {
  const baseUrl = parseServerAddress(flags.server, wantsTls(flags));
  const tls = await readTlsOptions(flags);
  if (baseUrl.startsWith('http:') && flags.key !== undefined) {
    throw usageError(
      '--key is about TLS, but the server is plain http',
      'write --server https://…',
    );
  }
  if (flags.insecure) {
    process.stderr.write('gofd: --insecure: the certificate of the server is not checked\n');
  }
  const credentials = await resolveCredentials({
    env: process.env,
    ask: stdinTaken ? undefined : hiddenPrompt(),
    ...(flags.user !== undefined && { user: flags.user }),
    ...(flags.passwordFile !== undefined && { passwordFile: flags.passwordFile }),
  });
  // Loaded late: -p, -s, -a and --help need no HTTP client and start quicker without.
  const { ServerCalls } = await import('./server-calls.ts');
  return new ServerCalls({ baseUrl, credentials, tls });
}

/** Runs one call, or a series of them, and lets go of the connections. */
export async function withServer<T>(
  flags: ConnectionFlags,
  use: (server: ServerCalls) => Promise<T>,
  stdinTaken = false,
): Promise<T> {
  const server = await connect(flags, stdinTaken);
  try {
    return await use(server);
  } finally {
    server.close();
  }
}
