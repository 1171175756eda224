/**
 * How fast a task gets everywhere: the real planner and the real session of each host, on links with
 * rates, from one seed. What it leaves out: processors, disks slower than STORE_BYTES_PER_SECOND, loss, and
 * the REST calls by which agents hear of the task; all agents start within START_SPREAD_MS.
 */
import {
  Bitfield,
  choosePieceBytes,
  chooseTopology,
  createPrng,
  MAX_PEERS_OF_ORIGIN,
  MAX_PEERS_PER_TASK,
  planMesh,
  TaskGeometry,
  TaskSession,
  UNLIMITED,
  V2_BLOCK_BYTES,
  type Prng,
  type PullPlan,
  type SourcePlan,
} from '@gofd/p2p-protocol';
import { TraceHash } from '../trace-hash.ts';
import { EventQueue, FlowEvent } from './event-queue.ts';
import { FlowHost, type RackLinks } from './flow-host.ts';
import { SharedLink, type Ether } from './link.ts';
import {
  checkTransferOptions,
  MAX_SIMULATED_PIECES,
  TransferOptionError,
  type TransferOptions,
} from './transfer-options.ts';
import { ratiosOf, type TransferResult } from './transfer-result.ts';

/** A piece is hashed and written at this rate, beside others. */
const STORE_BYTES_PER_SECOND = 1e9;
const START_SPREAD_MS = 10;
/** One-way trips until a handshake of wire v2 is through: connect, hello, welcome, proof. */
const TRIPS_TO_DIALLER = 4;
const TRIPS_TO_LISTENER = 5;
/** Above this many blocks a block is a whole piece: coarser in time, and eight times as fast. */
const MAX_FINE_BLOCKS = 8_000_000;
const DEFAULT_SLOW_FACTOR = 4;
const DEFAULT_LATENCY_MS = 0.1;
const EVENTS_PER_PROGRESS = 1 << 10;
/** A run that takes this many times the bound has come to a halt. */
const GIVE_UP_FACTOR = 100;
const SERVER_ADDRESS = 'server';

/** @throws TransferOptionError, a RangeError, for options that are out of range */
export function simulateTransfer(options: TransferOptions): TransferResult {
  checkTransferOptions(options);
  return new Transfer(options).run();
}

class Transfer {
  readonly #options: TransferOptions;
  readonly #prng: Prng;
  readonly #queue = new EventQueue();
  readonly #ether: Ether;
  readonly #afterStoring: (event: FlowEvent) => void;
  readonly #geometry: TaskGeometry;
  readonly #topology: 'direct' | 'mesh';
  readonly #boundMs: number;
  readonly #racks: readonly RackLinks[];
  readonly #server: FlowHost;
  readonly #agents: readonly FlowHost[];
  readonly #slow: ReadonlySet<FlowHost>;
  readonly #hosts = new Map<string, FlowHost>();
  readonly #indices = new Map<FlowHost, number>();
  readonly #completedAtMs = new Map<FlowHost, number>();
  readonly #hash = new TraceHash();
  /** Agents that may still complete. */
  readonly #open: Set<FlowHost>;
  #storedPieces = 0;

