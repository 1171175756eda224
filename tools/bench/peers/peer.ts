/**
 * What every peer of the benchmark does: get ready, start, say when it is done. The clock runs from
 * `start` until `waitUntilDone` resolves. Ending is no peer's business: after that moment every process
 * of the lab is killed at once, so what a peer called done is what is checked, and nothing it does
 * later counts.
 */
import type { HostProcess, HostProcessOptions } from '../network/host-process.ts';
import type { ResumeReading } from '../report/resume-figures.ts';
import type { EventLoopLag } from '../report/run-result.ts';
import type { Workload } from '../workloads.ts';

/** A lab as a peer sees it: hosts by number, the source is 0. */
export interface RunSite {
  readonly workload: Workload;
  /** Every receiver. */
  readonly hosts: readonly number[];
  /** Those that "done" waits for. */
  readonly healthy: readonly number[];
  /** For configurations; removed with the run. */
  readonly folder: string;
  /** The file to be moved, called `FILE_NAME`, alone in its folder. */
  readonly sourcePath: string;
  /** Built services of this repository: `server/main.js` and `agent/main.js`. */
  readonly distFolder: string;
  addressOf(host: number): string;
  /** Where the host's file has to land, as `FILE_NAME`; exists and is empty. */
  outputFolder(host: number): string;
  /** Starts a process on a host; `name` is that of its log. */
  spawn(
    host: number,
    name: string,
    command: readonly string[],
    options?: HostProcessOptions,
  ): HostProcess;
  /** Runs a short command of the set-up on a host. */
  execute(host: number, command: readonly string[]): Promise<string>;
}

export const FILE_NAME = 'blob';

/** What a peer knows better than the one who watches it. */
export interface DoneReport {
  /** From the dispatch, where the peer's own clock is nearer to it. */
  readonly makespanSeconds?: number;
  /** Payload that the source says it sent. */
  readonly sourceSentBytes?: number;
  /** Of the worst healthy receiver, where they measure it. */
  readonly lag?: EventLoopLag;
  /** Where the workload restarts a receiver. */
  readonly resume?: ResumeReading;
}

export interface Peer {
  /** All that may happen before the clock: daemons, receivers that wait for the word. */
  prepare(): Promise<void>;
  /** The dispatch; the clock starts here. */
  start(): void;
  /** Resolves when every healthy host holds the file. */
  waitUntilDone(): Promise<DoneReport>;
  /** Long-lived receivers, for their memory. */
  readonly receivers?: readonly HostProcess[];
  /** Long-lived process at the source, for its memory. */
  readonly source?: HostProcess | undefined;
}

export interface PeerKind {
  readonly name: string;
  /** One line for the reader of the table: what it is and what it verifies. */
  readonly what: string;
  /** What is not installed; undefined when it can run. */
  findMissing(): Promise<string | undefined>;
  /** Why this workload says nothing about this peer; undefined when it does. */
  refusal?(workload: Workload): string | undefined;
  create(site: RunSite): Peer;
}
