/** The far side of the command: answers as told and remembers what was asked. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { REQUEST_ERROR_STATUS, type RequestErrorCode } from '@gofd/task-model';

export interface FakeAnswer {
  readonly status: number;
  readonly body: string;
}

export interface SeenRequest {
  /** Method and path. */
  readonly call: string;
  readonly user: string;
  readonly body: unknown;
}

export function ok(value: unknown): FakeAnswer {
  return { status: 200, body: JSON.stringify(value) };
}

export function refusal(code: RequestErrorCode, message: string, details?: unknown): FakeAnswer {
  const statusCode = REQUEST_ERROR_STATUS[code];
  return { status: statusCode, body: JSON.stringify({ statusCode, code, message, details }) };
}

export class FakeServer {
  readonly seen: SeenRequest[] = [];
  private readonly server: Server;
  private readonly scheme: string;
  private answers: readonly FakeAnswer[] = [];

  constructor(tls?: ServerOptions) {
    const listener: RequestListener = (request, response) => {
      void this.note(request).then(() => {
        const answer = this.answers[Math.min(this.seen.length, this.answers.length) - 1];
        response.writeHead(answer?.status ?? 500, { 'content-type': 'application/json' });
        response.end(answer?.body);
      });
    };
    this.scheme = tls ? 'https' : 'http';
    this.server = tls ? createTlsServer(tls, listener) : createServer(listener);
  }

  async start(port = 0): Promise<void> {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  get url(): string {
    return `${this.scheme}://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** One answer for each call in turn; the last one stays. */
  willAnswer(...answers: readonly FakeAnswer[]): void {
    this.seen.length = 0;
    this.answers = answers;
  }

  async stop(): Promise<void> {
    if (!this.server.listening) return;
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async note(request: IncomingMessage): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const [, encoded = ''] = (request.headers.authorization ?? '').split(' ');
    this.seen.push({
      call: `${request.method} ${request.url}`,
      user: Buffer.from(encoded, 'base64').toString('utf8'),
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
    });
  }
}
