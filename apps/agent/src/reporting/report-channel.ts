/**
 * Tells the server how far one task is: the newest figure at most once a second, the verdict at once,
 * each with a growing sequence, and the verdict again and again until the server has answered. What
 * was overtaken by a newer figure is never sent.
 */
import type { Clock } from '@gofd/p2p-driver';
import {
  MAX_REPORT_MESSAGE_CHARS,
  PERCENT_DONE,
  PERCENT_FAILED,
  type Failure,
  type HostMeasures,
} from '@gofd/task-model';
import type { ReportAnswer, ReportSender, StatusReport } from './report-sender.port.ts';

/** Least time between two progress reports of one task. */
export const REPORT_INTERVAL_MS = 1_000;
/** The first progress report waits this long: of a small task the verdict is all that is sent. */
export const FIRST_REPORT_DELAY_MS = 200;
/** Longest time without a report while a task runs: shows that the agent is alive. */
export const HEARTBEAT_MS = 10_000;
/** Delay before an unanswered report is tried again: first, doubled each time, at most the last. */
export const RETRY_FIRST_MS = 500;
export const RETRY_MAX_MS = 15_000;

/** Below 100 until the files are in place. */
const PERCENT_MAX_UNFINISHED = 99.9;

export interface ReportChannelOptions {
  readonly taskId: string;
  /** Name by which the task knows this host. */
  readonly host: string;
  readonly attempt: number | undefined;
  /** From the create call, where it had one. */
  readonly token?: string | undefined;
  /** Sequence numbers grow from here. */
  readonly firstSequence: number;
  readonly sender: ReportSender;
  readonly clock: Clock;
  /** The server needs nothing more: the task has ended for good, or is over or unknown for now. */
  readonly onTaskOver: (answer: 'taskEnded' | 'taskOver') => void;
}

type Figure = Pick<StatusReport, 'percentComplete' | 'code' | 'message'>;

export class ReportChannel {
  readonly #options: ReportChannelOptions;
  #sequence: number;
  #figure: Figure = { percentComplete: 0 };
  #isVerdict = false;
  #isDirty = false;
  #isSending = false;
  #isClosed = false;
  #failuresInRow = 0;
  /** When the next progress report may go out. */
  #nextReportAtMs: number;
  #cancelTimer: (() => void) | undefined;
  #measure: ((nowMs: number) => HostMeasures) | undefined;

  constructor(options: ReportChannelOptions) {
    this.#options = options;
    this.#sequence = options.firstSequence;
    this.#nextReportAtMs = options.clock.nowMs() + FIRST_REPORT_DELAY_MS;
  }

  /** From now on every report also says what is measured when it goes out. */
  measuredBy(measure: (nowMs: number) => HostMeasures): void {
    this.#measure = measure;
  }

  /** @param share 0..1 of the bytes verified */
  progress(share: number): void {
    if (this.#isVerdict) return;
    const percent = Math.floor(share * 1_000) / 10;
    this.#set({ percentComplete: Math.min(PERCENT_MAX_UNFINISHED, percent) });
  }

  /** Every file is verified, flushed and in place. */
  done(): void {
    this.#set({ percentComplete: PERCENT_DONE }, true);
  }

  failed({ code, message }: Failure): void {
    // Cut between characters: half of one would have the verdict refused.
    const sentence = message.slice(0, MAX_REPORT_MESSAGE_CHARS).toWellFormed();
    this.#set({ percentComplete: PERCENT_FAILED, code, message: sentence }, true);
  }

  /** Stops for good; nothing more is sent. */
  close(): void {
    this.#isClosed = true;
    this.#cancelTimer?.();
  }

  #set(figure: Figure, isVerdict = false): void {
    if (this.#isVerdict) return;
    this.#figure = figure;
    this.#isVerdict = isVerdict;
    this.#isDirty = true;
    this.#failuresInRow = 0;
    this.#schedule();
  }

  #schedule(): void {
    this.#cancelTimer?.();
    if (this.#isClosed || this.#isSending) return;
    const dueInMs = this.#dueInMs();
    if (dueInMs === undefined) return;
    this.#cancelTimer = this.#options.clock.after(dueInMs, () => void this.#send());
  }

  /** Time until the next report must go out; undefined when there is none to send. */
  #dueInMs(): number | undefined {
    if (!this.#isDirty) return this.#isVerdict ? undefined : HEARTBEAT_MS;
    if (this.#failuresInRow > 0) {
      return Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** (this.#failuresInRow - 1));
    }
    if (this.#isVerdict) return 0;
    return Math.max(0, this.#nextReportAtMs - this.#options.clock.nowMs());
  }

  async #send(): Promise<void> {
    const { taskId, host, attempt, token, sender, clock } = this.#options;
    this.#isSending = true;
    this.#isDirty = false;
    this.#nextReportAtMs = clock.nowMs() + REPORT_INTERVAL_MS;
    this.#sequence += 1;
    const measures = this.#measure?.(clock.nowMs());
    const answer = await sender.send({
      taskId,
      ip: host,
      sequence: this.#sequence,
      ...(attempt !== undefined && { attempt }),
      ...(token !== undefined && { token }),
      ...this.#figure,
      ...(measures && { measures }),
    });
    this.#isSending = false;
    if (!this.#isClosed) this.#answered(answer);
  }

  #answered(answer: ReportAnswer): void {
    if (answer === 'taskEnded' || answer === 'taskOver') {
      this.close();
      return this.#options.onTaskOver(answer);
    }
    if (answer === 'unreachable') {
      this.#failuresInRow += 1;
      this.#isDirty = true;
    } else {
      this.#failuresInRow = 0;
    }
    this.#schedule();
  }
}
