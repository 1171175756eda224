/**
 * One host of a task as lists and event streams show it, and what a host says of its own transfer. All of
 * it is bounded: a report stays below 4 KiB whatever the task.
 */
import type { HostStatus } from './task-status.ts';

/** Sources that a report names: those that gave most. */
export const MAX_REPORTED_SOURCES = 4;
/** Peers that a report blames for bad pieces: those with most. */
export const MAX_REPORTED_BAD_PEERS = 4;

/** Bytes that came from one source. */
export interface SourceShare {
  /** Data address, host:port. */
  readonly address: string;
  readonly bytes: number;
}

/** Pieces of one source that did not match their hash. */
export interface BadPieces {
  readonly address: string;
  readonly pieces: number;
}

/** What a host measured of its own transfer; every part may be missing. */
export interface HostMeasures {
  /** Verified bytes a second, lately. */
  readonly bytesPerSecond?: number;
  /** At most MAX_REPORTED_SOURCES, the greatest first. */
  readonly sources?: readonly SourceShare[];
  /** 0..1 of the time: reading from peers stood still because the disk was behind. */
  readonly diskWaitShare?: number;
  /** Download limit of the host itself, bytes a second. */
  readonly downloadLimitBytesPerSecond?: number;
  /** Connections to sources that were lost or given up. */
  readonly retries?: number;
  /** At most MAX_REPORTED_BAD_PEERS, the worst first. */
  readonly badPieces?: readonly BadPieces[];
}

/** One host of a task: GET /api/v1/server/tasks/:id/hosts and the `hosts` events. */
export interface HostRow {
  /** As given in destIPs. */
  readonly host: string;
  readonly status: HostStatus;
  readonly percentComplete: number;
  readonly code?: string;
  readonly message?: string;
  /** Why it is late or failed, in plain words, from what was measured. */
  readonly explanation?: string;
  readonly attempt: number;
  readonly bytesPerSecond?: number;
  readonly zone?: string;
  /** Who feeds it: a host of the task, `server`, or an address that is neither. */
  readonly sources?: readonly { readonly host: string; readonly bytes: number }[];
  /** When something of this row changed last. */
  readonly updatedAt: string;
}

/** Answer of GET /api/v1/server/tasks/:id/hosts. */
export interface HostPage {
  readonly hosts: readonly HostRow[];
  /** Goes on from here as `after`; absent on the last page. */
  readonly next?: string;
}
