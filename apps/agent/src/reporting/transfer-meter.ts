/**
 * What a report says of the transfer beside its progress: the rate and the wait for the disk since the
 * report before, and who gave and who spoilt most until now. Stays small whatever the task.
 */
import type { TransferMeasures } from '@gofd/p2p-driver';
import { MAX_REPORTED_BAD_PEERS, MAX_REPORTED_SOURCES, type HostMeasures } from '@gofd/task-model';

/** Less time than this between two reports gives no rate. */
export const MIN_METERED_MS = 100;

/** A session as far as it is measured. */
export interface MeteredSession {
  readonly storedBytes: number;
  readonly measures: TransferMeasures;
}

interface Reading {
  readonly atMs: number;
  readonly storedBytes: number;
  readonly diskWaitMs: number;
}

export class TransferMeter {
  readonly #session: MeteredSession;
  readonly #downloadLimitBytesPerSecond: number | undefined;
  #last: Reading | undefined;

  /** @param downloadLimitBytesPerSecond of the host; Infinity where there is none */
  constructor(session: MeteredSession, downloadLimitBytesPerSecond = Infinity) {
    this.#session = session;
    this.#downloadLimitBytesPerSecond = Number.isFinite(downloadLimitBytesPerSecond)
      ? Math.max(1, Math.round(downloadLimitBytesPerSecond))
      : undefined;
  }

  /** @param nowMs monotonic */
  read(nowMs: number): HostMeasures {
    const { storedBytes, measures } = this.#session;
    const limit = this.#downloadLimitBytesPerSecond;
    const bad = measures.topBadPeers(MAX_REPORTED_BAD_PEERS);
    return {
      ...this.#sinceLast({ atMs: nowMs, storedBytes, diskWaitMs: measures.diskWaitMs(nowMs) }),
      sources: measures
        .topSources(MAX_REPORTED_SOURCES)
        .map(({ address, count }) => ({ address, bytes: count })),
      ...(limit !== undefined && { downloadLimitBytesPerSecond: limit }),
      retries: measures.retries,
      ...(bad.length > 0 && {
        badPieces: bad.map(({ address, count }) => ({ address, pieces: count })),
      }),
    };
  }

  #sinceLast(now: Reading): Pick<HostMeasures, 'bytesPerSecond' | 'diskWaitShare'> {
    const last = this.#last;
    if (last && now.atMs - last.atMs < MIN_METERED_MS) return {};
    this.#last = now;
    if (!last) return {};
    const seconds = (now.atMs - last.atMs) / 1_000;
    const waitedShare = (now.diskWaitMs - last.diskWaitMs) / (now.atMs - last.atMs);
    return {
      bytesPerSecond: Math.max(0, Math.round((now.storedBytes - last.storedBytes) / seconds)),
      diskWaitShare: Math.min(1, Math.max(0, Math.round(waitedShare * 100) / 100)),
    };
  }
}
