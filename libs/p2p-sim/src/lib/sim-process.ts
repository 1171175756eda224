/**
 * One run of one session on a virtual host: what the driver is in the real world. It feeds the
 * session what network, disk and clock say, performs its effects in order, arms one timer, and
 * decides nothing.
 */
import {
  encodeMessage,
  FrameDecoder,
  toSessionEvent,
  type BlockRef,
  type ControlMessage,
  type DialFailure,
  type FrameLimits,
  type PeerId,
  type ProtocolErrorCode,
  type SessionEffect,
  type SessionEvent,
  type SessionFailureCode,
  type SourcePlan,
} from '@gofd/p2p-protocol';
import type { SimNetwork, SimSocket, SocketHandlers } from './sim-network.ts';
import type { ReceivedPiece, SimPieceStore } from './sim-piece-store.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What a simulation needs of a session; TaskSession has it, and wrappers that break it on purpose. */
export interface SessionUnderTest {
  handle(event: SessionEvent, nowMs: number): readonly SessionEffect[];
  nextWakeAtMs(): number | undefined;
}

export type WireFrame =
  | { readonly kind: 'control'; readonly message: ControlMessage }
  | { readonly kind: 'block'; readonly block: BlockRef; readonly isSpoilt: boolean }
  /** Only a peer that lies sends these; they may be anything, and data among them is wrong. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

export interface ProcessOptions {
  readonly address: string;
  readonly session: SessionUnderTest;
  readonly network: SimNetwork<WireFrame>;
  readonly store: SimPieceStore;
  readonly clock: VirtualClock;
  readonly frameLimits: FrameLimits;
  /** How much later than asked for a timer fires, ms. */
  readonly timerLatenessMs: () => number;
  /** Whether the next block that this host sends there carries wrong bytes. */
  readonly spoilsNextBlock: (toAddress: string | undefined) => boolean;
  readonly handled: (event: SessionEvent, effects: readonly SessionEffect[]) => void;
  /** A connection was closed by this host. */
  readonly closed: (code: ProtocolErrorCode) => void;
  readonly finished: () => void;
  readonly failed: (code: SessionFailureCode) => void;
}

export const PIECE_FRAME_OVERHEAD_BYTES = 13;

