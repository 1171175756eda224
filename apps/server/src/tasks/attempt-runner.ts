/**
 * Carries one attempt through: open and hash the sources, serve them, hand the task to the agents, and
 * clean up when it is over, however it ended. The record decides; this acts.
 */
import type { Failure } from '@gofd/task-model';
import { aborted } from '../dispatch/aborted.ts';
import type { Dispatcher } from '../dispatch/dispatcher.ts';
import type { LivenessWatch } from '../liveness/liveness-watch.ts';
import type { Seeder, SeedHandle } from '../seeding/seeder.port.ts';
import {
  SourceError,
  type PreparedSource,
  type SourceCatalog,
} from '../seeding/source-catalog.port.ts';
import type { TaskLog } from './task-log.ts';
import type { TaskRecord } from './task-record.ts';

export interface AttemptDependencies {
  readonly catalog: SourceCatalog;
  readonly seeder: Seeder;
  readonly dispatcher: Dispatcher;
  readonly liveness: LivenessWatch;
  readonly log: TaskLog;
}

export class AttemptRunner {
  readonly record: TaskRecord;
  readonly #deps: AttemptDependencies;
  readonly #over = new AbortController();
  #seed: SeedHandle | undefined;

  constructor(record: TaskRecord, deps: AttemptDependencies) {
    this.record = record;
    this.#deps = deps;
    record.whenOver(() => this.#over.abort());
  }

  /** Payload bytes that the server has sent for this attempt. */
  get sentBytes(): number {
    return this.#seed?.sentBytes ?? 0;
  }

  /** Resolves when the attempt is over and its slot can go to the next task. Never rejects. */
  async run(): Promise<void> {
    const { record } = this;
    if (record.isOver) return;
    const { log } = this.#deps;
    record.begin(new Date());
    log.info('task started', { task: record.id, attempt: record.attempt });
    try {
      await this.#runToTheEnd();
    } catch (error) {
      record.fail(failureOf(error), new Date());
    }
    this.#logVerdict();
  }

  /** One line for each failed host, so that the log alone answers which one and why. */
  #logVerdict(): void {
    const { record } = this;
    const { log } = this.#deps;
    const { id: task, attempt } = record;
    for (const { name: host, failure } of record.hosts) {
      if (failure) log.warn('host failed', { task, attempt, host, ...reason(failure) });
    }
    const { status, hostCounts, code, message } = record.summary(this.sentBytes);
    const completed = `${hostCounts.completed}/${hostCounts.total}`;
    const fields = { task, attempt, status, completed, sent: this.sentBytes };
    log.info('task over', { ...fields, code, reason: message });
  }

  async #runToTheEnd(): Promise<void> {
    const { record } = this;
    const { signal } = this.#over;
    const source = await this.#prepare();
    if (!source) return;
    try {
      record.prepared(source.totalBytes);
      this.#seed = this.#deps.seeder.seed(record.id, source, (failure) =>
        record.fail(failure, new Date()),
      );
      this.#deps.liveness.watch(record, signal);
      await this.#deps.dispatcher.dispatch(record, source.metaInfo, signal);
      await aborted(signal);
    } finally {
      await this.#seed?.close();
      await source.close();
      // Hosts that are down are tried for a while; the next task does not wait for that.
      void this.#deps.dispatcher.endAll(record);
    }
  }

  /** Undefined when the task was cancelled meanwhile. */
  async #prepare(): Promise<PreparedSource | undefined> {
    const { signal } = this.#over;
    try {
      const source = await this.#deps.catalog.prepare(this.record.dispatchFiles, { signal });
      if (!signal.aborted) return source;
      await source.close();
      return undefined;
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
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
