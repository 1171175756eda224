/**
 * The data port: accepts peers, each with its own deadline and its own check of the header, so that a
 * silent or lying one holds up nobody. What is not proven in time is closed.
 */
import net from 'node:net';
import { HEADER_ACCEPTED, HeaderReader, type PeerHeader } from '@gofd/p2p-protocol';
import {
  HANDSHAKE_TIMEOUT_MS,
  MAX_UNPROVEN_SOCKETS,
  MAX_UNPROVEN_SOCKETS_PER_ADDRESS,
} from './limits.ts';
import { PeerConnection } from './peer-connection.ts';

/** Why a dialling peer was turned away. */
export type RefusalCode =
  | 'P2P_HANDSHAKE_TIMEOUT'
  | 'P2P_HEADER_TOO_LARGE'
  | 'P2P_BAD_HEADER'
  | 'P2P_AUTH_FAILED'
  | 'P2P_TASK_UNKNOWN'
  | 'P2P_TOO_MANY_SOCKETS';

export interface PeerListenerOptions {
  /** Checks user name and digest; slow work must not block. */
  readonly authenticate: (header: PeerHeader) => Promise<boolean>;
  readonly isTaskKnown: (taskId: string) => boolean;
  /** Takes over a proven peer. */
  readonly accept: (taskId: string, connection: PeerConnection) => void;
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
    const reader = new HeaderReader();
    const onData = (chunk: Buffer): void => {
      const result = reader.push(chunk);
      if (result.state === 'incomplete') return;
      socket.off('data', onData);
      socket.pause();
      if (result.state === 'complete') {
        void this.#prove(socket, timer, result.header, result.rest);
      } else {
        this.#refuse(
          socket,
          result.code === 'P2P_BAD_HEADER' ? result.code : 'P2P_HEADER_TOO_LARGE',
        );
      }
    };
    socket.on('data', onData);
  }

  async #prove(
    socket: net.Socket,
    timer: NodeJS.Timeout,
    header: PeerHeader,
    early: Uint8Array,
  ): Promise<void> {
    // Copied: the chunk it is part of goes back to the socket's buffer.
    const rest = Uint8Array.from(early);
    const isProven = await this.#options.authenticate(header).catch(() => false);
    if (socket.destroyed) return;
    if (!isProven) return this.#refuse(socket, 'P2P_AUTH_FAILED');
    if (!this.#options.isTaskKnown(header.taskId)) return this.#refuse(socket, 'P2P_TASK_UNKNOWN');
    clearTimeout(timer);
    this.#unproven.delete(socket);
    socket.write(Uint8Array.of(HEADER_ACCEPTED));
    const connection = new PeerConnection(socket);
    connection.received(rest);
    socket.on('data', (chunk: Buffer) => connection.received(chunk));
    this.#options.accept(header.taskId, connection);
    socket.resume();
  }

  #refuse(socket: net.Socket, code: RefusalCode): void {
    if (socket.destroyed) return;
    this.#options.refused(`${socket.remoteAddress ?? '?'}:${socket.remotePort ?? '?'}`, code);
    socket.destroy();
  }
}
