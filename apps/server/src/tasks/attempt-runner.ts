/**
 * Carries one attempt through: open and hash the sources, serve them, hand the task to the agents, and
 * clean up when it is over, however it ended. The record decides; this acts.
 */
import { randomInt } from 'node:crypto';
import { createTaskKey } from '@gofd/auth-crypto';
import type { Clock } from '@gofd/p2p-driver';
import { chooseTopology, createPrng, sendsManifestToAll } from '@gofd/p2p-protocol';
import { BYTES_PER_MIB } from '@gofd/service-kit';
import type { Failure, TaskSummary, TaskView } from '@gofd/task-model';
import { aborted } from '../dispatch/aborted.ts';
import type { Survey, WireVersion } from '../dispatch/agent-survey.ts';
import type { Dispatcher } from '../dispatch/dispatcher.ts';
import { createOffer, type ServerAddresses, type SwarmTopology } from '../dispatch/task-offer.ts';
import { LOST_AFTER_MS, type LivenessWatch } from '../liveness/liveness-watch.ts';
import type { Seeder, SeedHandle } from '../seeding/seeder.port.ts';
import {
  SourceError,
  type PreparedSource,
  type SourceCatalog,
} from '../seeding/source-catalog.port.ts';
import { SERVER_ACTOR, type AuditTrail } from '../audit/audit-trail.ts';
import { StateKeeper } from '../state/state-keeper.ts';
import type {
  StoredAttempt,
  StoredContent,
  StoredTask,
  TaskStore,
} from '../state/task-store.port.ts';
import type { AttemptOutcomes } from './attempt-outcomes.ts';
import { HostRows } from './host-rows.ts';
import type { TaskLog } from './task-log.ts';
import type { TaskRecord } from './task-record.ts';

/** What holds for every attempt of this server. */
export interface AttemptSettings {
  readonly addresses: ServerAddresses;
  /** Upload limit of each process of a task, bytes a second. */
  readonly bytesPerSecond: number;
  /** How agents of v2 tasks are connected; small tasks go straight from the server all the same. */
  readonly topology: 'mesh' | 'chain';
}

export interface AttemptDependencies {
  readonly settings: AttemptSettings;
  readonly catalog: SourceCatalog;
  readonly seeder: Seeder;
  readonly dispatcher: Dispatcher;
  readonly liveness: LivenessWatch;
  readonly store: TaskStore;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly log: TaskLog;
  readonly outcomes: AttemptOutcomes;
}

export class AttemptRunner {
  readonly record: TaskRecord;
  readonly #deps: AttemptDependencies;
  readonly #over = new AbortController();
  readonly #keeper: StateKeeper;
  /** What an earlier life of the server had begun to send. */
  readonly #known: StoredContent | undefined;
  readonly #sentBefore: number;
  #seed: SeedHandle | undefined;
  #wire: WireVersion | undefined;
  /** Set for this task alone, bytes a second. */
  #ownSpeed: number | undefined;
  #isClosed: boolean;

