/** What a simulated transfer has shown. */

/** Times of completion over the bound of those hosts, the size over the rate of their link. */
export interface Ratios {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export interface TransferResult {
  /** Size over the rate of a link: no transfer to several hosts is sooner done. */
  readonly boundMs: number;
  /** Of the agents with an ordinary link that were not killed; undefined without any. */
  readonly healthy: Ratios | undefined;
  /** Of the slow ones, over their own bound. */
  readonly slow: Ratios | undefined;
  readonly killed: number;
  /** Neither complete nor killed: a fault of the algorithm. */
  readonly incomplete: number;
  /** Bytes of blocks that the server sent, over the size. */
  readonly serverEgress: number;
  /** Bytes that were asked of two sources at once, over all that was to be delivered. */
  readonly duplicateShare: number;
  /** Messages of the data plane that an agent sent on average, over the size. */
  readonly controlBytesPerAgent: number;
  /** Times that the whole task crossed the border of a rack, on average; undefined without racks. */
  readonly copiesPerRack: number | undefined;
  readonly topology: 'direct' | 'mesh';
  readonly pieceBytes: number;
  readonly blockBytes: number;
  readonly eventCount: number;
  /** Equal for two runs exactly if the same pieces were stored at the same times. */
  readonly traceHash: string;
}

/** @returns undefined when there are none */
export function ratiosOf(completedAtMs: readonly number[], boundMs: number): Ratios | undefined {
  if (completedAtMs.length === 0) return undefined;
  const sorted = completedAtMs.map((atMs) => atMs / boundMs).sort((a, b) => a - b);
  const quantile = (share: number): number => {
    const rank = Math.max(1, Math.ceil(share * sorted.length));
    return sorted[rank - 1] ?? Number.NaN;
  };
  return {
    count: sorted.length,
    p50: quantile(0.5),
    p99: quantile(0.99),
    p999: quantile(0.999),
    max: quantile(1),
  };
}
