/** The open event streams: counts them, wakes each when something is due, ends them with the server. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OnModuleDestroy } from '@nestjs/common';
import type { Clock } from '@gofd/p2p-driver';
import { RequestError } from '@gofd/task-model';
import { HttpEventSink, type EventSink } from './event-sink.ts';
import { MAX_STREAMS } from './limits.ts';
import type { FeedListener, TaskFeed } from './task-feed.ts';

/** Decides what is said, and when next. */
export interface LiveStream {
  readonly dueAtMs: number | undefined;
  send(nowMs: number): void;
}

export interface StreamShape<Stream extends LiveStream> {
  create(sink: EventSink): Stream;
  changed(stream: Stream, ...change: Parameters<FeedListener>): void;
  /** Called every KEEP_ALIVE_MS. */
  quiet?(stream: Stream): void;
}

export class LiveStreams implements OnModuleDestroy {
  readonly #feed: TaskFeed;
  readonly #clock: Clock;
  readonly #maxStreams: number;
  readonly #open = new Set<() => void>();

  constructor(feed: TaskFeed, clock: Clock, maxStreams = MAX_STREAMS) {
    this.#feed = feed;
    this.#clock = clock;
    this.#maxStreams = maxStreams;
  }

  get count(): number {
    return this.#open.size;
  }

  /** @throws RequestError when there are as many as there may be */
  open<Stream extends LiveStream>(
    request: IncomingMessage,
    response: ServerResponse,
    shape: StreamShape<Stream>,
  ): void {
    if (this.#open.size >= this.#maxStreams) {
      const message = `${this.#maxStreams} event streams are open already; close one`;
      throw new RequestError('TOO_MANY_STREAMS', message);
    }
    let cancelTimer = (): void => undefined;
    const pump = (): void => {
      cancelTimer();
      stream.send(this.#clock.nowMs());
      const { dueAtMs } = stream;
      if (dueAtMs === undefined || !sink.isReady) return; // the next change, or `ready`, goes on
      const delayMs = Math.max(0, dueAtMs - this.#clock.nowMs());
      cancelTimer = this.#clock.after(delayMs, pump);
    };
    const end = (): void => sink.end();
    const sink = new HttpEventSink(response, this.#clock, {
      ready: pump,
      quiet: () => {
        shape.quiet?.(stream);
        pump();
      },
      closed: () => {
        cancelTimer();
        stopListening();
        this.#open.delete(end);
      },
    });
    const stream = shape.create(sink);
    let isAwake = false;
    const stopListening = this.#feed.listen((...change) => {
      shape.changed(stream, ...change);
      if (isAwake) return; // many changes of one turn of the event loop wake it once
      isAwake = true;
      queueMicrotask(() => {
        isAwake = false;
        if (this.#open.has(end)) pump();
      });
    });
    this.#open.add(end);
    if (request.method === 'HEAD') return end();
    pump();
  }

  onModuleDestroy(): void {
    for (const end of this.#open) end();
  }
}
