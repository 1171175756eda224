/**
 * One server, a chain or a mesh of agents, and a plan of what goes wrong, run in virtual time from one seed
 * with the real TaskSession. A run ends when every agent that can complete has completed, or when
 * its time is up, which is a violation like any other.
 */
import {
  Bitfield,
  createPrng,
  GcraLimiter,
  TaskGeometry,
  TaskSession,
  type Prng,
  type ProtocolErrorCode,
  type SessionEffect,
  type SessionEvent,
  type SourcePlan,
  type WireVersion,
} from '@gofd/p2p-protocol';
import { AcceptsOnlyRequested } from './checkers/accepts-only-requested.ts';
import { AnnouncesOnlyStored } from './checkers/announces-only-stored.ts';
import type { Checker, Concern, ProcessView } from './checkers/checker.ts';
import { KeepsUploadLimit } from './checkers/keeps-upload-limit.ts';
import { StaysWithinBounds } from './checkers/stays-within-bounds.ts';
import { WakesForAReason } from './checkers/wakes-for-a-reason.ts';
import { FinishesOnlyComplete } from './checkers/finishes-only-complete.ts';
import { endOfFaultsMs, type Fault } from './fault-plan.ts';
import { LyingPeer, type LiarScript } from './lying-peer.ts';
import { hasCause, isSettled, stateOf, type SimHost } from './sim-host.ts';
import { SimNetwork } from './sim-network.ts';
import { SimPieceStore } from './sim-piece-store.ts';
import { SimProcess, type SessionUnderTest, type WireFrame } from './sim-process.ts';
import type { SwarmOptions, SwarmResult } from './swarm-options.ts';
import { NO_SOURCES, planChained, planMeshed } from './swarm-plans.ts';
import { TraceHash } from './trace-hash.ts';
import { VirtualClock } from './virtual-clock.ts';

/**
 * Time that an undisturbed swarm may take, beside the transfer itself. It covers what the slowest
 * recovery adds up to: a keepalive or upload stall (60 s), starvation down the chain (30 s each),
 * back-off (30 s).
 */
const RECOVERY_MS = 300_000;
/** How much slower than the ideal chain the transfer may be. */
const TRANSFER_SLACK = 4;
/** Where nobody need complete, the run goes on for this long after the last fault. */
const SAFETY_TAIL_MS = 90_000;
/** Timers of a busy event loop are this late at most. */
const MAX_TIMER_LATENESS_MS = 2;
const SERVER = 0;

export function simulateSwarm(options: SwarmOptions): SwarmResult {
  return new SimSwarm(options).run();
}

class SimSwarm {
  readonly #options: SwarmOptions;
  readonly #geometry: TaskGeometry;
  readonly #clock = new VirtualClock();
  readonly #network: SimNetwork<WireFrame>;
  readonly #hosts: readonly SimHost[];
  readonly #checkers: readonly Checker[];
  readonly #prng: Prng;
  readonly #hash = new TraceHash();
  readonly #violations: string[] = [];
  readonly #concerns: Concern[] = [];
  readonly #closings = new Map<ProtocolErrorCode, number>();
  #serverSentBytes = 0;
  #stepCount = 0;
  #struckFaultCount = 0;

