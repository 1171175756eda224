/** An agent's side of a v2 connection, frame by frame: it sees what a whole data plane keeps to itself. */
import { once } from 'node:events';
import net from 'node:net';
import { createNonce, proveTaskKey } from '@gofd/auth-crypto';
import { encodeHello, encodeMessage, STREAM_ID, WelcomeReader } from '@gofd/p2p-protocol';
import type { ControlMessage, Hello, TaskStream, Welcome } from '@gofd/p2p-protocol';
import { onTestFinished } from 'vitest';
import { waitUntil } from './wait-until.ts';

const LENGTH_PREFIX_BYTES = 4;

export interface Frame {
  readonly id: number;
  readonly payload: Buffer;
}

/** Who it says it is. */
export interface RawAgentOptions {
  readonly port: number;
  readonly taskId: string;
  readonly key: Uint8Array;
  /** @default content */
  readonly stream?: TaskStream;
}

export class RawAgent {
  readonly #socket: net.Socket;
  #received = Buffer.alloc(0);
  #isClosed = false;

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#isClosed = true;
    });
    onTestFinished(() => void socket.destroy());
  }

  /** Dials and sends its proof; whether that is right is for the far end to say. */
  static async join({ port, key, ...named }: RawAgentOptions): Promise<RawAgent> {
    const socket = net.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const agent = new RawAgent(socket);
    const stream = named.stream ?? 'content';
    const hello = { ...named, stream, features: 0, agentId: '', nonce: createNonce() };
    socket.write(encodeHello(hello) ?? Buffer.alloc(0));
    const welcome = await agent.#takeWelcome();
    socket.write(proofOf(hello, welcome, key));
    return agent;
  }

  send(message: ControlMessage): void {
    this.#socket.write(encodeMessage(message));
  }

  /** The next frame; waits for it. */
  async takeFrame(): Promise<Frame> {
    const length = (await this.#take(LENGTH_PREFIX_BYTES)).readUInt32BE();
    const body = await this.#take(length);
    return { id: body.readUInt8(0), payload: body.subarray(1) };
  }

  /** Waits until the far end has closed. @returns the bytes that came before and nobody took */
  async closed(): Promise<Buffer> {
    await waitUntil('the far end to close', () => this.#isClosed);
    return this.#received;
  }

  async #takeWelcome(): Promise<Welcome> {
    const reader = new WelcomeReader();
    for (;;) {
      const result = reader.push(await this.#take(1));
      if (result.state === 'complete') return result.value;
      if (result.state === 'invalid') throw new Error(`no welcome: ${result.code}`);
    }
  }

  async #take(byteCount: number): Promise<Buffer> {
    await waitUntil(`${byteCount} bytes`, () => {
      const isThere = this.#received.length >= byteCount;
      if (!isThere && this.#isClosed) throw new Error('the far end closed too early');
      return isThere;
    });
    const taken = this.#received.subarray(0, byteCount);
    this.#received = this.#received.subarray(byteCount);
    return taken;
  }
}

function proofOf(hello: Hello, welcome: Welcome, key: Uint8Array): Uint8Array {
  return proveTaskKey({
    key,
    role: 'dialler',
    diallerNonce: hello.nonce,
    listenerNonce: welcome.nonce,
    taskId: hello.taskId,
    stream: STREAM_ID[hello.stream],
    agentId: hello.agentId,
    diallerFeatures: hello.features,
    listenerFeatures: welcome.features,
  });
}
