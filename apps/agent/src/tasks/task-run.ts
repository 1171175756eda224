/**
 * One task on this host, from the create call to its end: learns what the content is, claims the place,
 * hashes what is there, pulls what is missing, places the files, then serves until the server ends the
 * task. Whatever goes wrong ends in `failed` with a code and a sentence that the server is told; nothing
 * is reported as done before it is verified, flushed and in place.
 *
 *   learning → recovering → waiting → pulling → placing → completed
 *       └───────────┴──────────┴─────────┴─────────┴───→ failed          (any) → ended
 *
 * Only a task whose manifest comes through the swarm is ever seen learning.
 */
import { Bitfield, type SourcePlan } from '@gofd/p2p-protocol';
import type { DataPlane, SessionDriver, TaskSecurity } from '@gofd/p2p-driver';
import {
  createTaskDirectory,
  FilePieceStore,
  removeTaskDirectory,
  StoreError,
} from '@gofd/piece-store';
import { keepRequestId, measureLag, type LagMeasurement } from '@gofd/service-kit';
import {
  RequestError,
  type ActiveSlots,
  type AgentTaskView,
  type DispatchTaskDto,
  type Failure,
  type HostStatus,
  type ManifestRefDto,
  type StartTaskDto,
} from '@gofd/task-model';
import type { JournalEntry, TaskJournal } from '../journal/task-journal.ts';
import type { ReportChannel } from '../reporting/report-channel.ts';
import { TransferMeter } from '../reporting/transfer-meter.ts';
import { ManifestStream } from './manifest-stream.ts';
import { readStartOrder, sourcePlanOf } from './sources-of-task.ts';
import { isManifest, readManifest, readTaskContent, type TaskContent } from './task-content.ts';

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
  /** Told how the task ended on this host: COMPLETED, or the code of the failure. */
  readonly concluded: (outcome: string) => void;
  /** Download limit of the host, bytes a second. @default none */
  readonly downloadBytesPerSecond?: number | undefined;
  /** The data addresses by which a chain may name this host. */
  readonly ownAddresses: readonly string[];
  /** Makes the final names this task's. @throws RequestError when another task has one of them */
  readonly claimNames: (names: readonly string[]) => void;
}

/** What is known once the content is. */
interface Body {
  readonly content: TaskContent;
  readonly store: FilePieceStore;
}

type State =
  'learning' | 'recovering' | 'waiting' | 'pulling' | 'placing' | 'completed' | 'failed' | 'ended';

