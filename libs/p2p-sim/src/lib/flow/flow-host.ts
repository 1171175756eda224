/**
 * One host of a simulated transfer: a session, its connections and its link. It performs the session's
 * effects and tells it what the network, the disk and the clock say; it decides nothing.
 */
import {
  frameBytes,
  PIECE_HEADER_BYTES,
  toSessionEvent,
  type BlockRef,
  type ControlMessage,
  type PeerId,
  type SessionEffect,
  type SessionEvent,
  type SourcePlan,
  type TaskSession,
} from '@gofd/p2p-protocol';
import { FlowEvent } from './event-queue.ts';
import { Frame, Lane, SharedLink, Uplink, type Ether } from './link.ts';

export interface FlowHostOptions {
  readonly address: string;
  readonly ether: Ether;
  readonly session: TaskSession;
  readonly bytesPerSecond: number;
  /** What lies between hosts of other racks and this one, in each direction. */
  readonly rack: RackLinks | undefined;
  /** Books that a piece was verified and written. */
  readonly afterStoring: (event: FlowEvent) => void;
  readonly dial: (from: FlowHost, address: string) => void;
  readonly observer: FlowObserver;
}

export interface RackLinks {
  readonly up: SharedLink;
  readonly down: SharedLink;
}

/** What a simulation wants to know of its hosts. */
export interface FlowObserver {
  stored(host: FlowHost, piece: number): void;
  finished(host: FlowHost): void;
  failed(host: FlowHost): void;
}

/** One end of a connection, as the host that it belongs to sees it. */
export class FlowEnd {
  readonly host: FlowHost;
  readonly id: PeerId;
  /** What this host sends. */
  readonly lane: Lane;
  far: FlowEnd | undefined;

  constructor(host: FlowHost, id: PeerId, path: readonly SharedLink[]) {
    this.host = host;
    this.id = id;
    this.lane = new Lane(path);
  }
}

export class FlowHost {
  readonly address: string;
  readonly session: TaskSession;
  readonly uplink: Uplink;
  readonly downlink: SharedLink;
  readonly rack: RackLinks | undefined;
  readonly #options: FlowHostOptions;
  readonly #ends = new Map<PeerId, FlowEnd>();
  #nextPeerId = 1;
  #isDead = false;
  #isBlockAdmitted = false;
  #wakeAtMs = Infinity;

