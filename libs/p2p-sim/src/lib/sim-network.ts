/**
 * A network of hosts, each with one link that has a rate in both directions. A connection keeps its
 * order in each direction; what is sent waits in a socket buffer and crosses the sender's uplink, where
 * connections take turns as under Linux's fair queueing, then the latency and the receiver's downlink.
 * It knows nothing of what a frame means. Faults: silence (frames are held back, nobody is told),
 * reset, vanished hosts, refusal.
 */
import type { DialFailure } from '@gofd/p2p-protocol';
import type { VirtualClock } from './virtual-clock.ts';

/** Bytes that a sender's kernel takes before the receiver has got them. */
export const SOCKET_BUFFER_BYTES = 1024 * 1024;

/** A connect that gets no answer fails after this, ms (as in the driver). */
const CONNECT_TIMEOUT_MS = 5_000;

/** TCP keepalive finds a far end that vanished after this, ms. */
const KEEPALIVE_LOSS_MS = 60_000;

/** One-way trips of a dial: SYN, its answer, header, and the byte that accepts it. */
const TRIPS_TO_ACCEPT = 3;
const TRIPS_TO_CONNECTED = 4;

/** What a process does with what comes over one of its connections. */
export interface SocketHandlers<Payload> {
  frame(payload: Payload): void;
  /** The far end closed, was reset, or was found gone. Not called for one's own close. */
  closed(): void;
}

export interface DialHandlers<Payload> {
  connected(socket: SimSocket<Payload>): SocketHandlers<Payload>;
  failed(failure: DialFailure): void;
}

/** Takes a peer that dialled; absent while the host does not know the task. */
export type Acceptor<Payload> = (socket: SimSocket<Payload>) => SocketHandlers<Payload>;

interface Frame<Payload> {
  readonly bytes: number;
  readonly payload: Payload;
  readonly taken: (() => void) | undefined;
}

/** One host's link and what is wrong with it. */
class Link<Payload> {
  readonly address: string;
  readonly bytesPerMs: number;
  readonly sockets = new Set<SimSocket<Payload>>();
  acceptor: Acceptor<Payload> | undefined;
  state: 'up' | 'down' | 'vanished' = 'up';
  stalledUntilMs = 0;
  refusesUntilMs = 0;
  /** Sockets with buffered frames, in the order of their turns on the uplink. */
  readonly turns: SimSocket<Payload>[] = [];
  isSending = false;
  downlinkFreeAtMs = 0;

  constructor(address: string, bytesPerSecond: number) {
    this.address = address;
    this.bytesPerMs = bytesPerSecond / 1000;
  }

  /** When `bytes` that arrive now have been read. */
  receiveDown(bytes: number, nowMs: number): number {
    this.downlinkFreeAtMs = Math.max(this.downlinkFreeAtMs, nowMs) + bytes / this.bytesPerMs;
    return this.downlinkFreeAtMs;
  }
}

/** One end of a connection. */
export class SimSocket<Payload> {
  readonly #network: SimNetwork<Payload>;
  readonly link: Link<Payload>;
  readonly #queue: Frame<Payload>[] = [];
  /** Taken by the kernel and not yet on the uplink. */
  readonly #buffer: Frame<Payload>[] = [];
  /** On the way to the far end, oldest first: whichever trip ends first delivers the oldest. */
  readonly #inTransit: Frame<Payload>[] = [];
  /** Bytes that the kernel took and the far end has not read. */
  #unreadBytes = 0;
  far: SimSocket<Payload> | undefined;
  handlers: SocketHandlers<Payload> | undefined;
  isOpen = true;

  constructor(network: SimNetwork<Payload>, link: Link<Payload>) {
    this.#network = network;
    this.link = link;
    link.sockets.add(this);
  }

  /** The host at the other end. */
  get farAddress(): string | undefined {
    return this.far?.link.address;
  }

  /** `taken` is called once the kernel has the frame. */
  send(bytes: number, payload: Payload, taken?: () => void): void {
    if (!this.isOpen) return;
    this.#queue.push({ bytes, payload, taken });
    this.#fillBuffer();
  }

  /** Closes both ends; the far one hears of it after the latency. */
  close(): void {
    this.drop();
    const { far } = this;
    if (far) this.#network.whenReachable(this.link, far.link, () => far.lose());
  }

  /** Ends this side without telling anyone. */
  drop(): void {
    this.isOpen = false;
    this.#queue.length = 0;
    this.#buffer.length = 0;
    this.link.sockets.delete(this);
  }

  /** The connection is gone, and this side is told. */
  lose(): void {
    if (!this.isOpen) return;
    this.drop();
    this.handlers?.closed();
  }

  #fillBuffer(): void {
    for (let frame = this.#queue[0]; frame; frame = this.#queue[0]) {
      const isFull = this.#unreadBytes + frame.bytes > SOCKET_BUFFER_BYTES;
      if (isFull && this.#unreadBytes > 0) return;
      this.#queue.shift();
      this.#unreadBytes += frame.bytes;
      this.#buffer.push(frame);
      this.#network.offer(this, frame);
    }
  }

  get hasBuffered(): boolean {
    return this.#buffer.length > 0;
  }

  /** The next frame for the uplink; from then on it is in transit. */
  nextDeparture(): Frame<Payload> | undefined {
    const frame = this.#buffer.shift();
    if (frame) this.#inTransit.push(frame);
    return frame;
  }

  nextArrival(): Frame<Payload> | undefined {
    return this.#inTransit.shift();
  }

  /** The far end has read a frame: there is room for more. */
  acknowledge(bytes: number): void {
    this.#unreadBytes -= bytes;
    if (this.isOpen) this.#fillBuffer();
  }
}

