/**
 * Dials an upstream and runs the handshake of the task with it, whichever that is; resolves with a
 * connection whose next byte is a frame.
 */
import net from 'node:net';
import type { DialFailure } from '@gofd/p2p-protocol';
import type { DiallingHandshake } from './handshake.port.ts';
import { CONNECT_TIMEOUT_MS, HANDSHAKE_TIMEOUT_MS, READ_BUFFER_BYTES } from './limits.ts';
import { PeerConnection } from './peer-connection.ts';

export class DialError extends Error {
  readonly failure: DialFailure;

  constructor(failure: DialFailure, message: string) {
    super(message);
    this.name = 'DialError';
    this.failure = failure;
  }
}

export interface DialTarget {
  readonly host: string;
  readonly port: number;
}

/**
 * @param handshake a fresh one, used for this connection alone
 * @throws DialError `unreachable` when no connection came about, `refused` when it was not accepted
 */
export function dial(
  target: DialTarget,
  handshake: DiallingHandshake,
  signal: AbortSignal,
): Promise<PeerConnection> {
  const where = `${target.host}:${target.port}`;
  if (signal.aborted) return Promise.reject(new DialError('unreachable', `${where}: given up`));
  return new Promise((resolve, reject) => {
    const staging = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
    let stage: 'connecting' | 'handshake' | 'open' = 'connecting';
    const socket: net.Socket = net.connect({
      host: target.host,
      port: target.port,
      onread: {
        buffer: () => (stage === 'open' ? (connection.directTarget ?? staging) : staging),
        callback: (byteCount, buffer) => {
          if (stage !== 'open') answered(staging.subarray(0, byteCount));
          else if (buffer === staging) connection.received(staging.subarray(0, byteCount));
          else connection.receivedDirectly(byteCount);
          return true;
        },
      },
    });
    const connection: PeerConnection = new PeerConnection(socket);
    let timer = setTimeout(() => fail('no answer to connect'), CONNECT_TIMEOUT_MS);

    const settle = (): void => {
      clearTimeout(timer);
      socket.off('close', onClose);
      signal.removeEventListener('abort', onAbort);
    };
    const failAs = (failure: DialFailure, message: string): void => {
      settle();
      socket.destroy();
      reject(new DialError(failure, `${where}: ${message}`));
    };
    const fail = (message: string): void =>
      failAs(stage === 'connecting' ? 'unreachable' : 'refused', message);
    let reason = 'closed before the handshake was accepted';
    const onClose = (): void => fail(reason);
    const onAbort = (): void => fail('given up');
    const answered = (bytes: Uint8Array): void => {
      const step = handshake.push(bytes);
      if (step.state === 'pending') return;
      if (step.state === 'refused') return fail(step.message);
      stage = 'open';
      settle();
      if (step.send.length > 0) socket.write(step.send);
      connection.received(step.rest);
      resolve(connection);
    };
    socket.once('connect', () => {
      stage = 'handshake';
      clearTimeout(timer);
      // A host that says nothing is frozen rather than unaware of the task: not worth another try.
      timer = setTimeout(
        () => failAs('unreachable', 'did not answer the handshake'),
        HANDSHAKE_TIMEOUT_MS,
      );
      socket.write(handshake.opening);
    });
    socket.on('error', (error) => {
      reason = error.message;
    });
    socket.on('close', onClose);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
