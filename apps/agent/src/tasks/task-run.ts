/**
 * One task on this host, from the create call to its end: claims the place, hashes what is there, pulls
 * what is missing, places the files, then serves until the server ends the task. Whatever goes wrong
 * ends in `failed` with a code and a sentence that the server is told; nothing is reported as done
 * before it is verified, flushed and in place.
 *
 *   recovering → waiting → pulling → placing → completed
 *        └──────────┴─────────┴─────────┴───→ failed          (any) → ended
 */
import { Bitfield } from '@gofd/p2p-protocol';
import type { DataPlane, SessionDriver } from '@gofd/p2p-driver';
import { FilePieceStore, removeTaskDirectory, StoreError } from '@gofd/piece-store';
import type {
  ActiveSlots,
  AgentTaskView,
  DispatchTaskDto,
  Failure,
  HostStatus,
} from '@gofd/task-model';
import type { JournalEntry, TaskJournal } from '../journal/task-journal.ts';
import type { ReportChannel } from '../reporting/report-channel.ts';
import { upstreamsInChain } from './chain-position.ts';
import type { TaskContent } from './task-content.ts';

export interface TaskLog {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
}

export interface TaskRunDependencies {
  readonly downdir: string;
  readonly dataPlane: DataPlane;
  readonly journal: TaskJournal;
  readonly slots: ActiveSlots;
  readonly reports: ReportChannel;
  readonly log: TaskLog;
  /** The data addresses by which a chain may name this host. */
  readonly ownAddresses: readonly string[];
}

type State = 'recovering' | 'waiting' | 'pulling' | 'placing' | 'completed' | 'failed' | 'ended';

const HOST_STATUS: Readonly<Record<State, HostStatus>> = {
  recovering: 'INPROGRESS',
  waiting: 'INPROGRESS',
  pulling: 'INPROGRESS',
  placing: 'INPROGRESS',
  completed: 'COMPLETED',
  failed: 'FAILED',
  ended: 'CANCELLED',
};

export class TaskRun {
  readonly task: DispatchTaskDto;
  readonly #content: TaskContent;
  readonly #store: FilePieceStore;
  readonly #deps: TaskRunDependencies;
  readonly #abort = new AbortController();
  #entry: JournalEntry;
  #state: State = 'recovering';
  #driver: SessionDriver | undefined;
  #failure: Failure | undefined;
  #lastNote: Promise<void> = Promise.resolve();
  /** Whatever is being done to the disk; waited for before files are closed or removed. */
  #work: Promise<void> = Promise.resolve();

  private constructor(
    entry: JournalEntry,
    content: TaskContent,
    store: FilePieceStore,
    deps: TaskRunDependencies,
  ) {
    this.task = entry.task;
    this.#entry = entry;
    this.#content = content;
    this.#store = store;
    this.#deps = deps;
  }

  /**
   * Claims directory and space and writes the journal; returns before old bytes are hashed.
   * @throws StoreError when the place cannot be had
   */
  static async prepare(
    entry: JournalEntry,
    content: TaskContent,
    deps: TaskRunDependencies,
  ): Promise<TaskRun> {
    const { layout, hashes } = content;
    const { taskId } = entry.task;
    const store = await FilePieceStore.open({ downdir: deps.downdir, taskId, layout, hashes });
    await deps.journal.save(entry);
    const run = new TaskRun(entry, content, store, deps);
    run.#work = run.#recover();
    return run;
  }

  get isFinished(): boolean {
    return this.#state === 'completed' || this.#state === 'failed' || this.#state === 'ended';
  }

