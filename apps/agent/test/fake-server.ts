/** The far side of reports: a server's REST port that answers as told and remembers what came. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { StatusReport } from '../src/reporting/report-sender.port.ts';
import { waitUntil } from './wait-until.ts';

/** `silence`: takes the report and never answers. `cut`: closes the connection instead. */
export type FakeAnswer = { readonly status: number; readonly body?: unknown } | 'silence' | 'cut';

export interface SeenReport extends StatusReport {
  readonly authorization: string | undefined;
}

export const PROGRESSING: FakeAnswer = {
  status: 200,
  body: { taskId: 't1', taskStatus: 'INPROGRESS' },
};
const STATUS_CALL = 'POST /api/v1/server/tasks/status';

export class FakeServer {
  readonly reports: SeenReport[] = [];
  /** @default as a server whose task goes on */
  answer: FakeAnswer = PROGRESSING;
  /** Callers that did not come to terms about TLS. */
  failedHandshakes = 0;
  readonly #server: Server;

  private constructor(tls?: ServerOptions) {
    const listener = (request: IncomingMessage, response: ServerResponse): void =>
      void this.#take(request, response);
    this.#server = tls ? createHttpsServer(tls, listener) : createServer(listener);
    this.#server.on('tlsClientError', () => {
      this.failedHandshakes += 1;
    });
  }

  /** Started for one test and stopped when it is over. */
  static async start(tls?: ServerOptions): Promise<FakeServer> {
    const server = new FakeServer(tls);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    onTestFinished(() => server.stop());
    return server;
  }

  /** Its management address, as the create call names it. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Figures in the order in which they came. */
  get percents(): readonly number[] {
    return this.reports.map(({ percentComplete }) => percentComplete);
  }

  /** @param count how many such reports there must be */
  waitForPercent(percent: number, count = 1): Promise<readonly SeenReport[]> {
    return waitUntil(`report no. ${count} of ${percent} %`, () => {
      const found = this.reports.filter(({ percentComplete }) => percentComplete === percent);
      return found.length >= count && found;
    });
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const call = `${request.method ?? ''} ${request.url ?? ''}`;
    if (call !== STATUS_CALL) return void response.writeHead(501).end();
    const report = JSON.parse(Buffer.concat(chunks).toString('utf8')) as StatusReport;
    this.reports.push({ ...report, authorization: request.headers.authorization });
    if (this.answer === 'silence') return;
    if (this.answer === 'cut') return void request.socket.destroy();
    const { status, body } = this.answer;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  }
}
