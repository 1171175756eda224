import { describe, expect, it } from 'vitest';
import { SimNetwork, SOCKET_BUFFER_BYTES, type SimSocket } from './sim-network.ts';
import { VirtualClock } from './virtual-clock.ts';

const LATENCY_MS = 5;
const BYTES_PER_MS = 1_000;
const BLOCKS_IN_BUFFER = SOCKET_BUFFER_BYTES / 32_768;

/** What one end of a connection saw, with times. */
interface Seen {
  readonly frames: { readonly name: string; readonly atMs: number }[];
  closedAtMs: number | undefined;
}

/** Hosts a, b and c, of which b listens; every end notes what it sees. */
class Net {
  readonly clock = new VirtualClock();
  readonly network = new SimNetwork<string>(this.clock, LATENCY_MS);
  readonly accepted: SimSocket<string>[] = [];
  readonly seenByAcceptor: Seen[] = [];
  readonly failures: { readonly failure: string; readonly atMs: number }[] = [];

  constructor() {
    for (const address of ['a', 'b', 'c']) this.network.addHost(address, 1_000 * BYTES_PER_MS);
    this.network.listen('b', (socket) => {
      this.accepted.push(socket);
      const { seen, handlers } = this.#note();
      this.seenByAcceptor.push(seen);
      return handlers;
    });
  }

  dial(from: string, to: string): { socket?: SimSocket<string>; seen: Seen; atMs?: number } {
    const { seen, handlers } = this.#note();
    const end: { socket?: SimSocket<string>; seen: Seen; atMs?: number } = { seen };
    this.network.dial(from, to, {
      connected: (socket) => {
        end.socket = socket;
        end.atMs = this.clock.nowMs;
        return handlers;
      },
      failed: (failure) => this.failures.push({ failure, atMs: this.clock.nowMs }),
    });
    return end;
  }

  /** Connects a host to b. */
  connect(from: string): {
    near: SimSocket<string>;
    nearSeen: Seen;
    far: SimSocket<string>;
    farSeen: Seen;
  } {
    const { socket: near, seen: nearSeen } = this.#connected(from);
    const [far, farSeen] = [this.accepted.at(-1), this.seenByAcceptor.at(-1)];
    if (!near || !far || !farSeen) throw new Error('not connected');
    return { near, nearSeen, far, farSeen };
  }

  runUntil(atMs: number): void {
    let isOver = false;
    this.clock.at(atMs, () => (isOver = true));
    while (!isOver) this.clock.step();
  }

  #connected(from: string): { socket?: SimSocket<string>; seen: Seen } {
    const end = this.dial(from, 'b');
    this.runUntil(this.clock.nowMs + 4 * LATENCY_MS + 1);
    return end;
  }

  #note(): { seen: Seen; handlers: { frame(name: string): void; closed(): void } } {
    const seen: Seen = { frames: [], closedAtMs: undefined };
    return {
      seen,
      handlers: {
        frame: (name) => seen.frames.push({ name, atMs: this.clock.nowMs }),
        closed: () => (seen.closedAtMs = this.clock.nowMs),
      },
    };
  }
}

function namesOf(seen: Seen): string[] {
  return seen.frames.map(({ name }) => name);
}

