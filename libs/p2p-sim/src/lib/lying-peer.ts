/**
 * A host of a mesh that breaks the rules. It has no session: it lets in whoever dials it, dials everybody
 * else, and a script says what it does on each connection. It never tires: a connection that is
 * closed is dialled again. What it writes as bytes goes through the far end's frame decoder, as it
 * would from a socket.
 */
import {
  encodeMessage,
  type BlockRef,
  type ControlMessage,
  type TaskGeometry,
} from '@gofd/p2p-protocol';
import type { SimNetwork, SimSocket, SocketHandlers } from './sim-network.ts';
import { PIECE_FRAME_OVERHEAD_BYTES, type WireFrame } from './sim-process.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What a script can do on one connection. */
export interface LyingConnection {
  readonly geometry: TaskGeometry;
  /** The far end is the server, which shows each piece to one agent only. */
  readonly isToServer: boolean;
  /** The far end dialled, so it may ask for pieces; otherwise it may be asked. */
  readonly isSource: boolean;
  readonly say: (message: ControlMessage) => void;
  readonly write: (bytes: Uint8Array) => void;
  readonly giveBlock: (block: BlockRef, quality: 'good' | 'bad') => void;
  readonly after: (delayMs: number, action: () => void) => void;
}

/** Called for each new connection. @returns what to do with each frame of the far end */
export type LiarScript = (connection: LyingConnection) => ((frame: WireFrame) => void) | undefined;

export interface LyingPeerOptions {
  readonly address: string;
  /** Everybody else; the server is the first. */
  readonly others: readonly string[];
  readonly geometry: TaskGeometry;
  readonly network: SimNetwork<WireFrame>;
  readonly clock: VirtualClock;
  readonly script: LiarScript;
}

const REDIAL_MS = 1_000;

export class LyingPeer {
  readonly #options: LyingPeerOptions;

  constructor(options: LyingPeerOptions) {
    this.#options = options;
  }

  start(): void {
    const { network, address, others } = this.#options;
    network.listen(address, (socket) => this.#handlersOf(socket, undefined));
    for (const other of others) this.#dial(other);
  }

  #dial(to: string): void {
    const { network, address, clock } = this.#options;
    network.dial(address, to, {
      connected: (socket) => this.#handlersOf(socket, to),
      failed: () => void clock.after(REDIAL_MS, () => this.#dial(to)),
    });
  }

  /** @param to undefined when the far end dialled */
  #handlersOf(socket: SimSocket<WireFrame>, to: string | undefined): SocketHandlers<WireFrame> {
    const { clock, geometry, others, script } = this.#options;
    let react: ((frame: WireFrame) => void) | undefined;
    // The far end knows of the connection once both ends stand: nothing may be said before.
    clock.after(0, () => {
      react = script({
        geometry,
        isToServer: to === others[0],
        isSource: to === undefined,
        say: (message) => socket.send(encodeMessage(message).length, { kind: 'control', message }),
        write: (bytes) => socket.send(bytes.length, { kind: 'bytes', bytes }),
        giveBlock: (block, quality) => {
          const frame = { kind: 'block', block, isSpoilt: quality === 'bad' } as const;
          socket.send(PIECE_FRAME_OVERHEAD_BYTES + block.length, frame);
        },
        after: (delayMs, action) => void clock.after(delayMs, () => socket.isOpen && action()),
      });
    });
    return {
      frame: (frame) => react?.(frame),
      closed: () => {
        if (to !== undefined) clock.after(REDIAL_MS, () => this.#dial(to));
      },
    };
  }
}
