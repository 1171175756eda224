/**
 * The data port: accepts peers, each with its own deadline and its own handshake, so that a silent or
 * lying one holds up nobody. What is not proven in time is closed. The first byte tells which version
 * a peer speaks; whether its task runs that version is for the handshake to say.
 */
import net from 'node:net';
import { HELLO_FIRST_BYTE } from '@gofd/p2p-protocol';
import type {
  ListeningHandshake,
  ListeningVerdict,
  ProvenPeer,
  RefusalCode,
} from './handshake.port.ts';
import {
  HANDSHAKE_TIMEOUT_MS,
  MAX_UNPROVEN_SOCKETS,
  MAX_UNPROVEN_SOCKETS_PER_ADDRESS,
} from './limits.ts';
import { PeerConnection } from './peer-connection.ts';
import { V1Listening, type V1ListeningOptions } from './v1-handshake.ts';
import { V2Listening } from './v2-handshake.ts';

export interface PeerListenerOptions extends V1ListeningOptions {
  /** Takes over a proven peer; nothing more is read from it until its connection is opened. */
  readonly accept: (peer: ProvenPeer, connection: PeerConnection) => void;
  readonly refused: (remoteAddress: string, code: RefusalCode) => void;
}

export class PeerListener {
  readonly #options: PeerListenerOptions;
  readonly #server: net.Server;
  readonly #unproven = new Map<net.Socket, string>();
  readonly #sockets = new Set<net.Socket>();

  constructor(options: PeerListenerOptions) {
    this.#options = options;
    this.#server = net.createServer({ noDelay: true }, (socket) => this.#accepted(socket));
  }

  /** Number of sockets that have not proved themselves yet. */
  get unprovenCount(): number {
    return this.#unproven.size;
  }

  /** @returns the port, which differs from `port` when that is 0 */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host, port, backlog: 1024 }, () => {
        this.#server.off('error', reject);
        this.#server.on('error', () => undefined); // a failed accept concerns nobody else
        resolve((this.#server.address() as net.AddressInfo).port);
      });
    });
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #accepted(socket: net.Socket): void {
    const from = socket.remoteAddress ?? '?';
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => undefined);
    const fromSameAddress = [...this.#unproven.values()].filter((address) => address === from);
    if (
      this.#unproven.size >= MAX_UNPROVEN_SOCKETS ||
      fromSameAddress.length >= MAX_UNPROVEN_SOCKETS_PER_ADDRESS
    ) {
      return this.#refuse(socket, 'P2P_TOO_MANY_SOCKETS');
    }
    this.#unproven.set(socket, from);
    // The clock starts at accept: a peer that greets and then stalls must not hold the slot.
    const timer = setTimeout(
      () => this.#refuse(socket, 'P2P_HANDSHAKE_TIMEOUT'),
      HANDSHAKE_TIMEOUT_MS,
    );
    socket.on('close', () => {
      clearTimeout(timer);
      this.#unproven.delete(socket);
    });
    this.#shakeHands(socket, timer);
  }

  #shakeHands(socket: net.Socket, timer: NodeJS.Timeout): void {
    let handshake: ListeningHandshake | undefined;
    const onData = (chunk: Buffer): void => {
      handshake ??= this.#handshakeFor(chunk[0]);
      const step = handshake.push(chunk);
      if (step.state === 'pending') {
        if (step.send.length > 0) socket.write(step.send);
        return;
      }
      socket.off('data', onData);
      socket.pause();
      if (step.state !== 'checking') return this.#conclude(socket, timer, step);
      void step.verdict.then((verdict) => this.#conclude(socket, timer, verdict));
    };
    socket.on('data', onData);
  }

  #handshakeFor(firstByte: number | undefined): ListeningHandshake {
    return firstByte === HELLO_FIRST_BYTE
      ? new V2Listening(this.#options.securityOf)
      : new V1Listening(this.#options);
  }

  /** Hands a paused socket over, or closes it. */
  #conclude(socket: net.Socket, timer: NodeJS.Timeout, verdict: ListeningVerdict): void {
    if (socket.destroyed) return;
    if (verdict.state === 'refused') return this.#refuse(socket, verdict.code);
    clearTimeout(timer);
    this.#unproven.delete(socket);
    if (verdict.send.length > 0) socket.write(verdict.send);
    const connection = new PeerConnection(socket);
    connection.received(verdict.rest);
    socket.on('data', (chunk: Buffer) => connection.received(chunk));
    this.#options.accept(verdict.peer, connection);
  }

  #refuse(socket: net.Socket, code: RefusalCode): void {
    if (socket.destroyed) return;
    this.#options.refused(`${socket.remoteAddress ?? '?'}:${socket.remotePort ?? '?'}`, code);
    socket.destroy();
  }
}