  constructor(options: SwarmOptions) {
    this.#options = options;
    this.#geometry = new TaskGeometry(options.sizes);
    this.#prng = createPrng(options.seed);
    this.#network = new SimNetwork(this.#clock, options.latencyMs);
    this.#hosts = options.linkBytesPerSecond.map((rate, index) => this.#addHost(index, rate));
    this.#checkers = [
      new AnnouncesOnlyStored(this.#geometry.pieceCount),
      new FinishesOnlyComplete(),
      new AcceptsOnlyRequested(this.#geometry),
      new StaysWithinBounds(this.#geometry),
      new KeepsUploadLimit(this.#geometry),
      new WakesForAReason(),
    ];
  }

  run(): SwarmResult {
    this.#schedule();
    const deadlineMs = this.#deadlineMs();
    const faultsEndMs = endOfFaultsMs(this.#options.faults);
    const isOver = (): boolean =>
      this.#violations.length > 0 || (this.#clock.nowMs >= faultsEndMs && this.#isSettled());
    while (!isOver() && this.#clock.step(deadlineMs)) continue;
    if (this.#violations.length === 0) this.#judgeTheEnd();
    return this.#result();
  }

  #judgeTheEnd(): void {
    const isDemanded = this.#options.mode !== 'safety';
    if (isDemanded && !this.#isSettled()) this.#violate('stuck', this.#unfinished());
    for (const { address, failure, isDiskFull } of this.#agents()) {
      if (failure === undefined || hasCause(failure, isDiskFull, this.#options.faults)) continue;
      this.#violate('falseStatus', `${address} failed with ${failure}, and nothing was wrong`);
    }
  }

  #isSettled(): boolean {
    return this.#agents().every((agent) => isSettled(agent));
  }

  #addHost(index: number, bytesPerSecond: number): SimHost {
    const address = index === SERVER ? 'server' : `agent-${index}`;
    this.#network.addHost(address, bytesPerSecond);
    const { pieceCount } = this.#geometry;
    const stored = index === SERVER ? Bitfield.full(pieceCount) : Bitfield.empty(pieceCount);
    return {
      index,
      address,
      store: new SimPieceStore(this.#clock, this.#geometry, stored, this.#options.writeMs),
      process: undefined,
      processCount: 0,
      spoiltBlocksToSend: 0,
      spoiltPathsTo: new Set(),
      isServerPathSpoilt: false,
      isDiskFull: false,
      isIdle: this.#options.faults.some(
        (fault) => fault.kind === 'neverStarts' && fault.host === index,
      ),
      isGoneForGood: false,
      completedAtMs: undefined,
      failure: undefined,
      receivedBytes: 0,
      lies: this.#options.liars?.get(index),
    };
  }

  #agents(): readonly SimHost[] {
    return this.#hosts.slice(SERVER + 1);
  }

  #schedule(): void {
    for (const host of this.#hosts) {
      const atMs = host.index === SERVER ? 0 : this.#prng.next() * this.#options.startsWithinMs;
      this.#clock.at(atMs, () => {
        if (host.processCount === 0) this.#startProcess(host);
      });
    }
    for (const fault of this.#options.faults) {
      const host = this.#hosts[fault.host];
      if (host) this.#clock.at(fault.atMs, () => this.#strike(fault, host));
    }
    if (this.#options.mode === 'liveness') {
      this.#clock.at(endOfFaultsMs(this.#options.faults), () => this.#healAll());
    }
  }

  // Processes.

  #startProcess(host: SimHost): void {
    if (host.process || host.isGoneForGood) return;
    host.processCount += 1;
    if (host.lies) return this.#startLying(host, host.lies);
    const process: SimProcess = new SimProcess({
      address: host.address,
      session: this.#createSession(host),
      network: this.#network,
      store: host.store,
      clock: this.#clock,
      frameLimits: {
        wire: this.#wire,
        pieceCount: this.#geometry.pieceCount,
        maxBlockBytes: this.#geometry.blockBytes,
      },
      timerLatenessMs: () => this.#prng.next() * MAX_TIMER_LATENESS_MS,
      spoilsNextBlock: (to) => host.spoiltBlocksToSend-- > 0 || host.spoiltPathsTo.has(to ?? ''),
      handled: this.#observe(host),
      closed: (code) => this.#closings.set(code, (this.#closings.get(code) ?? 0) + 1),
      finished: () => {
        host.completedAtMs = this.#clock.nowMs;
      },
      failed: (code) => {
        host.failure = code;
      },
    });
    host.process = process;
    process.start(host.isIdle ? NO_SOURCES : this.#planOf(host));
  }

  #startLying({ address }: SimHost, script: LiarScript): void {
    const others = this.#hosts.map((host) => host.address).filter((other) => other !== address);
    const [network, clock, geometry] = [this.#network, this.#clock, this.#geometry];
    new LyingPeer({ address, others, geometry, network, clock, script }).start();
  }

  #createSession(host: SimHost): SessionUnderTest {
    const { createSession = (it): SessionUnderTest => new TaskSession(it) } = this.#options;
    return createSession({
      geometry: this.#geometry,
      stored: host.store.find(),
      limits: { hostUpload: new GcraLimiter(this.#options.uploadBytesPerSecond) },
      prng: createPrng(Math.floor(this.#prng.next() * 2 ** 32)),
      wire: this.#wire,
      scatters: this.#isMesh && host.index === SERVER,
    });
  }

  #planOf(host: SimHost): SourcePlan {
    const addresses = this.#hosts.map(({ address }) => address);
    const { meshDegree: degree, racks } = this.#options;
    if (degree === undefined) return planChained(addresses, host.index);
    return planMeshed({ addresses, degree, racks }, host.index, this.#prng);
  }

  get #wire(): WireVersion {
    return this.#isMesh ? 2 : 1;
  }

  get #isMesh(): boolean {
    return this.#options.meshDegree !== undefined;
  }

  #observe(host: SimHost): (event: SessionEvent, effects: readonly SessionEffect[]) => void {
    const process: ProcessView = {
      name: `${host.address}, run ${host.processCount}`,
      store: host.store,
      uploadBytesPerSecond: this.#options.uploadBytesPerSecond,
    };
    return (event, effects) => {
      this.#stepCount += 1;
      this.#trace(host, event, effects);
      for (const effect of effects) {
        if (host.index === SERVER && effect.type === 'sendBlock') {
          this.#serverSentBytes += effect.length;
        }
        if (effect.type === 'receiveBlock') host.receivedBytes += effect.length;
      }
      const step = { nowMs: this.#clock.nowMs, process, event, effects };
      for (const checker of this.#checkers) {
        const problem = checker.check(step);
        if (problem) this.#violate(checker.concern, `${process.name}: ${problem}`);
      }
    };
  }

  #trace(host: SimHost, event: SessionEvent, effects: readonly SessionEffect[]): void {
    this.#hash.add(this.#clock.nowMs, host.index);
    for (const item of [event, ...effects]) {
      this.#hash.addName(item.type);
      if ('peer' in item) this.#hash.add(item.peer);
      if ('piece' in item) this.#hash.add(item.piece);
      if ('begin' in item) this.#hash.add(item.begin);
    }
  }

  // Faults.

  #strike(fault: Fault, host: SimHost): void {
    this.#struckFaultCount += 1;
    switch (fault.kind) {
      case 'kill':
        return this.#kill(host, fault.mode, fault.restartAfterMs);
      case 'stall':
        return this.#network.stall(host.address, fault.forMs);
      case 'reset':
        return this.#network.reset(host.address);
      case 'refuse':
        return this.#network.refuse(host.address, fault.forMs);
      case 'corrupt':
        host.spoiltBlocksToSend = fault.blockCount;
        return;
      case 'corruptPath':
        return this.#spoilPaths(host, fault.towards);
      case 'slowDisk':
        return host.store.setWriteLatency(fault.writeMs);
      case 'diskFull':
        host.isDiskFull = true;
        return host.store.fill();
      case 'neverStarts':
        return; // known from the start
    }
  }

  #spoilPaths(from: SimHost, towards: readonly number[]): void {
    for (const to of this.#hosts.filter(({ index }) => towards.includes(index))) {
      from.spoiltPathsTo.add(to.address);
      if (from.index === SERVER) to.isServerPathSpoilt = true;
    }
  }