  /** True when nobody pulls from this host any more. */
  get isIdle(): boolean {
    return this.isFinished && (this.#driver?.peerCount ?? 0) === 0;
  }

  view(): AgentTaskView {
    return {
      taskId: this.task.taskId,
      attempt: this.task.attempt ?? 1,
      status: HOST_STATUS[this.#state],
      percentComplete: this.#state === 'completed' ? 100 : Math.floor(this.#storedShare() * 99),
      ...this.#failure,
    };
  }

  /** The start call: the chain is known now. A later one replaces it. */
  async start(chain: readonly string[]): Promise<void> {
    if (this.isFinished) return;
    await this.#note({ chain });
    if (this.#state === 'waiting' || this.#state === 'pulling') this.#pull();
  }

  /**
   * Ends the task here. Files in place stay. Half-received ones go when the server ended the task;
   * they wait for another try when the task failed here, or when the server has forgotten it.
   */
  async end(reason: 'deleted' | 'forgotten'): Promise<void> {
    const endedState = this.#state;
    await this.suspend();
    this.#state = 'ended';
    const mayComeBack = reason === 'forgotten' && endedState !== 'completed';
    if (endedState === 'failed' || mayComeBack) {
      await this.#note({ isOver: true });
    } else {
      await removeTaskDirectory(this.#deps.downdir, this.task.taskId);
    }
  }

  /** Stops everything and leaves all on disk for the next run of the agent. */
  async suspend(): Promise<void> {
    this.#abort.abort();
    this.#deps.reports.close();
    this.#deps.dataPlane.close(this.task.taskId);
    this.#deps.slots.release(this.task.taskId);
    await this.#work;
    await this.#store.close();
  }

  async #recover(): Promise<void> {
    const { pieceCount } = this.#content.geometry;
    const stored = Bitfield.empty(pieceCount);
    try {
      await this.#store.recover((piece) => stored.add(piece), this.#abort.signal);
    } catch (error) {
      if (!this.#abort.signal.aborted) await this.#fail(failureOf(error));
      return;
    }
    if (this.#abort.signal.aborted) return;
    const fields = { task: this.task.taskId, pieces: pieceCount, verified: stored.count };
    this.#deps.log.info('task prepared', fields);
    this.#driver = this.#openSession(stored);
    this.#state = 'waiting';
    this.#deps.reports.progress(this.#storedShare());
    if (stored.isFull()) await this.#place();
    else if (this.#entry.completed)
      this.#complete(); // changed since by its owner: not ours to undo
    else if (this.#entry.chain) this.#pull();
  }

  #openSession(stored: Bitfield): SessionDriver {
    const { taskId } = this.task;
    return this.#deps.dataPlane.open({
      taskId,
      geometry: this.#content.geometry,
      stored,
      store: this.#store,
      observer: {
        progressed: () => this.#deps.reports.progress(this.#storedShare()),
        finished: () => {
          this.#work = this.#place();
        },
        failed: (code, message) => {
          this.#work = this.#fail({ code, message });
        },
        peerClosed: (peer, code) =>
          this.#deps.log.info('peer closed', { task: taskId, peer, code }),
      },
    });
  }

  #pull(): void {
    const upstreams = upstreamsInChain(this.#entry.chain ?? [], this.#deps.ownAddresses);
    this.#deps.slots.request(this.task.taskId, () => {
      this.#state = 'pulling';
      this.#driver?.setSources({ sources: upstreams, degree: 1 });
    });
  }

  async #place(): Promise<void> {
    this.#state = 'placing';
    try {
      await this.#store.place();
    } catch (error) {
      return this.#fail(failureOf(error));
    }
    // Without this note a restart hashes the files again, no worse.
    await this.#note({ completed: true }).catch(() => undefined);
    this.#complete();
  }

  #complete(): void {
    this.#state = 'completed';
    this.#deps.slots.release(this.task.taskId);
    this.#deps.reports.done();
    this.#deps.log.info('task completed', {
      task: this.task.taskId,
      bytes: this.#content.layout.totalBytes,
      received: this.#driver?.receivedBytes,
      sent: this.#driver?.sentBytes,
    });
  }

  async #fail(failure: Failure): Promise<void> {
    this.#state = 'failed';
    this.#failure = failure;
    this.#deps.dataPlane.close(this.task.taskId);
    this.#deps.slots.release(this.task.taskId);
    this.#deps.reports.failed(failure);
    this.#deps.log.warn('task failed', { task: this.task.taskId, ...failure });
    // The disk may be what failed; the report to the server counts, not this note.
    await this.#note({ failure }).catch(() => undefined);
  }

  /** Writes into the journal, one note after the other: two at once would spoil the file. */
  #note(change: Partial<JournalEntry>): Promise<void> {
    this.#entry = { ...this.#entry, ...change };
    const saved = this.#lastNote.then(() => this.#deps.journal.save(this.#entry));
    this.#lastNote = saved.catch(() => undefined);
    return saved;
  }

  #storedShare(): number {
    const { totalBytes } = this.#content.layout;
    return totalBytes === 0 ? 1 : (this.#driver?.storedBytes ?? 0) / totalBytes;
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof StoreError) return { code: error.code, message: error.message };
  return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error) };
}
