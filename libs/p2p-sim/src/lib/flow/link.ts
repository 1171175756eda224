/**
 * Links and what crosses them, at the grain of blocks. A host's uplink serves its connections in turn, a
 * block each, as fair queueing does. A block is through a link when that has had the time for it,
 * and no sooner than it left the link before: bits are passed on as they come, so two links of one rate
 * cost one block's time and not two. Control messages weigh nothing beside blocks: they are counted, and wait
 * for the blocks of their own connection only, as bytes of one stream do.
 */
import { Fifo } from '@gofd/p2p-protocol';
import { FlowEvent, type EventQueue } from './event-queue.ts';

/** Something on its way through a network; it happens where it arrives. */
export abstract class Frame extends FlowEvent {
  /** With its header. */
  abstract readonly bytes: number;
  abstract readonly isBlock: boolean;
  /** The sender's uplink is done with it. */
  left(): void {
    // Only blocks tell.
  }
}

/** A stretch that several flows share: the downlink of a host, the link of a rack. */
export class SharedLink {
  readonly #bytesPerMs: number;
  #freeAtMs = 0;
  #beganAtMs = 0;
  #bytes = 0;

  constructor(bytesPerSecond: number) {
    this.#bytesPerMs = bytesPerSecond / 1000;
  }

  /** Bytes of blocks that went through. */
  get bytes(): number {
    return this.#bytes;
  }

  /** When the first of the bytes that came last began to go through. */
  get beganAtMs(): number {
    return this.#beganAtMs;
  }

  /** @returns when the last of some bytes is through, which come to this link from when until when */
  pass(bytes: number, fromMs: number, untilMs: number): number {
    this.#bytes += bytes;
    this.#beganAtMs = Math.max(fromMs, this.#freeAtMs);
    this.#freeAtMs = Math.max(untilMs, this.#beganAtMs + bytes / this.#bytesPerMs);
    return this.#freeAtMs;
  }
}

/** One direction of a connection. */
export class Lane {
  readonly frames = new Fifo<Frame>();
  /** What lies between the sender's uplink and the receiver, its downlink last. */
  readonly path: readonly SharedLink[];
  /** Has a turn on the uplink coming. */
  isWaiting = false;
  isOpen = true;
  lastArrivalMs = 0;

  constructor(path: readonly SharedLink[]) {
    this.path = path;
  }

  /** What has not left is lost. */
  close(): void {
    this.isOpen = false;
    this.frames.clear();
  }
}

/** What all hosts of a network share. */
export interface Ether {
  readonly queue: EventQueue;
  /** Books an event one latency from now. */
  readonly afterLatency: (event: FlowEvent) => void;
  readonly latencyMs: number;
}

/** A host's link to the network; its event is that a block has left. */
export class Uplink extends FlowEvent {
  readonly #ether: Ether;
  readonly #bytesPerMs: number;
  readonly #turns = new Fifo<Lane>();
  #sending: Lane | undefined;
  #block: Frame | undefined;
  #blockBytes = 0;
  #controlBytes = 0;

  constructor(ether: Ether, bytesPerSecond: number) {
    super();
    this.#ether = ether;
    this.#bytesPerMs = bytesPerSecond / 1000;
  }

  /** Bytes of blocks sent, with their headers. */
  get blockBytes(): number {
    return this.#blockBytes;
  }

  get controlBytes(): number {
    return this.#controlBytes;
  }

  send(lane: Lane, frame: Frame): void {
    if (!lane.isOpen) return;
    if (!frame.isBlock && lane.frames.length === 0) return this.#forward(lane, frame);
    lane.frames.push(frame);
    if (lane.isWaiting || lane === this.#sending) return;
    lane.isWaiting = true;
    this.#turns.push(lane);
    if (!this.#sending) this.#sendNext();
  }

  happen(): void {
    const lane = this.#sending;
    const block = this.#block;
    this.#sending = undefined;
    this.#block = undefined;
    if (!lane || !block) return;
    if (lane.isOpen) {
      lane.frames.shift();
      this.#forward(lane, block);
      this.#forwardControl(lane);
      lane.isWaiting = lane.frames.length > 0;
      if (lane.isWaiting) this.#turns.push(lane);
    }
    this.#sendNext();
    if (lane.isOpen) block.left();
  }

  #sendNext(): void {
    for (let lane = this.#turns.shift(); lane; lane = this.#turns.shift()) {
      lane.isWaiting = false;
      this.#forwardControl(lane);
      const block = lane.frames.peek();
      if (!block) continue;
      this.#sending = lane;
      this.#block = block;
      const { queue } = this.#ether;
      queue.book(this, queue.nowMs + block.bytes / this.#bytesPerMs);
      return;
    }
  }

  /** Lets go of what only waited for blocks that have left. */
  #forwardControl(lane: Lane): void {
    for (let frame = lane.frames.peek(); frame && !frame.isBlock; frame = lane.frames.peek()) {
      lane.frames.shift();
      this.#forward(lane, frame);
    }
  }

  #forward(lane: Lane, frame: Frame): void {
    const { queue, afterLatency, latencyMs } = this.#ether;
    let throughAtMs = queue.nowMs;
    if (frame.isBlock) {
      this.#blockBytes += frame.bytes;
      let beganAtMs = throughAtMs - frame.bytes / this.#bytesPerMs;
      for (const link of lane.path) {
        throughAtMs = link.pass(frame.bytes, beganAtMs, throughAtMs);
        beganAtMs = link.beganAtMs;
      }
    } else {
      this.#controlBytes += frame.bytes;
    }
    const atMs = Math.max(lane.lastArrivalMs, throughAtMs + latencyMs);
    lane.lastArrivalMs = atMs;
    if (atMs === queue.nowMs + latencyMs) afterLatency(frame);
    else queue.book(frame, atMs);
  }
}