  #kill(host: SimHost, mode: 'reset' | 'vanish', restartAfterMs: number | undefined): void {
    host.process?.die();
    host.process = undefined;
    host.failure = undefined;
    host.processCount = Math.max(1, host.processCount); // a host that died does not start late
    this.#network.kill(host.address, mode);
    if (restartAfterMs === undefined) host.isGoneForGood = true;
    else this.#clock.after(restartAfterMs, () => this.#startProcess(host));
  }

  /** Whatever was wrong with a host is over; what it had verified it still has. */
  #healAll(): void {
    for (const host of this.#hosts) {
      const hasFailed = host.failure !== undefined;
      host.isGoneForGood = false;
      host.isDiskFull = false;
      host.spoiltBlocksToSend = 0;
      host.spoiltPathsTo.clear();
      host.isServerPathSpoilt = false;
      host.store.heal(this.#options.writeMs);
      if (host.isIdle) {
        host.isIdle = false;
        host.process?.start(this.#planOf(host));
      }
      if (hasFailed)
        this.#kill(host, 'reset', 0); // its task is tried again
      else this.#startProcess(host);
    }
  }

  // The end.

  /** Transfer at the slowest link's pace through the whole chain, and time to recover. */
  #deadlineMs(): number {
    const { linkBytesPerSecond, faults, uploadBytesPerSecond, sizes } = this.#options;
    const { recoveryMs = RECOVERY_MS } = this.#options;
    const slowest = Math.min(...linkBytesPerSecond, uploadBytesPerSecond);
    const hops = this.#hosts.length - 1;
    const { pieceCount } = this.#geometry;
    const transferMs = (1_000 * sizes.totalBytes * (pieceCount + hops)) / pieceCount / slowest;
    if (this.#options.mode === 'safety') return endOfFaultsMs(faults) + SAFETY_TAIL_MS;
    return endOfFaultsMs(faults) + recoveryMs + TRANSFER_SLACK * transferMs;
  }

  #unfinished(): string {
    const states = this.#agents()
      .filter((agent) => !isSettled(agent))
      .map(({ address, store }) => `${address} (${store.find().count} pieces)`);
    return `time is up and these are not complete: ${states.join(', ')}`;
  }

  #violate(concern: Concern, problem: string): void {
    this.#concerns.push(concern);
    this.#violations.push(`at ${this.#clock.nowMs.toFixed(1)} ms, ${problem}`);
  }

  #result(): SwarmResult {
    return {
      seed: this.#options.seed,
      traceHash: this.#hash.hex,
      violations: this.#violations,
      concerns: this.#concerns,
      struckFaultCount: this.#struckFaultCount,
      endedAtMs: this.#clock.nowMs,
      totalBytes: this.#geometry.totalBytes,
      serverSentBytes: this.#serverSentBytes,
      closings: this.#closings,
      stepCount: this.#stepCount,
      agents: this.#agents().map((agent) => ({
        state: stateOf(agent),
        completedAtMs: agent.completedAtMs,
        failure: agent.failure,
        receivedBytes: agent.receivedBytes,
      })),
    };
  }
}
