import { createServer as createHttpServer, type Server, type ServerOptions } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { ExpressAdapter } from '@nestjs/platform-express';
import { answerClientError } from './client-error.ts';
import { assignRequestId } from './request-id.ts';
import { MIN_TLS_VERSION, readTlsFiles, speaksTls, type TlsFiles } from './tls-files.ts';

/** Limits of the management port; a caller that exceeds one is answered and cut off. */
export const HEADERS_TIMEOUT_MS = 10_000;
export const REQUEST_TIMEOUT_MS = 30_000;
export const KEEP_ALIVE_TIMEOUT_MS = 5_000;
/** Time that running requests have to end when the service stops. */
export const DRAIN_TIMEOUT_MS = 2_000;
export const MAX_CONNECTIONS = 1_024;
export const MAX_HEADERS_COUNT = 100;
/** How often Node looks for connections beyond the timeouts above; its own default is 30 s. */
const CONNECTIONS_CHECK_INTERVAL_MS = 1_000;

/** Express whose server has limits from the moment it is made; Nest's own sets none. */
export class LimitedExpressAdapter extends ExpressAdapter {
  readonly #tls: TlsFiles | undefined;

  constructor(tls?: TlsFiles) {
    super();
    this.#tls = tls;
    this.set('etag', false);
    this.disable('x-powered-by');
    this.use(assignRequestId);
  }

  override initHttpServer(): void {
    const server = this.#createServer();
    server.maxConnections = MAX_CONNECTIONS;
    server.maxHeadersCount = MAX_HEADERS_COUNT;
    server.on('clientError', answerClientError);
    this.httpServer = server;
  }

  /** Ends idle connections at once and the others after DRAIN_TIMEOUT_MS. */
  override async close(): Promise<void> {
    const server = this.httpServer as Server | undefined;
    const drained = setTimeout(() => server?.closeAllConnections(), DRAIN_TIMEOUT_MS);
    await (super.close() as Promise<void> | undefined);
    clearTimeout(drained);
  }

  #createServer(): Server {
    const tls = this.#tls;
    if (!tls || !speaksTls(tls)) return createHttpServer(SERVER_OPTIONS, this.getInstance());
    const isMutual = tls.clientCert === 'required';
    return createHttpsServer(
      {
        ...SERVER_OPTIONS,
        ...readTlsFiles(tls),
        requestCert: isMutual,
        rejectUnauthorized: isMutual,
        minVersion: MIN_TLS_VERSION,
        handshakeTimeout: HEADERS_TIMEOUT_MS,
      },
      this.getInstance(),
    );
  }
}

const SERVER_OPTIONS: ServerOptions = {
  headersTimeout: HEADERS_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  connectionsCheckingInterval: CONNECTIONS_CHECK_INTERVAL_MS,
};