  constructor(options: TransferOptions) {
    this.#options = options;
    const { agents, totalBytes, bytesPerSecond, seed, latencyMs = DEFAULT_LATENCY_MS } = options;
    this.#prng = createPrng(seed);
    this.#ether = {
      queue: this.#queue,
      afterLatency: this.#queue.line(latencyMs),
      latencyMs,
    };
    this.#geometry = geometryOf(options);
    const storeMs = (1000 * this.#geometry.pieceBytes) / STORE_BYTES_PER_SECOND;
    this.#afterStoring = this.#queue.line(storeMs);
    this.#topology = chooseTopology({ totalBytes, memberCount: agents });
    this.#boundMs = (1000 * totalBytes) / bytesPerSecond;
    this.#racks = this.#layRacks();
    this.#server = this.#addHost(SERVER_ADDRESS, bytesPerSecond, undefined);
    const slow = pickSome(agents, options.slowShare ?? 0, this.#prng);
    const { slowFactor = DEFAULT_SLOW_FACTOR } = options;
    this.#agents = Array.from({ length: agents }, (_, index) => {
      const rate = slow.has(index) ? bytesPerSecond / slowFactor : bytesPerSecond;
      return this.#addHost(`agent-${index}`, rate, this.#racks[index % this.#racks.length]);
    });
    this.#slow = new Set(this.#agents.filter((_, index) => slow.has(index)));
    this.#open = new Set(this.#agents);
  }

  run(): TransferResult {
    this.#startAll();
    this.#planKills();
    const { onProgress } = this.#options;
    const slowest = this.#slow.size > 0 ? (this.#options.slowFactor ?? DEFAULT_SLOW_FACTOR) : 1;
    const giveUpAtMs = GIVE_UP_FACTOR * slowest * this.#boundMs + 60_000;
    for (let count = 1; this.#open.size > 0 && this.#queue.step(); count++) {
      if (count % EVENTS_PER_PROGRESS > 0) continue;
      if (this.#queue.nowMs > giveUpAtMs) break;
      onProgress?.({
        simulatedMs: this.#queue.nowMs,
        storedPieces: this.#storedPieces,
        totalPieces: this.#geometry.pieceCount * this.#agents.length,
        eventCount: this.#queue.bookedCount,
      });
    }
    return this.#result();
  }

  // The network.

  #layRacks(): readonly RackLinks[] {
    const { agents, racks = 0, oversubscription = 1, bytesPerSecond } = this.#options;
    return Array.from({ length: racks }, () => {
      const rate = (Math.ceil(agents / racks) * bytesPerSecond) / oversubscription;
      return { up: new SharedLink(rate), down: new SharedLink(rate) };
    });
  }

  #addHost(address: string, bytesPerSecond: number, rack: RackLinks | undefined): FlowHost {
    const isServer = address === SERVER_ADDRESS;
    const { pieceCount } = this.#geometry;
    const session = new TaskSession({
      geometry: this.#geometry,
      stored: isServer ? Bitfield.full(pieceCount) : Bitfield.empty(pieceCount),
      limits: { hostUpload: UNLIMITED },
      prng: createPrng(Math.floor(this.#prng.next() * 2 ** 32)),
      wire: 2,
      scatters: isServer && this.#topology === 'mesh',
      maxPeers: isServer ? MAX_PEERS_OF_ORIGIN : MAX_PEERS_PER_TASK,
    });
    const host: FlowHost = new FlowHost({
      address,
      ether: this.#ether,
      session,
      bytesPerSecond,
      rack,
      afterStoring: this.#afterStoring,
      dial: (from, to) => this.#dial(from, to),
      observer: {
        stored: (who, piece) => {
          this.#storedPieces += 1;
          this.#hash.add(this.#queue.nowMs, this.#indices.get(who) ?? 0, piece);
        },
        finished: (who) => {
          this.#completedAtMs.set(who, this.#queue.nowMs);
          this.#open.delete(who);
        },
        failed: (who) => {
          this.#open.delete(who);
        },
      },
    });
    this.#indices.set(host, this.#hosts.size);
    this.#hosts.set(address, host);
    return host;
  }

  #dial(from: FlowHost, address: string): void {
    const to = this.#hosts.get(address);
    const { latencyMs } = this.#ether;
    if (!to || to.isDead) {
      return this.#after(2 * latencyMs, () =>
        from.tell({ type: 'dialFailed', address, failure: 'unreachable' }),
      );
    }
    const near = from.open(pathBetween(from, to));
    const far = to.open(pathBetween(to, from));
    near.far = far;
    far.far = near;
    this.#after(TRIPS_TO_DIALLER * latencyMs, () => {
      if (to.isDead) from.tell({ type: 'dialFailed', address, failure: 'unreachable' });
      else from.connected(near, address);
    });
    this.#after(TRIPS_TO_LISTENER * latencyMs, () => to.connected(far, undefined));
  }

  // What happens.

  #startAll(): void {
    this.#server.start({ sources: [], degree: 0 });
    const plans = this.#plan();
    for (const agent of this.#agents) {
      const plan = plans.get(agent.address) ?? { sources: [], degree: 0 };
      const source = this.#sourcePlanOf(agent, plan);
      this.#after(this.#prng.next() * START_SPREAD_MS, () => agent.start(source));
    }
  }

  #plan(): ReadonlyMap<string, PullPlan> {
    if (this.#topology === 'direct') return new Map();
    const members = this.#agents.map(({ address, rack }) => ({
      address,
      rack: rack && `rack-${this.#racks.indexOf(rack)}`,
    }));
    return planMesh(members, this.#prng);
  }

  /** The same that the server and the agent make of a plan on their way to a session. */
  #sourcePlanOf({ address }: FlowHost, { sources, degree, rack }: PullPlan): SourcePlan {
    if (this.#topology === 'direct') return { sources: [SERVER_ADDRESS], degree: 1 };
    return {
      sources,
      degree,
      origin: SERVER_ADDRESS,
      rack: rack && { members: rack.members, self: rack.members.indexOf(address) },
    };
  }

  #planKills(): void {
    const victims = pickSome(this.#agents.length, this.#options.killShare ?? 0, this.#prng);
    for (const index of [...victims].sort((a, b) => a - b)) {
      this.#after(this.#prng.next() * this.#boundMs, () => {
        const agent = this.#agents[index];
        if (!agent) return;
        this.#completedAtMs.delete(agent);
        this.#open.delete(agent);
        agent.die();
      });
    }
  }

  #after(delayMs: number, action: () => void): void {
    this.#queue.book(new Action(action), this.#queue.nowMs + delayMs);
  }

  // The end.

  #result(): TransferResult {
    const { agents, totalBytes, racks = 0 } = this.#options;
    const timesOf = (isSlow: boolean): number[] =>
      [...this.#completedAtMs].flatMap(([host, atMs]) =>
        this.#slow.has(host) === isSlow ? [atMs] : [],
      );
    const { slowFactor = DEFAULT_SLOW_FACTOR } = this.#options;
    const killed = this.#agents.filter(({ isDead }) => isDead).length;
    const sumOf = (count: (host: FlowHost) => number): number =>
      this.#agents.reduce((sum, host) => sum + count(host), 0);
    return {
      boundMs: this.#boundMs,
      healthy: ratiosOf(timesOf(false), this.#boundMs),
      slow: ratiosOf(timesOf(true), this.#boundMs * slowFactor),
      killed,
      incomplete: agents - killed - this.#completedAtMs.size,
      serverEgress: this.#server.uplink.blockBytes / totalBytes,
      duplicateShare: sumOf(({ session }) => session.duplicateBytes) / (totalBytes * agents),
      controlBytesPerAgent: sumOf(({ uplink }) => uplink.controlBytes) / agents,
      copiesPerRack:
        racks > 0
          ? this.#racks.reduce((sum, { down }) => sum + down.bytes, 0) / totalBytes / racks
          : undefined,
      topology: this.#topology,
      pieceBytes: this.#geometry.pieceBytes,
      blockBytes: this.#geometry.blockBytes,
      eventCount: this.#queue.bookedCount,
      traceHash: this.#hash.hex,
    };
  }
}