  constructor(options: FlowHostOptions) {
    this.#options = options;
    this.address = options.address;
    this.session = options.session;
    this.uplink = new Uplink(options.ether, options.bytesPerSecond);
    this.downlink = new SharedLink(options.bytesPerSecond);
    this.rack = options.rack;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  start(plan: SourcePlan): void {
    this.tell({ type: 'sourcesChanged', ...plan });
  }

  /** The process is killed: its system closes all connections. */
  die(): void {
    for (const end of [...this.#ends.values()]) this.#close(end);
    this.#isDead = true;
  }

  /** One end of a new connection; `connected` comes when the handshake is through. */
  open(path: readonly SharedLink[]): FlowEnd {
    const end = new FlowEnd(this, this.#nextPeerId++, path);
    this.#ends.set(end.id, end);
    return end;
  }

  /** @param address the one that was dialled; undefined when the far end dialled */
  connected({ id }: FlowEnd, address: string | undefined): void {
    if (!this.#ends.has(id)) return;
    this.tell({ type: 'peerConnected', peer: id, ...(address !== undefined && { address }) });
  }

  /** What network, disk and clock say. */
  tell(event: SessionEvent): void {
    if (this.#isDead) return;
    const effects = this.session.handle(event, this.#options.ether.queue.nowMs);
    for (const effect of effects) this.#perform(effect);
    this.#armTimer();
  }

  messageArrived({ id }: FlowEnd, message: ControlMessage): void {
    if (!this.#ends.has(id)) return;
    const event = toSessionEvent(id, message);
    if (event) this.tell(event);
  }

  blockArrived({ id }: FlowEnd, { piece, begin, length }: BlockRef): void {
    if (!this.#ends.has(id)) return;
    this.#isBlockAdmitted = false;
    this.tell({ type: 'blockArriving', peer: id, piece, begin, length });
    if (!this.#isBlockAdmitted) return;
    this.tell({ type: 'blockReceived', peer: id, piece, begin, length });
  }

  /** The far end closed. */
  closed({ id }: FlowEnd): void {
    if (this.#ends.delete(id)) this.tell({ type: 'peerClosed', peer: id });
  }

  wake(atMs: number): void {
    if (atMs !== this.#wakeAtMs) return; // an earlier one was booked since
    this.#wakeAtMs = Infinity;
    // Deadlines mostly move away: look again before bothering the session.
    const dueAtMs = this.session.nextWakeAtMs() ?? Infinity;
    if (dueAtMs > atMs) this.#armTimer();
    else this.tell({ type: 'wake' });
  }

  #perform(effect: SessionEffect): void {
    switch (effect.type) {
      case 'dial':
        return this.#options.dial(this, effect.address);
      case 'send': {
        const end = this.#ends.get(effect.peer);
        if (end?.far) this.uplink.send(end.lane, new MessageFrame(end.far, effect.message));
        return;
      }
      case 'sendBlock': {
        const end = this.#ends.get(effect.peer);
        if (end?.far) this.uplink.send(end.lane, new BlockFrame(end, end.far, effect));
        return;
      }
      case 'receiveBlock':
        this.#isBlockAdmitted = true;
        return;
      case 'storePiece':
        return this.#options.afterStoring(new PieceStored(this, effect.piece));
      case 'close': {
        const end = this.#ends.get(effect.peer);
        if (end) this.#close(end);
        return;
      }
      case 'progressed':
      case 'fellBack':
      case 'discardPiece':
        return;
      case 'finished':
        return this.#options.observer.finished(this);
      case 'failed':
        return this.#options.observer.failed(this);
    }
  }

  #close(end: FlowEnd): void {
    this.#ends.delete(end.id);
    end.lane.close();
    const { queue, latencyMs } = this.#options.ether;
    const atMs = Math.max(end.lane.lastArrivalMs, queue.nowMs + latencyMs);
    if (end.far) queue.book(new Closing(end.far), atMs);
  }

  #armTimer(): void {
    const atMs = this.session.nextWakeAtMs() ?? Infinity;
    if (atMs >= this.#wakeAtMs) return; // looked at again when that one comes
    const { queue } = this.#options.ether;
    this.#wakeAtMs = Math.max(atMs, queue.nowMs);
    queue.book(new Wake(this), this.#wakeAtMs);
  }

  /** A piece is verified and on the disk. */
  pieceStored(piece: number): void {
    if (this.#isDead) return;
    this.#options.observer.stored(this, piece);
    this.tell({ type: 'pieceStored', piece });
  }
}

class MessageFrame extends Frame {
  readonly isBlock = false;
  readonly bytes: number;
  readonly #to: FlowEnd;
  readonly #message: ControlMessage;

  constructor(to: FlowEnd, message: ControlMessage) {
    super();
    this.#to = to;
    this.#message = message;
    this.bytes = frameBytes(message);
  }

  happen(): void {
    this.#to.host.messageArrived(this.#to, this.#message);
  }
}

class BlockFrame extends Frame {
  readonly isBlock = true;
  readonly bytes: number;
  readonly #from: FlowEnd;
  readonly #to: FlowEnd;
  readonly #block: BlockRef;

  constructor(from: FlowEnd, to: FlowEnd, block: BlockRef) {
    super();
    this.#from = from;
    this.#to = to;
    this.#block = block;
    this.bytes = PIECE_HEADER_BYTES + block.length;
  }

  override left(): void {
    const { host, id } = this.#from;
    host.tell({ type: 'blockSent', peer: id, length: this.#block.length });
  }

  happen(): void {
    this.#to.host.blockArrived(this.#to, this.#block);
  }
}

class Closing extends FlowEvent {
  readonly #to: FlowEnd;

  constructor(to: FlowEnd) {
    super();
    this.#to = to;
  }

  happen(): void {
    this.#to.host.closed(this.#to);
  }
}

class PieceStored extends FlowEvent {
  readonly #host: FlowHost;
  readonly #piece: number;

  constructor(host: FlowHost, piece: number) {
    super();
    this.#host = host;
    this.#piece = piece;
  }

  happen(): void {
    this.#host.pieceStored(this.#piece);
  }
}

class Wake extends FlowEvent {
  readonly #host: FlowHost;

  constructor(host: FlowHost) {
    super();
    this.#host = host;
  }

  happen(): void {
    this.#host.wake(this.atMs);
  }
}
