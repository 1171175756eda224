/**
 * Stands on an address by which one process is known and passes on what arrives to where the process
 * really listens; on the way it does what it is told. Connections are distorted from the moment the
 * fault is set; when it is taken away, those that lost or changed bytes are reset, as no network
 * gives such bytes back.
 */
import { createServer, connect, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { SeededChoice } from '../seeded-choice.ts';
import { NO_FAULT, StreamDistortion, type StreamFault } from './stream-fault.ts';

export interface ProxyEnd {
  readonly host: string;
  readonly port: number;
}

/** What happens to connections; a direction that is not named is left alone. */
export interface ProxyFault {
  readonly towards?: StreamFault;
  readonly from?: StreamFault;
  /** Said instead of asking the process at all. */
  readonly answer?: string;
}

/** Connections of one proxy at once; further ones are reset. */
export const MAX_CONNECTIONS = 512;

interface Connection {
  readonly caller: Socket;
  readonly target: Socket;
  towards: StreamDistortion;
  from: StreamDistortion;
}

export class TcpFaultProxy {
  readonly #listenAt: ProxyEnd;
  readonly #target: ProxyEnd;
  readonly #seed: string;
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  #fault: ProxyFault = {};
  #acceptedCount = 0;

  /** @param seed text from which each connection's places of faults are drawn */
  constructor(listenAt: ProxyEnd, target: ProxyEnd, seed: string) {
    this.#listenAt = listenAt;
    this.#target = target;
    this.#seed = seed;
    this.#server = createServer({ allowHalfOpen: true }, (caller) => this.#accept(caller));
  }

  /** Connections accepted since the start. */
  get acceptedCount(): number {
    return this.#acceptedCount;
  }

  async listen(): Promise<void> {
    this.#server.listen(this.#listenAt.port, this.#listenAt.host);
    await once(this.#server, 'listening');
  }

  /** Distorts what is connected, from its next byte, and what will be. */
  setFault(fault: ProxyFault): void {
    this.#fault = fault;
    for (const connection of this.#connections) {
      connection.towards = this.#distortion(fault.towards);
      connection.from = this.#distortion(fault.from);
    }
  }

  heal(): void {
    const isHarmless = (fault: StreamFault = NO_FAULT): boolean =>
      fault.kind === 'none' || fault.kind === 'delay';
    const { towards, from } = this.#fault;
    this.setFault({});
    if (!isHarmless(towards) || !isHarmless(from)) this.reset();
  }

  /** Every connection, now. */
  reset(): void {
    for (const { caller, target } of this.#connections) {
      caller.resetAndDestroy();
      target.resetAndDestroy();
    }
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.reset();
    await closed;
  }

  #accept(caller: Socket): void {
    this.#acceptedCount += 1;
    caller.on('error', () => undefined); // shows as its end, below
    if (this.#connections.size >= MAX_CONNECTIONS) {
      caller.resetAndDestroy();
      return;
    }
    if (this.#fault.answer !== undefined) {
      const { answer } = this.#fault;
      caller.once('data', () => caller.end(answer));
      return;
    }
    const target = connect({ ...this.#target, allowHalfOpen: true });
    target.on('error', () => caller.resetAndDestroy());
    const connection: Connection = {
      caller,
      target,
      towards: this.#distortion(this.#fault.towards),
      from: this.#distortion(this.#fault.from),
    };
    this.#connections.add(connection);
    for (const socket of [caller, target]) socket.setNoDelay(true);
    const forget = (): void => {
      if (caller.destroyed && target.destroyed) this.#connections.delete(connection);
    };
    caller.once('close', forget);
    target.once('close', forget);
    void pump(caller, target, (chunk) => connection.towards.push(chunk));
    void pump(target, caller, (chunk) => connection.from.push(chunk));
  }

  #distortion(fault: StreamFault = NO_FAULT): StreamDistortion {
    return new StreamDistortion(fault, new SeededChoice(`${this.#seed} ${this.#acceptedCount}`));
  }
}

/** Never rejects: an error of either side is the end of both. */
async function pump(
  source: Socket,
  sink: Socket,
  distort: (chunk: Buffer) => ReturnType<StreamDistortion['push']>,
): Promise<void> {
  try {
    // The iterator's own habit is to destroy the socket, and with it what still goes the other way.
    for await (const chunk of source.iterator({ destroyOnReturn: false })) {
      const { parts, pauseMs, end } = distort(chunk as Buffer);
      for (const part of parts) {
        if (pauseMs > 0) await pause(pauseMs);
        if (sink.destroyed) return;
        if (part.length > 0 && !sink.write(part)) await drained(sink);
      }
      if (end === 'reset') return void resetBoth(source, sink);
      if (end === 'fin') {
        source.destroy();
        break;
      }
    }
    sink.end();
  } catch {
    resetBoth(source, sink);
  }
}

function resetBoth(source: Socket, sink: Socket): void {
  source.resetAndDestroy();
  sink.resetAndDestroy();
}

/** Or closed: then the next write says so. */
async function drained(sink: Socket): Promise<void> {
  if (sink.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      sink.off('drain', done);
      sink.off('close', done);
      resolve();
    };
    sink.on('drain', done);
    sink.on('close', done);
  });
}