class Action extends FlowEvent {
  readonly #action: () => void;

  constructor(action: () => void) {
    super();
    this.#action = action;
  }

  happen(): void {
    this.#action();
  }
}

function geometryOf({
  agents,
  totalBytes,
  bytesPerSecond,
  ...options
}: TransferOptions): TaskGeometry {
  const pieceBytes =
    options.pieceBytes ?? choosePieceBytes({ totalBytes, memberCount: agents, bytesPerSecond });
  if (agents * Math.ceil(totalBytes / pieceBytes) > MAX_SIMULATED_PIECES) {
    const most = Math.floor(MAX_SIMULATED_PIECES / agents) * pieceBytes;
    throw new TransferOptionError('totalBytes', `must be at most ${most} with ${agents} agents`);
  }
  const isFine = (agents * totalBytes) / V2_BLOCK_BYTES <= MAX_FINE_BLOCKS;
  const blockBytes = isFine ? Math.min(pieceBytes, V2_BLOCK_BYTES) : pieceBytes;
  return new TaskGeometry({ totalBytes, pieceBytes, blockBytes });
}

/** The links between two uplinks' hosts: those of their racks, where they differ, and the far downlink. */
function pathBetween(from: FlowHost, to: FlowHost): readonly SharedLink[] {
  if (from.rack === to.rack) return [to.downlink];
  return [...(from.rack ? [from.rack.up] : []), ...(to.rack ? [to.rack.down] : []), to.downlink];
}

/** Random indices below `count`, a share of them. */
function pickSome(count: number, share: number, prng: Prng): ReadonlySet<number> {
  const wanted = Math.round(count * share);
  const picked = new Set<number>();
  while (picked.size < wanted) picked.add(Math.floor(prng.next() * count));
  return picked;
}
