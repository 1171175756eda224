/**
 * Whom this session is connected to for pulling. Two kinds of swarm, one rule: keep `degree` of the
 * listed sources connected, nearest first, and replace those that are lost. A chain has degree one and
 * ends in the server; a mesh has several, and the server beside them (the origin), always connected. Also
 * says when there is nobody left to hope for.
 */
import type { SessionFailureCode } from '../errors.ts';
import type { Prng } from '../kernel/prng.ts';
import { NO_SOURCE_TIMEOUT_MS, NOTHING_GOOD_TIMEOUT_MS } from '../limits/limits.ts';
import { SourceWalker } from '../scheduling/source-walker.ts';
import type { RackPlace } from '../scheduling/wanted-pieces.ts';
import type { DialFailure } from './events.ts';

/** What a planner tells a session; addresses are data addresses, host:port. */
export interface SourcePlan {
  /** In the order to try; the first `degree` are dialled at once, the others replace lost ones. */
  readonly sources: readonly string[];
  readonly degree: number;
  /** The server, where it shows each piece to one agent only and is connected beside the sources. */
  readonly origin?: string | undefined;
  /** Where there is a border on which traffic is saved. */
  readonly rack?: RackPlace | undefined;
}

/** Why a task is given up: no source is there, or none is right. */
export interface GivenUp {
  readonly code: SessionFailureCode;
  readonly message: string;
}

export class Sources {
  readonly #neighbours: SourceWalker;
  readonly #origin: SourceWalker;
  #originAddress: string | undefined;
  /** Where all bytes come from: the origin of a mesh, the end of a chain. */
  #serverAddress: string | undefined;
  #isPlanned = false;
  /** Since when nobody is connected; what counts for giving up. */
  #aloneSinceMs = 0;
  /** When anybody gave a block last. */
  #gaveAtMs = 0;

  constructor(prng: Prng) {
    this.#neighbours = new SourceWalker(prng);
    this.#origin = new SourceWalker(prng);
  }

  setPlan(plan: SourcePlan, nowMs: number): void {
    this.#neighbours.setAddresses(plan.sources, plan.degree);
    this.#origin.setAddresses(plan.origin === undefined ? [] : [plan.origin], 1);
    this.#originAddress = plan.origin;
    this.#serverAddress = plan.origin ?? plan.sources.at(-1);
    this.#gaveAtMs = nowMs;
    this.#isPlanned = plan.sources.length > 0 || plan.origin !== undefined;
    if (this.connectedCount === 0) this.#aloneSinceMs = nowMs;
  }

  get connectedCount(): number {
    return this.#neighbours.connectedCount + this.#origin.connectedCount;
  }

  isOrigin(address: string): boolean {
    return address === this.#originAddress;
  }

  /** The next source to dial, counted as being dialled; undefined when none is to be. */
  takeNext(nowMs: number): string | undefined {
    return this.#origin.takeNext(nowMs) ?? this.#neighbours.takeNext(nowMs);
  }

  /** @returns false when this source was not being dialled */
  connected(address: string): boolean {
    return this.#of(address).connected(address);
  }

  dialFailed(address: string, failure: DialFailure, nowMs: number): void {
    this.#of(address).dialFailed(address, failure, nowMs);
  }

  /** A connected source is gone. */
  lost(address: string, nowMs: number): void {
    this.#of(address).lost(address, nowMs);
    if (this.connectedCount === 0) this.#aloneSinceMs = nowMs;
  }

  sentGoodPiece(address: string): void {
    this.#of(address).sentGoodPiece(address);
  }

  sentBadPiece(address: string): void {
    this.#of(address).sentBadPiece(address);
  }

  isBanned(address: string): boolean {
    return this.#of(address).isBanned(address);
  }

  /** When somebody may be dialled or all is to be given up; Infinity when neither. */
  nextDueAtMs(): number {
    return Math.min(
      this.#neighbours.nextDialAtMs() ?? Infinity,
      this.#origin.nextDialAtMs() ?? Infinity,
      this.giveUpAtMs(),
    );
  }

  /** A block came in, whatever it is worth. */
  gaveBlock(nowMs: number): void {
    this.#gaveAtMs = nowMs;
  }

  /** Why the task fails now; undefined while there is hope. */
  givenUp(nowMs: number): GivenUp | undefined {
    if (this.#isExhausted) {
      const message = 'every source, the server included, sent pieces whose hash is wrong';
      return { code: 'INTEGRITY', message };
    }
    if (this.#nothingGoodAtMs() <= nowMs) {
      const seconds = NOTHING_GOOD_TIMEOUT_MS / 1_000;
      const message = `the server sent pieces whose hash is wrong, and nobody else gave any for ${seconds} s`;
      return { code: 'INTEGRITY', message };
    }
    if (this.#noSourceAtMs() <= nowMs) {
      const message = `no source could be reached for ${NO_SOURCE_TIMEOUT_MS / 60_000} minutes`;
      return { code: 'NO_SOURCE_REACHABLE', message };
    }
    return undefined;
  }

  giveUpAtMs(): number {
    return Math.min(this.#nothingGoodAtMs(), this.#noSourceAtMs());
  }

  get #isExhausted(): boolean {
    return this.#isPlanned && !this.#neighbours.hasUsable && !this.#origin.hasUsable;
  }

  /** The server cannot be believed, and agents have given what they had. */
  #nothingGoodAtMs(): number {
    const server = this.#serverAddress;
    if (server === undefined || !this.isBanned(server)) return Infinity;
    return this.#gaveAtMs + NOTHING_GOOD_TIMEOUT_MS;
  }

  #noSourceAtMs(): number {
    if (!this.#isPlanned || this.#isExhausted || this.connectedCount > 0) return Infinity;
    return this.#aloneSinceMs + NO_SOURCE_TIMEOUT_MS;
  }

  #of(address: string): SourceWalker {
    return this.isOrigin(address) ? this.#origin : this.#neighbours;
  }
}
