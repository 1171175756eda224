import { describe, expect, it } from 'vitest';
import { EventQueue } from './event-queue.ts';
import { Frame, Lane, SharedLink, Uplink, type Ether } from './link.ts';

const LATENCY_MS = 1;
const BYTES_PER_SECOND = 1_000_000;
const BYTES_PER_MS = BYTES_PER_SECOND / 1000;

interface Arrival {
  readonly name: string;
  readonly atMs: number;
}

/** One sender, and a note of what arrives of it. */
class World {
  readonly queue = new EventQueue();
  readonly arrivals: Arrival[] = [];
  readonly left: string[] = [];
  readonly uplink: Uplink;

  constructor() {
    const ether: Ether = {
      queue: this.queue,
      afterLatency: this.queue.line(LATENCY_MS),
      latencyMs: LATENCY_MS,
    };
    this.uplink = new Uplink(ether, BYTES_PER_SECOND);
  }

  /** @param ms that the block takes on the uplink */
  block(name: string, ms = 1): Frame {
    return new NotedFrame(name, ms * BYTES_PER_MS, true, this);
  }

  control(name: string): Frame {
    return new NotedFrame(name, 13, false, this);
  }

  run(): readonly Arrival[] {
    while (this.queue.step());
    return this.arrivals;
  }

  get names(): string[] {
    return this.arrivals.map(({ name }) => name);
  }
}

class NotedFrame extends Frame {
  readonly bytes: number;
  readonly isBlock: boolean;
  readonly #name: string;
  readonly #world: World;

  constructor(name: string, bytes: number, isBlock: boolean, world: World) {
    super();
    this.#name = name;
    this.#world = world;
    this.bytes = bytes;
    this.isBlock = isBlock;
  }

  override left(): void {
    this.#world.left.push(this.#name);
  }

  happen(): void {
    this.#world.arrivals.push({ name: this.#name, atMs: this.#world.queue.nowMs });
  }
}

/** A lane to a receiver whose link is no slower than ours. */
function openLane(...path: SharedLink[]): Lane {
  return new Lane(path.length > 0 ? path : [new SharedLink(BYTES_PER_SECOND)]);
}

describe('SharedLink', () => {
  it('passes on at its rate what comes faster', () => {
    const link = new SharedLink(BYTES_PER_SECOND / 2);
    expect(link.pass(BYTES_PER_MS, 10, 11)).toBe(12);
    expect(link.pass(BYTES_PER_MS, 11, 12)).toBe(14);
    expect(link.bytes).toBe(2 * BYTES_PER_MS);
  });

  it('adds no time to what comes at its rate or slower: bits are passed on as they come', () => {
    const link = new SharedLink(BYTES_PER_SECOND);
    expect(link.pass(BYTES_PER_MS, 10, 11)).toBe(11);
    expect(link.pass(BYTES_PER_MS, 11, 14)).toBe(14);
  });

  it('lets what comes at once from several wait in line', () => {
    const link = new SharedLink(BYTES_PER_SECOND);
    expect([1, 2, 3].map(() => link.pass(BYTES_PER_MS, 10, 11))).toEqual([11, 12, 13]);
    expect(link.beganAtMs).toBe(12);
  });

  it('saves no time up while it is idle', () => {
    const link = new SharedLink(BYTES_PER_SECOND);
    link.pass(BYTES_PER_MS, 0, 1);
    expect(link.pass(BYTES_PER_MS, 100, 101)).toBe(101);
    expect(link.pass(BYTES_PER_MS, 100, 101)).toBe(102);
  });
});

describe('Uplink', () => {
  it('takes for a block the time of its bytes, and the latency once', () => {
    const world = new World();
    world.uplink.send(openLane(), world.block('a', 5));
    expect(world.run()).toEqual([{ name: 'a', atMs: 5 + LATENCY_MS }]);
    expect(world.uplink.blockBytes).toBe(5 * BYTES_PER_MS);
  });

  it('serves its connections in turn, a block each', () => {
    const world = new World();
    const [one, other] = [openLane(), openLane()];
    for (const name of ['a1', 'a2', 'a3']) world.uplink.send(one, world.block(name));
    for (const name of ['b1', 'b2', 'b3']) world.uplink.send(other, world.block(name));
    world.run();
    expect(world.names).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'b3']);
    expect(world.left).toEqual(world.names);
  });

  it('is never idle while a block waits', () => {
    const world = new World();
    for (const lane of [openLane(), openLane(), openLane()]) {
      for (const name of ['x', 'y']) world.uplink.send(lane, world.block(name));
    }
    expect(world.run().at(-1)?.atMs).toBe(6 + LATENCY_MS);
  });

  it('is not held up by a receiver that is slower', () => {
    const world = new World();
    const slow = openLane(new SharedLink(BYTES_PER_SECOND / 10));
    const fast = openLane();
    for (const name of ['s1', 's2']) world.uplink.send(slow, world.block(name));
    for (const name of ['f1', 'f2']) world.uplink.send(fast, world.block(name));
    const at = new Map(world.run().map(({ name, atMs }) => [name, atMs]));
    expect(at.get('f2')).toBe(4 + LATENCY_MS);
    expect(at.get('s2')).toBe(20 + LATENCY_MS);
  });

  it('sends control messages at once, but behind the blocks of their own connection', () => {
    const world = new World();
    const [busy, free] = [openLane(), openLane()];
    world.uplink.send(busy, world.block('block', 5));
    world.uplink.send(busy, world.control('behind'));
    world.uplink.send(free, world.control('at once'));
    world.run();
    expect(world.names).toEqual(['at once', 'block', 'behind']);
    expect(world.uplink.controlBytes).toBe(26);
  });

  it('keeps the order of a connection over the slowest part of its path', () => {
    const world = new World();
    const lane = openLane(new SharedLink(BYTES_PER_SECOND / 4), new SharedLink(BYTES_PER_SECOND));
    for (const name of ['1', '2']) world.uplink.send(lane, world.block(name));
    world.uplink.send(lane, world.control('3'));
    expect(world.run()).toEqual([
      { name: '1', atMs: 4 + LATENCY_MS },
      { name: '2', atMs: 8 + LATENCY_MS },
      { name: '3', atMs: 8 + LATENCY_MS },
    ]);
  });

  it('loses what has not left a connection that is closed, and goes on with the others', () => {
    const world = new World();
    const [closing, open] = [openLane(), openLane()];
    for (const name of ['c1', 'c2']) world.uplink.send(closing, world.block(name));
    world.uplink.send(open, world.block('o1'));
    closing.close();
    world.uplink.send(closing, world.block('c3'));
    world.run();
    expect(world.names).toEqual(['o1']);
    expect(world.left).toEqual(['o1']);
  });
});
