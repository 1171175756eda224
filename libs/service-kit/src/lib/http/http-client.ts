/** The HTTP client that server, agents and command line call each other with. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import axios, { type AxiosInstance } from 'axios';
import { formatAddress } from '@gofd/task-model';
import type { Logger } from '../logging/create-logger.ts';
import type { FleetCredentials } from './http-options.ts';
import { currentRequestId, REQUEST_ID_HEADER } from './request-id.ts';
import { MIN_TLS_VERSION, readTlsFiles, speaksTls, type TlsFiles } from './tls-files.ts';

/** Time for a whole call, connecting included. */
export const DEFAULT_CALL_TIMEOUT_MS = 10_000;
/** Answers beyond this are cut off. */
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
/** Warned about at every start, because it gives the password to anyone in between. */
export const INSECURE_WARNING =
  'net.tls.insecure is set: certificates of peers are not verified, so the password of the fleet ' +
  'can be taken by anyone in between; name your authority in net.tls.ca instead';

export interface HttpClientOptions {
  readonly credentials: FleetCredentials;
  /** Own `net.tls`: `ca` verifies peers, `cert` and `key` are shown to those that ask. */
  readonly tls?: TlsFiles | undefined;
  /** @default DEFAULT_CALL_TIMEOUT_MS */
  readonly timeoutMs?: number;
  /** Time to connect, ms. Without it only `timeoutMs` counts. */
  readonly connectTimeoutMs?: number;
  /** Warns here when `insecure` is set. */
  readonly logger?: Pick<Logger, 'warn'>;
}

/**
 * Every status is an answer (no throw); redirects and proxies are not followed. A call that is made for a
 * request carries the id of that request.
 */
export function createHttpClient(options: HttpClientOptions): AxiosInstance {
  const { credentials, tls = {}, timeoutMs = DEFAULT_CALL_TIMEOUT_MS } = options;
  if (tls.insecure === true) options.logger?.warn(INSECURE_WARNING);
  const { username, password } = credentials;
  const client = axios.create({
    auth: { username, password },
    timeout: timeoutMs,
    maxRedirects: 0,
    proxy: false,
    validateStatus: () => true,
    maxContentLength: MAX_ANSWER_BYTES,
    maxBodyLength: Infinity,
    ...createAgents(tls, options.connectTimeoutMs),
  });
  client.interceptors.request.use((call) => {
    const requestId = currentRequestId();
    if (requestId !== undefined) call.headers.set(REQUEST_ID_HEADER, requestId);
    return call;
  });
  return client;
}

/** `http(s)://host:port` of a management port, `https` where ours speaks it too. */
export function managementUrl(host: string, port: number, tls: TlsFiles | undefined): string {
  return `${speaksTls(tls) ? 'https' : 'http'}://${formatAddress(host, port)}`;
}

function createAgents(tls: TlsFiles, connectTimeoutMs: number | undefined) {
  const httpAgent = new HttpAgent({ keepAlive: true });
  const httpsAgent = new HttpsAgent({
    keepAlive: true,
    ...readTlsFiles(tls),
    minVersion: MIN_TLS_VERSION,
    rejectUnauthorized: tls.insecure !== true,
  });
  if (connectTimeoutMs !== undefined) {
    limitConnectTime(httpAgent, 'connect', connectTimeoutMs);
    limitConnectTime(httpsAgent, 'secureConnect', connectTimeoutMs);
  }
  return { httpAgent, httpsAgent };
}

/** Axios has one timeout for the whole call; a host that is off should be noticed sooner. */
function limitConnectTime(agent: HttpAgent, connected: string, timeoutMs: number): void {
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (...args: Parameters<HttpAgent['createConnection']>) => {
    const socket = connect(...args);
    if (socket) destroyUnlessConnected(socket as Socket, connected, timeoutMs);
    return socket;
  };
}

function destroyUnlessConnected(socket: Socket, connected: string, timeoutMs: number): void {
  const timer = setTimeout(() => {
    const error = new Error(`no connection within ${timeoutMs} ms`);
    socket.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
  }, timeoutMs);
  const stop = (): void => clearTimeout(timer);
  socket.once(connected, stop).once('close', stop);
}
