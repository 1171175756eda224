/** One host of one attempt: its state, its progress and why it failed. Pure. */
import {
  canMoveHost,
  isTerminalHostStatus,
  PERCENT_DONE,
  PERCENT_FAILED,
  type Failure,
  type HostEntry,
  type HostMeasures,
  type HostStatus,
  type HostView,
} from '@gofd/task-model';
import type { StoredHost } from '../state/task-store.port.ts';
import { ReportedRate } from './reported-rate.ts';

/** What an agent says of itself; the reference says neither attempt nor sequence. */
export interface HostReport {
  readonly percentComplete: number;
  readonly sequence?: number | undefined;
  readonly failure?: Failure | undefined;
  readonly measures?: HostMeasures | undefined;
}

/** What is learnt of a host beside its progress. */
export interface HostFacts {
  readonly zone?: string | undefined;
  /** Where it serves pieces, host:port; by it others name it as their source. */
  readonly dataAddress?: string | undefined;
}

export class HostRecord {
  /** As given in destIPs. */
  readonly name: string;
  readonly entry: HostEntry;
  #status: HostStatus = 'INIT';
  #percentComplete = 0;
  #isAsked = false;
  #hasTask = false;
  #lastSequence = 0;
  #lastContactMs = 0;
  #lastReportMs = 0;
  #startedAt: Date | undefined;
  #finishedAt: Date | undefined;
  #failure: Failure | undefined;
  #updatedAt: Date | undefined;
  #heardAt: Date | undefined;
  #facts: HostFacts = {};
  #measures: HostMeasures | undefined;
  readonly #rate = new ReportedRate();
  #onChange: () => void = () => undefined;
  #onUpdate: () => void = () => undefined;

  constructor(name: string, entry: HostEntry) {
    this.name = name;
    this.entry = entry;
  }

  /** As it was stored; an agent that had the task may report at any moment. */
  static restore(stored: StoredHost, entry: HostEntry): HostRecord {
    const host = new HostRecord(stored.name, entry);
    host.#status = stored.status;
    host.#percentComplete = stored.percentComplete;
    host.#isAsked = stored.hasTask;
    host.#hasTask = stored.hasTask;
    host.#startedAt = stored.startedAt;
    host.#finishedAt = stored.finishedAt;
    host.#failure = stored.failure;
    return host;
  }