const HOST_STATUS: Readonly<Record<State, HostStatus>> = {
  learning: 'INPROGRESS',
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
  readonly #security: TaskSecurity;
  readonly #deps: TaskRunDependencies;
  readonly #abort = new AbortController();
  #entry: JournalEntry;
  #state: State = 'learning';
  #body: Body | undefined;
  #manifest: ManifestStream | undefined;
  #driver: SessionDriver | undefined;
  #failure: Failure | undefined;
  #piecesFellBack = 0;
  #lag: LagMeasurement | undefined;
  #lastNote: Promise<void> = Promise.resolve();
  /** Whatever is being done to the disk; waited for before files are closed or removed. */
  #work: Promise<void> = Promise.resolve();

  private constructor(entry: JournalEntry, deps: TaskRunDependencies) {
    const { key } = entry.task;
    this.task = entry.task;
    this.#entry = entry;
    this.#deps = deps;
    this.#security =
      key === undefined ? { version: 1 } : { version: 2, key: Buffer.from(key, 'base64') };
  }

  /**
   * Claims directory, names and space and writes the journal; returns before old bytes are hashed, and
   * before a manifest is fetched that did not come with the call.
   * @throws RequestError when the call contradicts itself, or another task has one of the names
   * @throws StoreError when the place cannot be had
   */
  static async prepare(entry: JournalEntry, deps: TaskRunDependencies): Promise<TaskRun> {
    const { taskId } = entry.task;
    const run = new TaskRun(entry, deps);
    const content = readTaskContent(entry.task);
    if (content) await run.#open(content);
    else await createTaskDirectory(deps.downdir, taskId);
    try {
      await deps.journal.save(entry);
    } catch (error) {
      await run.#body?.store.close();
      throw error;
    }
    deps.dataPlane.expect(taskId, run.#security);
    run.#work = content ? run.#recover() : run.#learn();
    return run;
  }

  /** Upload limit as the server set it last, bytes a second. */
  get speed(): number {
    return this.#entry.speed ?? this.task.speed;
  }

  get isFinished(): boolean {
    return this.#state === 'completed' || this.#state === 'failed' || this.#state === 'ended';
  }

  /** True when nobody pulls from this host any more. */
  get isIdle(): boolean {
    return this.isFinished && (this.#driver?.peerCount ?? 0) === 0;
  }

  get status(): HostStatus {
    return HOST_STATUS[this.#state];
  }

  view(): AgentTaskView {
    return {
      taskId: this.task.taskId,
      attempt: this.task.attempt ?? 1,
      status: this.status,
      percentComplete: this.#state === 'completed' ? 100 : Math.floor(this.#storedShare() * 99),
      ...this.#failure,
    };
  }

  /**
   * The start call: whom to pull from is known now. A later one replaces it.
   * @throws RequestError when the call is one of the other wire version
   */
  async start(call: StartTaskDto): Promise<void> {
    const order = readStartOrder(call, this.#security.version === 2);
    if (this.isFinished) return;
    await this.#note(order);
    this.#followPlan();
  }

  /** Changes the upload limit from now on, bytes a second. */
  async setSpeed(speed: number): Promise<void> {
    await this.#note({ speed });
    this.#driver?.setTaskRates(speed, Infinity);
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
    this.#stopLag();
    this.#deps.reports.close();
    this.#deps.dataPlane.close(this.task.taskId);
    this.#deps.slots.release(this.task.taskId);
    await this.#work;
    await this.#body?.store.close();
  }

  async #learn(): Promise<void> {
    const { taskId, manifest } = this.task;
    const { dataPlane, journal } = this.#deps;
    const reference = manifest as ManifestRefDto; // a task without metaInfo has one
    const saved = await journal.loadManifest(taskId);
    if (this.#abort.signal.aborted) return;
    const bytes = saved && isManifest(saved, reference) ? saved : undefined;
    this.#manifest = new ManifestStream(dataPlane, {
      taskId,
      security: this.#security,
      reference,
      bytes,
      fetched: (fetched) => {
        this.#work = this.#learned(fetched, true);
      },
      failed: (failure) => {
        this.#work = this.#fail(failure);
      },
      serverAddress: this.#serverAddress,
    });
    if (bytes) await this.#learned(bytes, false);
    else this.#followPlan();
  }

  async #learned(manifest: Buffer, isNew: boolean): Promise<void> {
    try {
      if (isNew) await this.#deps.journal.saveManifest(this.task.taskId, manifest);
      if (this.#abort.signal.aborted) return; // its names are free again: others may have them
      await this.#open(readManifest(manifest, 'manifest'));
    } catch (error) {
      if (!this.#abort.signal.aborted) await this.#fail(failureOf(error));
      return;
    }
    await this.#recover();
  }

  async #open(content: TaskContent): Promise<void> {
    const { layout, hashes } = content;
    const { downdir, claimNames } = this.#deps;
    claimNames(layout.files.map(({ name }) => name));
    const { taskId } = this.task;
    const store = await FilePieceStore.open({ downdir, taskId, layout, hashes });
    this.#body = { content, store };
  }

  async #recover(): Promise<void> {
    const { content, store } = this.#body as Body; // nothing is recovered before it is open
    const { pieceCount } = content.geometry;
    const stored = Bitfield.empty(pieceCount);
    this.#state = 'recovering';
    try {
      await store.recover((piece) => stored.add(piece), this.#abort.signal);
    } catch (error) {
      if (!this.#abort.signal.aborted) await this.#fail(failureOf(error));
      return;
    }
    if (this.#abort.signal.aborted) return;
    const fields = { task: this.task.taskId, pieces: pieceCount, verified: stored.count };
    this.#deps.log.info('task prepared', fields);
    this.#driver = this.#openSession(stored, { content, store });
    const meter = new TransferMeter(this.#driver, this.#deps.downloadBytesPerSecond);
    this.#deps.reports.measuredBy((nowMs) => meter.read(nowMs));
    this.#state = 'waiting';
    this.#deps.reports.progress(this.#storedShare());
    if (stored.isFull()) await this.#place();
    else if (this.#entry.completed)
      this.#complete(); // changed since by its owner: not ours to undo
    else this.#followPlan();
  }

  #openSession(stored: Bitfield, { content, store }: Body): SessionDriver {
    const { taskId } = this.task;
    return this.#deps.dataPlane.open({
      taskId,
      security: this.#security,
      geometry: content.geometry,
      stored,
      store,
      taskRates: { taskUpload: this.speed },
      ...(this.#serverAddress !== undefined && { serverAddress: this.#serverAddress }),
      observer: {
        progressed: () => this.#deps.reports.progress(this.#storedShare()),
        finished: () => {
          this.#work = this.#place();
        },
        failed: (code, message) => {
          this.#work = this.#fail({ code, message });
        },
        fellBack: () => {
          this.#piecesFellBack += 1;
        },
        peerClosed: (peer, code) =>
          this.#deps.log.info('peer closed', { task: taskId, peer, code }),
      },
    });
  }

  /** Pulls what is missing now, as soon as it is known from whom. */
  #followPlan(): void {
    const plan = sourcePlanOf(this.#entry, this.#deps.ownAddresses);
    this.#manifest?.setSources(plan ?? this.#serverAlone);
    if (!plan) return;
    if (this.#state !== 'waiting' && this.#state !== 'pulling') return;
    // Its turn may come by the end of another task, which is another request's.
    const pull = keepRequestId(() => {
      this.#state = 'pulling';
      this.#lag ??= measureLag();
      this.#driver?.setSources(plan);
    });
    this.#deps.slots.request(this.task.taskId, pull);
  }

  /** Every chain begins with it, in both versions. */
  get #serverAddress(): string | undefined {
    return this.task.linkChain.dispatchAddrs[0];
  }

  /** What is known before the start call: enough to ask for the manifest. */
  get #serverAlone(): SourcePlan {
    return { sources: this.task.linkChain.dispatchAddrs.slice(0, 1), degree: 1 };
  }

  async #place(): Promise<void> {
    this.#state = 'placing';
    try {
      await this.#body?.store.place();
    } catch (error) {
      return this.#fail(failureOf(error));
    }
    // Without this note a restart hashes the files again, no worse.
    await this.#note({ completed: true }).catch(() => undefined);
    this.#complete();
  }

  #complete(): void {
    const lag = this.#stopLag();
    this.#state = 'completed';
    this.#deps.slots.release(this.task.taskId);
    this.#deps.reports.done();
    this.#deps.concluded('COMPLETED');
    this.#deps.log.info('task completed', {
      task: this.task.taskId,
      bytes: this.#body?.content.layout.totalBytes,
      received: this.#driver?.receivedBytes,
      sent: this.#driver?.sentBytes,
      duplicate: this.#driver?.duplicateBytes,
      outside: this.#driver?.outsideBytes,
      fellBack: this.#piecesFellBack,
      lagP99Ms: lag?.p99Ms,
      lagMaxMs: lag?.maxMs,
    });
  }

  #stopLag(): ReturnType<LagMeasurement['stop']> | undefined {
    const lag = this.#lag?.stop();
    this.#lag = undefined;
    return lag;
  }

  async #fail(failure: Failure): Promise<void> {
    this.#stopLag();
    this.#state = 'failed';
    this.#failure = failure;
    this.#deps.dataPlane.close(this.task.taskId);
    this.#deps.slots.release(this.task.taskId);
    this.#deps.reports.failed(failure);
    this.#deps.concluded(failure.code);
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
    if (!this.#body) return 0;
    const { totalBytes } = this.#body.content.layout;
    return totalBytes === 0 ? 1 : (this.#driver?.storedBytes ?? 0) / totalBytes;
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof StoreError || error instanceof RequestError) {
    return { code: error.code, message: error.message };
  }
  return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error) };
}