  /** @param stored the attempt as an earlier life of the server left it */
  constructor(record: TaskRecord, deps: AttemptDependencies, stored?: StoredTask) {
    this.record = record;
    this.#deps = deps;
    this.#known = stored?.content;
    this.#wire = stored?.content?.content.wire;
    this.#sentBefore = stored?.sentBytes ?? 0;
    this.#ownSpeed = stored?.bytesPerSecond;
    this.#isClosed = stored?.isClosed ?? false;
    record.whenOver(() => this.#over.abort());
    const { store, clock, log } = deps;
    this.#keeper = new StateKeeper({ record, attempt: () => this.#attempt(), store, clock, log });
  }

  /** Which protocol the agents speak; unknown until the sources are prepared. */
  get wire(): WireVersion | undefined {
    return this.#wire;
  }

  /** Payload bytes that the server has sent for this attempt. */
  get sentBytes(): number {
    return this.#sentBefore + (this.#seed?.sentBytes ?? 0);
  }

  summary(): TaskSummary {
    return this.record.summary(this.sentBytes, this.#shownSpeed);
  }

  view(): TaskView {
    const rows = this.rows();
    return this.record.view(this.sentBytes, this.#shownSpeed, (host) => rows.explain(host));
  }

  /** The hosts as they are at this moment. */
  rows(): HostRows {
    const { clock, settings } = this.#deps;
    const serverAddress = settings.addresses.data;
    return new HostRows(this.record, { nowMs: clock.nowMs(), serverAddress });
  }

  /** MiB a second, as the call that changes it takes it; undefined where there is no limit. */
  get #shownSpeed(): number | undefined {
    return Number.isFinite(this.#speed) ? this.#speed / BYTES_PER_MIB : undefined;
  }

  /** Everything that outlives the process. */
  toStore(): StoredTask {
    return { ...this.#attempt(), hosts: this.record.hosts.map((host) => host.toStore()) };
  }

  #attempt(): StoredAttempt {
    return {
      ...this.record.toStore(),
      sentBytes: this.sentBytes,
      bytesPerSecond: this.#ownSpeed,
      isClosed: this.#isClosed,
    };
  }

  get #speed(): number {
    return this.#ownSpeed ?? this.#deps.settings.bytesPerSecond;
  }

  /** Changes the upload limit of every process of the task, now and for agents that come later. */
  async setSpeed(bytesPerSecond: number): Promise<void> {
    this.#ownSpeed = bytesPerSecond;
    this.#keeper.changed();
    this.#seed?.setRate(bytesPerSecond);
    await this.#deps.dispatcher.setSpeed(this.record, bytesPerSecond);
  }

  /** Resolves when the attempt is over and its slot can go to the next task. Never rejects. */
  async run(): Promise<void> {
    const { record } = this;
    if (record.isOver) return;
    const { log } = this.#deps;
    const isAgain = record.status !== 'INIT';
    record.begin(new Date());
    const what = isAgain ? 'task taken up again' : 'task started';
    log.info(what, { task: record.id, attempt: record.attempt });
    try {
      await this.#runToTheEnd(isAgain ? LOST_AFTER_MS : 0);
    } catch (error) {
      record.fail(failureOf(error), new Date());
    }
    this.#logVerdict();
  }

  /** One line for each failed host, so that the log alone answers which one and why. */
  #logVerdict(): void {
    const { record } = this;
    const { log, outcomes } = this.#deps;
    const { id: task, attempt } = record;
    for (const { name: host, failure } of record.hosts) {
      if (!failure) continue;
      log.warn('host failed', { task, attempt, host, ...reason(failure) });
      outcomes.hostFailed(failure.code);
    }
    const { status, hostCounts, code, message } = this.summary();
    const completed = `${hostCounts.completed}/${hostCounts.total}`;
    const fields = { task, attempt, status, completed, sent: this.sentBytes };
    outcomes.taskOver(status);
    log.info('task over', { ...fields, code, reason: message });
    const detail = `attempt ${attempt}, ${status}, ${completed} hosts${code ? `, ${code}` : ''}`;
    this.#deps.audit.note(SERVER_ACTOR, 'over', detail, task);
  }

  /** @param patienceMs for hosts that cannot be reached */
  async #runToTheEnd(patienceMs: number): Promise<void> {
    const { record } = this;
    const { signal } = this.#over;
    await this.#deps.catalog.check(record.dispatchFiles); // before anybody is asked anything
    const { survey, source } = await this.#surveyAndPrepare();
    if (!source) return;
    try {
      record.prepared(source.totalBytes, source.fileBytes);
      this.#wire = source.content.wire;
      const key = this.#known?.key ?? createTaskKey();
      const { content, identities } = source;
      if (!this.#known) this.#keepContent({ content, identities, key });
      const topology = this.#topologyOf(source);
      const scatters = topology === 'mesh';
      const seeding = {
        key,
        scatters,
        scattersManifest: scatters && !this.#sendsManifestToAll(source),
        bytesPerSecond: this.#speed,
      };
      this.#seed = this.#deps.seeder.seed(record.id, source, seeding, (failure) =>
        record.fail(failure, new Date()),
      );
      this.#deps.liveness.watch(record, signal);
      const server = this.#deps.settings.addresses;
      const prng = createPrng(randomInt(2 ** 32));
      const offer = createOffer({ content: source.content, server, key, topology, prng });
      const order = { offer, survey, speed: () => this.#speed, patienceMs };
      await this.#deps.dispatcher.dispatch(record, order, signal);
      await aborted(signal);
    } finally {
      await this.#seed?.close();
      await source.close();
      // Hosts that are down are tried for a while; the next task does not wait for that.
      void this.closeAgents();
    }
  }

  /** Tells the agents of a task that is over. Never rejects. */
  async closeAgents(): Promise<void> {
    if (this.#isClosed) return;
    await this.#deps.dispatcher.endAll(this.record);
    this.#isClosed = true;
    this.#keepContent(undefined);
    this.#keeper.changed();
  }

  /** Without it, the next life of the server hashes again and starts every agent anew: slow, not wrong. */
  #keepContent(content: StoredContent | undefined): void {
    const { store, log } = this.#deps;
    const { id, attempt } = this.record;
    try {
      store.setContent(id, attempt, content);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      log.warn('what is sent cannot be stored', { task: id, attempt, reason: why });
    }
  }

  /**
   * Asks the agents while the sources are hashed as v2 wants them, which is right for all but a fleet in
   * the middle of its migration.
   * @returns no source when the task was cancelled meanwhile
   */
  async #surveyAndPrepare(): Promise<{ survey: Survey; source: PreparedSource | undefined }> {
    const { signal } = this.#over;
    if (this.#known) {
      const source = await this.#prepare(this.#known.content.wire, signal);
      return { survey: await this.#deps.dispatcher.survey(this.record), source };
    }
    const guessIsWrong = new AbortController();
    const guess = this.#prepare(2, AbortSignal.any([signal, guessIsWrong.signal]));
    guess.catch(() => undefined); // awaited below, after the survey
    const survey = await this.#deps.dispatcher.survey(this.record);
    if (survey.wire === 2 || signal.aborted) return { survey, source: await guess };
    guessIsWrong.abort();
    await (await guess.catch(() => undefined))?.close();
    return { survey, source: await this.#prepare(1, signal) };
  }

  /** Undefined when `signal` said meanwhile that it is not wanted. */
  async #prepare(wire: WireVersion, signal: AbortSignal): Promise<PreparedSource | undefined> {
    const { dispatchFiles, hosts } = this.record;
    const { bytesPerSecond } = this.#deps.settings;
    const memberCount = hosts.length;
    const options = { wire, memberCount, bytesPerSecond, signal, known: this.#known };
    try {
      const source = await this.#deps.catalog.prepare(dispatchFiles, options);
      if (!signal.aborted) return source;
      await source.close();
      return undefined;
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  #topologyOf({ content, totalBytes }: PreparedSource): SwarmTopology {
    if (content.wire === 1) return 'chain';
    const memberCount = this.record.hosts.length;
    const isDirect = chooseTopology({ totalBytes, memberCount }) === 'direct';
    return isDirect ? 'direct' : this.#deps.settings.topology;
  }

  #sendsManifestToAll({ content, totalBytes }: PreparedSource): boolean {
    if (content.wire === 1) return false; // it has none
    const memberCount = this.record.hosts.length;
    const manifestBytes = content.manifest.bytes.length;
    return sendsManifestToAll({ totalBytes, memberCount, manifestBytes });
  }
}

/** `message` is the log line's own name for its text. */
function reason({ code, message }: Failure): Record<string, string> {
  return { code, reason: message };
}

function failureOf(error: unknown): { code: string; message: string } {
  if (error instanceof SourceError) return { code: error.code, message: error.message };
  const why = error instanceof Error ? error.message : String(error);
  return { code: 'INTERNAL', message: `the server failed: ${why}` };
}