export class SimNetwork<Payload> {
  readonly #clock: VirtualClock;
  readonly #latencyMs: number;
  readonly #links = new Map<string, Link<Payload>>();

  constructor(clock: VirtualClock, latencyMs: number) {
    this.#clock = clock;
    this.#latencyMs = latencyMs;
  }

  addHost(address: string, bytesPerSecond: number): void {
    this.#links.set(address, new Link(address, bytesPerSecond));
  }

  /** From now on peers that dial this host are let in, or turned away; a host that was down is up. */
  listen(address: string, acceptor: Acceptor<Payload> | undefined): void {
    const link = this.#linkOf(address);
    link.acceptor = acceptor;
    link.state = 'up';
  }

  dial(from: string, to: string, handlers: DialHandlers<Payload>): void {
    const startedAtMs = this.#clock.nowMs;
    const [near, far] = [this.#linkOf(from), this.#links.get(to)];
    const timesOut = !far || this.#freeAtMs(near, far) > startedAtMs + CONNECT_TIMEOUT_MS;
    if (timesOut || far.state === 'vanished') {
      this.#clock.after(CONNECT_TIMEOUT_MS, () => handlers.failed('unreachable'));
    } else if (far.state === 'down') {
      this.#clock.after(2 * this.#latencyMs, () => handlers.failed('unreachable'));
    } else {
      const atMs = this.#freeAtMs(near, far) + TRIPS_TO_ACCEPT * this.#latencyMs;
      this.#clock.at(atMs, () => this.#accept(near, far, handlers));
    }
  }

  /** Nothing reaches this host or leaves it for a while; nobody is told. */
  stall(address: string, forMs: number): void {
    const link = this.#linkOf(address);
    link.stalledUntilMs = Math.max(link.stalledUntilMs, this.#clock.nowMs + forMs);
  }

  refuse(address: string, forMs: number): void {
    this.#linkOf(address).refusesUntilMs = this.#clock.nowMs + forMs;
  }

  /** Breaks every connection of a host; both ends are told. */
  reset(address: string): void {
    for (const socket of [...this.#linkOf(address).sockets]) {
      socket.close();
      this.#clock.after(0, () => socket.handlers?.closed());
    }
  }

  /** The process dies. `vanish`: the machine with it, so that no far end is told. */
  kill(address: string, mode: 'reset' | 'vanish'): void {
    const link = this.#linkOf(address);
    link.acceptor = undefined;
    link.state = mode === 'vanish' ? 'vanished' : 'down';
    for (const socket of [...link.sockets]) {
      if (mode === 'reset') socket.close();
      else {
        socket.drop();
        this.#clock.after(KEEPALIVE_LOSS_MS, () => socket.far?.lose());
      }
    }
  }

  /** For sockets: the kernel took a frame, and the uplink shall send it. */
  offer(socket: SimSocket<Payload>, frame: Frame<Payload>): void {
    const { link } = socket;
    if (frame.taken) this.#clock.after(0, () => socket.isOpen && frame.taken?.());
    if (!link.turns.includes(socket)) link.turns.push(socket);
    if (!link.isSending) this.#sendNext(link);
  }

  #sendNext(link: Link<Payload>): void {
    link.isSending = false;
    const socket = link.turns.shift();
    if (!socket) return;
    const frame = socket.nextDeparture();
    if (!frame) return this.#sendNext(link); // closed meanwhile
    if (socket.hasBuffered) link.turns.push(socket);
    link.isSending = true;
    this.#clock.after(frame.bytes / link.bytesPerMs, () => {
      this.#clock.after(this.#latencyMs, () => this.#arrive(socket));
      this.#sendNext(link);
    });
  }

  /** Runs something one latency from now, or once both links are no longer silent. */
  whenReachable(near: Link<Payload>, far: Link<Payload>, action: () => void): void {
    this.#clock.at(this.#freeAtMs(near, far) + this.#latencyMs, action);
  }

  #arrive(socket: SimSocket<Payload>): void {
    const { far } = socket;
    if (!far?.isOpen) return;
    const freeAtMs = this.#freeAtMs(socket.link, far.link);
    if (freeAtMs > this.#clock.nowMs) {
      this.#clock.at(freeAtMs, () => this.#arrive(socket));
      return;
    }
    const frame = socket.nextArrival();
    if (!frame) return;
    const readAtMs = far.link.receiveDown(frame.bytes, this.#clock.nowMs);
    this.#clock.at(readAtMs, () => {
      if (!far.isOpen) return;
      socket.acknowledge(frame.bytes);
      far.handlers?.frame(frame.payload);
    });
  }

  #accept(near: Link<Payload>, far: Link<Payload>, dialler: DialHandlers<Payload>): void {
    const isRefused = far.acceptor === undefined || far.refusesUntilMs > this.#clock.nowMs;
    if (isRefused) {
      this.#clock.after(this.#latencyMs, () => dialler.failed('refused'));
      return;
    }
    const [here, there] = [new SimSocket(this, near), new SimSocket(this, far)];
    here.far = there;
    there.far = here;
    // The accepting byte comes first, so it is on its way before the acceptor can send a frame.
    const trips = TRIPS_TO_CONNECTED - TRIPS_TO_ACCEPT;
    this.#clock.after(trips * this.#latencyMs, () => {
      if (here.isOpen) here.handlers = dialler.connected(here);
      else dialler.failed('refused');
    });
    there.handlers = far.acceptor?.(there);
  }

  #freeAtMs(near: Link<Payload>, far: Link<Payload>): number {
    return Math.max(this.#clock.nowMs, near.stalledUntilMs, far.stalledUntilMs);
  }

  #linkOf(address: string): Link<Payload> {
    const link = this.#links.get(address);
    if (!link) throw new Error(`no host ${address}`);
    return link;
  }
}