export class SimProcess {
  readonly #options: ProcessOptions;
  readonly #sockets = new Map<PeerId, SimSocket<WireFrame>>();
  /** For peers that have sent bytes rather than messages. */
  readonly #decoders = new Map<PeerId, FrameDecoder>();
  /** By sender and piece: two may send the same one. */
  readonly #incoming = new Map<string, ReceivedPiece>();
  #nextPeerId = 1;
  #isDead = false;
  #isBlockAdmitted = false;
  #timerAtMs: number | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(options: ProcessOptions) {
    this.#options = options;
  }

  start(plan: SourcePlan): void {
    const { network, address } = this.#options;
    network.listen(address, (socket) => this.#adopt(socket, undefined));
    this.#dispatch({ type: 'sourcesChanged', ...plan });
  }

  /** Nothing of this run happens any more; the network is told elsewhere. */
  die(): void {
    this.#isDead = true;
    this.#cancelTimer?.();
  }

  #dispatch(event: SessionEvent): void {
    if (this.#isDead) return;
    const { session, clock, handled } = this.#options;
    const effects = session.handle(event, clock.nowMs);
    handled(event, effects);
    for (const effect of effects) this.#perform(effect);
    this.#armTimer();
  }

  #perform(effect: SessionEffect): void {
    switch (effect.type) {
      case 'dial':
        return this.#dial(effect.address);
      case 'send':
        return this.#send(effect.peer, effect.message);
      case 'sendBlock':
        return this.#sendBlock(effect.peer, effect);
      case 'receiveBlock':
        this.#isBlockAdmitted = true;
        return;
      case 'storePiece':
        return this.#storePiece(effect.peer, effect.piece);
      case 'discardPiece':
        this.#incoming.delete(incomingKey(effect.peer, effect.piece));
        return;
      case 'close':
        return this.#close(effect.peer, effect.code);
      case 'progressed':
      case 'fellBack':
        return;
      case 'finished':
        return this.#options.finished();
      case 'failed':
        // A host whose task failed knows it no more.
        this.#options.network.listen(this.#options.address, undefined);
        return this.#options.failed(effect.code);
    }
  }

  #dial(address: string): void {
    const failed = (failure: DialFailure): void =>
      this.#dispatch({ type: 'dialFailed', address, failure });
    const connected = (socket: SimSocket<WireFrame>): SocketHandlers<WireFrame> =>
      this.#adopt(socket, address);
    this.#options.network.dial(this.#options.address, address, { connected, failed });
  }

  #adopt(socket: SimSocket<WireFrame>, address: string | undefined): SocketHandlers<WireFrame> {
    const peer = this.#nextPeerId++;
    if (this.#isDead) socket.close();
    this.#sockets.set(peer, socket);
    this.#dispatch({ type: 'peerConnected', peer, ...(address !== undefined && { address }) });
    return {
      frame: (frame) => this.#received(peer, frame),
      closed: () => {
        this.#decoders.delete(peer);
        if (this.#sockets.delete(peer)) this.#dispatch({ type: 'peerClosed', peer });
      },
    };
  }

  #close(peer: PeerId, code: ProtocolErrorCode): void {
    const socket = this.#sockets.get(peer);
    if (!socket) return;
    this.#sockets.delete(peer);
    this.#decoders.delete(peer);
    socket.close();
    this.#options.closed(code);
  }

  #received(peer: PeerId, frame: WireFrame): void {
    if (this.#isDead || !this.#sockets.has(peer)) return;
    switch (frame.kind) {
      case 'control':
        return this.#messageReceived(peer, frame.message);
      case 'block':
        if (this.#isAdmitted(peer, frame.block))
          this.#blockEnded(peer, frame.block, frame.isSpoilt);
        return;
      case 'bytes':
        return this.#decoderOf(peer).push(frame.bytes);
    }
  }

  #messageReceived(peer: PeerId, message: ControlMessage): void {
    const event = toSessionEvent(peer, message);
    if (event) this.#dispatch(event);
  }

  #decoderOf(peer: PeerId): FrameDecoder {
    const known = this.#decoders.get(peer);
    if (known) return known;
    const decoder = new FrameDecoder(this.#options.frameLimits, {
      message: (message) => this.#messageReceived(peer, message),
      blockStarts: (block) =>
        this.#isAdmitted(peer, block) ? new Uint8Array(block.length) : undefined,
      blockEnds: (block) => this.#blockEnded(peer, block, true),
      violation: (code) => {
        this.#close(peer, code);
        this.#dispatch({ type: 'peerClosed', peer });
      },
    });
    this.#decoders.set(peer, decoder);
    return decoder;
  }

  #isAdmitted(peer: PeerId, block: BlockRef): boolean {
    this.#isBlockAdmitted = false;
    this.#dispatch({ type: 'blockArriving', peer, ...block });
    return this.#isBlockAdmitted;
  }

  #blockEnded(peer: PeerId, block: BlockRef, isSpoilt: boolean): void {
    const key = incomingKey(peer, block.piece);
    const before = this.#incoming.get(key) ?? { bytes: 0, isSpoilt: false };
    this.#incoming.set(key, {
      bytes: before.bytes + block.length,
      isSpoilt: before.isSpoilt || isSpoilt,
    });
    this.#dispatch({ type: 'blockReceived', peer, ...block });
  }

  #send(peer: PeerId, message: ControlMessage): void {
    const bytes = encodeMessage(message).length;
    this.#sockets.get(peer)?.send(bytes, { kind: 'control', message });
  }

  #sendBlock(peer: PeerId, { piece, begin, length }: BlockRef): void {
    const socket = this.#sockets.get(peer);
    const isSpoilt = this.#options.spoilsNextBlock(socket?.farAddress);
    const frame: WireFrame = { kind: 'block', block: { piece, begin, length }, isSpoilt };
    socket?.send(PIECE_FRAME_OVERHEAD_BYTES + length, frame, () =>
      this.#dispatch({ type: 'blockSent', peer, length }),
    );
  }

  #storePiece(peer: PeerId, piece: number): void {
    const key = incomingKey(peer, piece);
    const received = this.#incoming.get(key) ?? { bytes: 0, isSpoilt: false };
    this.#incoming.delete(key);
    this.#options.store.write(
      piece,
      received,
      () => !this.#isDead,
      (outcome) => {
        if (outcome === 'failed') this.#dispatch({ type: 'storeFailed', message: 'disk is full' });
        else {
          const type = outcome === 'stored' ? 'pieceStored' : 'pieceRejected';
          this.#dispatch({ type, piece });
        }
      },
    );
  }

  #armTimer(): void {
    const { session, clock, timerLatenessMs } = this.#options;
    const atMs = session.nextWakeAtMs();
    if (atMs === this.#timerAtMs) return;
    this.#cancelTimer?.();
    this.#timerAtMs = atMs;
    if (atMs === undefined) return;
    this.#cancelTimer = clock.at(atMs + timerLatenessMs(), () => {
      this.#timerAtMs = undefined;
      this.#dispatch({ type: 'wake' });
    });
  }
}

function incomingKey(peer: PeerId, piece: number): string {
  return `${peer}/${piece}`;
}
