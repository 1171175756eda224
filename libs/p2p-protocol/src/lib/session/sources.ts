/**
 * Whom this session is connected to for pulling. Two kinds of swarm, one rule: keep `degree` of the
 * listed sources connected, nearest first, and replace those that are lost. A chain has degree one and
 * ends in the server; a mesh has several, and the server beside them (the origin), always connected.
 */
import type { Prng } from '../kernel/prng.ts';
import { NO_SOURCE_TIMEOUT_MS, STARVED_TIMEOUT_MS, STRANDED_TIMEOUT_MS } from '../limits/limits.ts';
import { SourceWalker, type BadSender } from '../scheduling/source-walker.ts';
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

export class Sources {
  readonly #neighbours: SourceWalker;
  readonly #origin: SourceWalker;
  #originAddress: string | undefined;
  /** The one that has everything: the origin, or the end of a chain. */
  #serverAddress: string | undefined;
  /** How long the walk through all candidates takes when each in turn has nothing, ms. */
  #roundMs = 0;
  #isPlanned = false;
  /** Since when nobody is connected; what counts for giving up. */
  #aloneSinceMs = 0;

  constructor(prng: Prng) {
    this.#neighbours = new SourceWalker(prng);
    this.#origin = new SourceWalker(prng);
  }

  setPlan(plan: SourcePlan, nowMs: number): void {
    this.#neighbours.setAddresses(plan.sources, plan.degree);
    this.#origin.setAddresses(plan.origin === undefined ? [] : [plan.origin], 1);
    this.#originAddress = plan.origin;
    this.#serverAddress = plan.origin ?? plan.sources.at(-1);
    this.#roundMs = plan.origin === undefined ? plan.sources.length * STARVED_TIMEOUT_MS : 0;
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

  /** From the server itself came too many bad pieces. */
  get isServerBanned(): boolean {
    return this.#serverAddress !== undefined && this.isBanned(this.#serverAddress);
  }

  /** What each source is to be accused of, the server first. */
  badSenders(): readonly { readonly name: string; readonly badPieces: number }[] {
    const senders = [...this.#origin.badSenders(), ...this.#neighbours.badSenders()];
    const isServer = ({ address }: BadSender): boolean => address === this.#serverAddress;
    return [...senders.filter(isServer), ...senders.filter((one) => !isServer(one))].map(
      (sender) => ({
        name: `${isServer(sender) ? 'the server' : 'agent'} ${sender.address}`,
        badPieces: sender.badPieces,
      }),
    );
  }

  /** How long nobody may have gained a piece before a host without a believable source gives up, ms. */
  get strandedGraceMs(): number {
    return Math.max(STRANDED_TIMEOUT_MS, this.#roundMs);
  }

  /** Every source, the server included, sent too many bad pieces. */
  get isExhausted(): boolean {
    return this.#isPlanned && !this.#neighbours.hasUsable && !this.#origin.hasUsable;
  }

  /** When somebody may be dialled or all is to be given up; Infinity when neither. */
  nextDueAtMs(): number {
    return Math.min(
      this.#neighbours.nextDialAtMs() ?? Infinity,
      this.#origin.nextDialAtMs() ?? Infinity,
      this.giveUpAtMs(),
    );
  }

  /** When the task fails for want of any source; Infinity while one is connected. */
  giveUpAtMs(): number {
    if (!this.#isPlanned || this.isExhausted || this.connectedCount > 0) return Infinity;
    return this.#aloneSinceMs + NO_SOURCE_TIMEOUT_MS;
  }

  #of(address: string): SourceWalker {
    return this.isOrigin(address) ? this.#origin : this.#neighbours;
  }
}
