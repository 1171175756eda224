/**
 * One client of an event stream, over an HTTP answer. It never holds more than one event that the client
 * has not taken: whoever writes waits for `isReady`. A client that takes nothing for MAX_UNREAD_MS is cut.
 */
import type { ServerResponse } from 'node:http';
import type { Clock } from '@gofd/p2p-driver';
import { KEEP_ALIVE_MS, MAX_UNREAD_MS } from './limits.ts';

export interface EventSink {
  /** The client has taken what was sent so far. */
  readonly isReady: boolean;
  send(event: string, data: unknown): void;
  /** Ends the stream after what was sent. */
  end(): void;
}

export interface SinkEvents {
  /** The client has taken what was sent; more may follow. */
  ready(): void;
  /** A keep-alive was due. */
  quiet(): void;
  /** Nothing is sent any more, whoever ended it. */
  closed(): void;
}

const HTTP_OK = 200;
const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
};

export class HttpEventSink implements EventSink {
  readonly #response: ServerResponse;
  readonly #clock: Clock;
  readonly #events: SinkEvents;
  #isReady = true;
  #cancelKeepAlive: () => void = () => undefined;
  #cancelCut: () => void = () => undefined;

  constructor(response: ServerResponse, clock: Clock, events: SinkEvents) {
    this.#response = response;
    this.#clock = clock;
    this.#events = events;
    response.writeHead(HTTP_OK, HEADERS);
    response.flushHeaders();
    response.on('drain', () => this.#drained());
    response.once('close', () => this.#closed());
    this.#keepAlive();
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  send(event: string, data: unknown): void {
    this.#write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  end(): void {
    this.#response.end();
  }

  #write(text: string): void {
    if (this.#response.writableEnded || this.#response.write(text) || !this.#isReady) return;
    this.#isReady = false;
    this.#cancelCut = this.#clock.after(MAX_UNREAD_MS, () => this.#response.destroy());
  }

  #drained(): void {
    this.#cancelCut();
    this.#isReady = true;
    this.#events.ready();
  }

  #keepAlive(): void {
    this.#cancelKeepAlive = this.#clock.after(KEEP_ALIVE_MS, () => {
      if (this.#isReady) this.#write(': keep-alive\n\n');
      this.#events.quiet();
      this.#keepAlive();
    });
  }

  #closed(): void {
    this.#cancelKeepAlive();
    this.#cancelCut();
    this.#events.closed();
  }
}
