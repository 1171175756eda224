/** One host of one attempt: its state, its progress and why it failed. Pure. */
import {
  canMoveHost,
  isTerminalHostStatus,
  PERCENT_DONE,
  PERCENT_FAILED,
  type Failure,
  type HostEntry,
  type HostStatus,
  type HostView,
} from '@gofd/task-model';

/** What an agent says of itself; the reference says neither attempt nor sequence. */
export interface HostReport {
  readonly percentComplete: number;
  readonly sequence?: number | undefined;
  readonly failure?: Failure | undefined;
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

  constructor(name: string, entry: HostEntry) {
    this.name = name;
    this.entry = entry;
  }

  get status(): HostStatus {
    return this.#status;
  }

  /** Why the host failed; undefined for all others. */
  get failure(): Failure | undefined {
    return this.#failure;
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
    this.#hasTask = true;
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
    if (this.#move('INPROGRESS')) this.#startedAt = at;
  }

  /** Applies a report once and in order: what is late, doubled or after the end changes nothing. */
  report({ percentComplete, sequence, failure }: HostReport, at: Date): void {
    if (sequence !== undefined && sequence <= this.#lastSequence) return;
    this.#lastSequence = sequence ?? this.#lastSequence;
    if (this.isOver) return;
    this.begin(at);
    if (percentComplete === PERCENT_FAILED) {
      this.fail(failure ?? UNEXPLAINED, at);
    } else if (percentComplete === PERCENT_DONE) {
      this.#percentComplete = PERCENT_DONE;
      this.#end('COMPLETED', at);
    } else {
      this.#percentComplete = Math.max(this.#percentComplete, percentComplete);
    }
  }

  /** -> FAILED, unless it has ended already. */
  fail(failure: Failure, at: Date): void {
    if (this.#end('FAILED', at)) this.#failure = failure;
  }

  /** -> CANCELLED, unless it has ended already. */
  cancel(at: Date): void {
    this.#end('CANCELLED', at);
  }

  view(dispatchFiles: HostView['dispatchFiles']): HostView {
    return {
      status: this.#status,
      percentComplete: this.#percentComplete,
      ...(this.#startedAt && { startedAt: this.#startedAt.toISOString() }),
      ...(this.#finishedAt && { finishedAt: this.#finishedAt.toISOString() }),
      dispatchFiles,
      ...this.#failure,
    };
  }

  #end(status: HostStatus, at: Date): boolean {
    if (!this.#move(status)) return false;
    this.#finishedAt = at;
    return true;
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