  /** For a new attempt: a host that has the files keeps its state and is left alone, others begin anew. */
  forRetry(): HostRecord {
    if (this.#status !== 'COMPLETED') return new HostRecord(this.name, this.entry);
    return HostRecord.restore({ ...this.toStore(), hasTask: false }, this.entry);
  }

  /** Calls back when something has changed that must be stored; progress is reported again anyway. */
  whenChanged(callback: () => void): void {
    this.#onChange = callback;
  }

  /** Calls back when something has changed that is shown, progress included. */
  whenUpdated(callback: () => void): void {
    this.#onUpdate = callback;
  }

  toStore(): StoredHost {
    return {
      name: this.name,
      status: this.#status,
      percentComplete: this.#percentComplete,
      startedAt: this.#startedAt,
      finishedAt: this.#finishedAt,
      failure: this.#failure,
      hasTask: this.#hasTask,
    };
  }

  get status(): HostStatus {
    return this.#status;
  }

  /** Why the host failed; undefined for all others. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** 0..100 of the task's bytes verified there. */
  get percentComplete(): number {
    return this.#percentComplete;
  }

  /** When something that is shown changed last; undefined before anything did. */
  get updatedAt(): Date | undefined {
    return this.#updatedAt ?? this.#finishedAt ?? this.#startedAt;
  }

  /** When the agent last said something of the task. */
  get heardAt(): Date | undefined {
    return this.#heardAt;
  }

  /** From its first sign of life to its end; undefined until then. */
  get tookMs(): number | undefined {
    if (!this.#startedAt || !this.#finishedAt) return undefined;
    return this.#finishedAt.getTime() - this.#startedAt.getTime();
  }

  get facts(): HostFacts {
    return this.#facts;
  }

  /** Of the last report that had any. */
  get measures(): HostMeasures | undefined {
    return this.#measures;
  }

  /** Share of the task's bytes that comes in each second, by its reports; undefined when unknown. */
  get percentPerSecond(): number | undefined {
    return this.#status === 'INPROGRESS' ? this.#rate.percentPerSecond : undefined;
  }

  learnt(facts: HostFacts): void {
    this.#facts = { ...this.#facts, ...facts };
  }

  get isOver(): boolean {
    return isTerminalHostStatus(this.#status);
  }

  /** The create call of this attempt has gone out: what came before speaks of an earlier one. */
  get isAsked(): boolean {
    return this.#isAsked;
  }

  ask(): void {
    this.#isAsked = true;
  }

  /** The agent took the create call, or may have: it has to be told when the task ends. */
  get hasTask(): boolean {
    return this.#hasTask;
  }

  tookTask(): void {
    if (this.#hasTask) return;
    this.#hasTask = true;
    this.#onChange();
  }

  /** When the agent was last heard of, ms on a monotonic clock. */
  get lastContactMs(): number {
    return this.#lastContactMs;
  }

  /** When the agent last said how the task stands; at first, when it took the task. */
  get lastReportMs(): number {
    return this.#lastReportMs;
  }

  /** The agent answered: it is alive. */
  heardOf(nowMs: number): void {
    this.#lastContactMs = nowMs;
  }

  /** The agent said how the task stands. */
  reportedAt(nowMs: number): void {
    this.#lastContactMs = nowMs;
    this.#lastReportMs = nowMs;
  }

  /** INIT -> INPROGRESS: the agent took the task. */
  begin(at: Date): void {
    if (!this.#move('INPROGRESS')) return;
    this.#startedAt = at;
    this.#heardAt = at;
    this.#onChange();
    this.#updated(at);
  }

  /** Applies a report once and in order: what is late, doubled or after the end changes nothing. */
  report({ percentComplete, sequence, failure, measures }: HostReport, at: Date): void {
    if (sequence !== undefined && sequence <= this.#lastSequence) return;
    this.#lastSequence = sequence ?? this.#lastSequence;
    if (this.isOver) return;
    this.begin(at);
    this.#heardAt = at;
    this.#measures = measures ?? this.#measures;
    if (percentComplete === PERCENT_FAILED) {
      this.fail(failure ?? UNEXPLAINED, at);
    } else if (percentComplete === PERCENT_DONE) {
      this.#percentComplete = PERCENT_DONE;
      this.#end('COMPLETED', at, undefined);
    } else {
      this.#percentComplete = Math.max(this.#percentComplete, percentComplete);
      this.#rate.observe(this.#percentComplete, this.#lastReportMs);
      this.#updated(at);
    }
  }

  /** -> FAILED, unless it has ended already. */
  fail(failure: Failure, at: Date): void {
    this.#end('FAILED', at, failure);
  }

  /** -> CANCELLED, unless it has ended already. */
  cancel(at: Date): void {
    this.#end('CANCELLED', at, undefined);
  }

  view(dispatchFiles: HostView['dispatchFiles'], explanation?: string): HostView {
    return {
      status: this.#status,
      percentComplete: this.#percentComplete,
      ...(this.#startedAt && { startedAt: this.#startedAt.toISOString() }),
      ...(this.#finishedAt && { finishedAt: this.#finishedAt.toISOString() }),
      dispatchFiles,
      ...this.#failure,
      ...(explanation !== undefined && { explanation }),
    };
  }

  #end(status: HostStatus, at: Date, failure: Failure | undefined): void {
    if (!this.#move(status)) return;
    this.#finishedAt = at;
    this.#failure = failure;
    this.#onChange();
    this.#updated(at);
  }

  #updated(at: Date): void {
    this.#updatedAt = at;
    this.#onUpdate();
  }

  #move(status: HostStatus): boolean {
    if (!canMoveHost(this.#status, status)) return false;
    this.#status = status;
    return true;
  }
}

const UNEXPLAINED: Failure = {
  code: 'AGENT_FAILED',
  message: 'the agent reported a failure without a reason; its own log has more',
};