describe('SimNetwork', () => {
  it('connects after two round trips', () => {
    const net = new Net();
    const end = net.dial('a', 'b');
    net.runUntil(100);
    expect(end.atMs).toBe(4 * LATENCY_MS);
    expect(net.accepted).toHaveLength(1);
  });

  it('delivers in order, each frame after uplink, latency and downlink', () => {
    const net = new Net();
    const { near, farSeen } = net.connect('a');
    const startMs = net.clock.nowMs;
    near.send(10_000, 'one');
    near.send(10_000, 'two');
    net.runUntil(startMs + 100);
    expect(farSeen.frames).toEqual([
      { name: 'one', atMs: startMs + 10 + LATENCY_MS + 10 },
      { name: 'two', atMs: startMs + 20 + LATENCY_MS + 10 },
    ]);
  });

  it('shares one downlink among all who send over it', () => {
    const net = new Net();
    const [one, two] = [net.connect('a'), net.connect('c')];
    const startMs = net.clock.nowMs;
    one.near.send(10_000, 'one');
    two.near.send(10_000, 'two');
    net.runUntil(startMs + 100);
    const times = [one, two].map(({ farSeen }) => (farSeen.frames[0]?.atMs ?? 0) - startMs);
    expect(times).toEqual([10 + LATENCY_MS + 10, 10 + LATENCY_MS + 20]);
  });

  it('takes frames into the socket buffer only as the far end reads', () => {
    const net = new Net();
    const { near } = net.connect('a');
    const taken: number[] = [];
    for (let index = 0; index < 2 * BLOCKS_IN_BUFFER; index++)
      near.send(32_768, 'block', () => taken.push(index));
    const startMs = net.clock.nowMs;
    net.runUntil(startMs + 1);
    expect(taken).toHaveLength(BLOCKS_IN_BUFFER);
    net.runUntil(startMs + 10_000);
    expect(taken).toHaveLength(2 * BLOCKS_IN_BUFFER);
  });

  it('a stall holds everything back in order and tells nobody', () => {
    const net = new Net();
    const { near, nearSeen, farSeen } = net.connect('a');
    const startMs = net.clock.nowMs;
    near.send(1_000, 'before');
    net.network.stall('b', 500);
    near.send(1_000, 'during');
    net.clock.at(startMs + 500, () => near.send(1_000, 'after'));
    net.runUntil(startMs + 499);
    expect(farSeen.frames).toEqual([]);
    net.runUntil(startMs + 1_000);
    expect(namesOf(farSeen)).toEqual(['before', 'during', 'after']);
    expect([nearSeen.closedAtMs, farSeen.closedAtMs]).toEqual([undefined, undefined]);
  });

  it('a stalled peer stops taking blocks once the socket buffer is full', () => {
    const net = new Net();
    const { near } = net.connect('a');
    net.network.stall('b', 5_000);
    let taken = 0;
    for (let index = 0; index < 2 * BLOCKS_IN_BUFFER; index++)
      near.send(32_768, 'block', () => (taken += 1));
    net.runUntil(net.clock.nowMs + 4_000);
    expect(taken).toBe(BLOCKS_IN_BUFFER);
  });

  it('tells the far end of a close after the latency, and not the one that closed', () => {
    const net = new Net();
    const { near, nearSeen, farSeen } = net.connect('a');
    const startMs = net.clock.nowMs;
    near.close();
    net.runUntil(startMs + 100);
    expect(farSeen.closedAtMs).toBe(startMs + LATENCY_MS);
    expect(nearSeen.closedAtMs).toBeUndefined();
  });

  it('a reset tells both ends', () => {
    const net = new Net();
    const { nearSeen, farSeen } = net.connect('a');
    net.network.reset('a');
    net.runUntil(net.clock.nowMs + 100);
    expect(nearSeen.closedAtMs).toBeDefined();
    expect(farSeen.closedAtMs).toBeDefined();
  });

  it('a killed process closes its connections; a vanished machine leaves them half open', () => {
    const [killed, vanished] = [new Net(), new Net()];
    const seen = [killed, vanished].map((net, index) => {
      const { nearSeen } = net.connect('a');
      net.network.kill('b', index === 0 ? 'reset' : 'vanish');
      net.runUntil(net.clock.nowMs + 59_000);
      return nearSeen;
    });
    expect(seen[0]?.closedAtMs).toBeDefined();
    expect(seen[1]?.closedAtMs).toBeUndefined();
    vanished.runUntil(vanished.clock.nowMs + 2_000);
    expect(seen[1]?.closedAtMs).toBeDefined();
  });

  it('nothing more is taken by a machine that vanished', () => {
    const net = new Net();
    const { near } = net.connect('a');
    net.network.kill('b', 'vanish');
    let taken = 0;
    for (let index = 0; index < 2 * BLOCKS_IN_BUFFER; index++)
      near.send(32_768, 'block', () => (taken += 1));
    net.runUntil(net.clock.nowMs + 30_000);
    expect(taken).toBe(BLOCKS_IN_BUFFER);
  });

  it.each([
    [
      'a host that refuses',
      (net: Net) => net.network.refuse('b', 1_000),
      'refused',
      4 * LATENCY_MS,
    ],
    ['a host that knows no task', (net: Net) => net.network.listen('b', undefined), 'refused', 20],
    ['a dead process', (net: Net) => net.network.kill('b', 'reset'), 'unreachable', 2 * LATENCY_MS],
    ['a vanished machine', (net: Net) => net.network.kill('b', 'vanish'), 'unreachable', 5_000],
    ['a silent host', (net: Net) => net.network.stall('b', 60_000), 'unreachable', 5_000],
  ])('a dial to %s fails', (_what, strike, failure, atMs) => {
    const net = new Net();
    strike(net);
    net.dial('a', 'b');
    net.runUntil(10_000);
    expect(net.failures).toEqual([{ failure, atMs }]);
  });

  it('a dial to an address that does not exist fails', () => {
    const net = new Net();
    net.dial('a', 'nowhere');
    net.runUntil(10_000);
    expect(net.failures.map(({ failure }) => failure)).toEqual(['unreachable']);
  });

  it('a host that died takes peers again once it listens', () => {
    const net = new Net();
    net.network.kill('b', 'vanish');
    net.network.listen('b', () => ({ frame: () => undefined, closed: () => undefined }));
    const end = net.dial('a', 'b');
    net.runUntil(100);
    expect(end.socket?.isOpen).toBe(true);
  });
});
