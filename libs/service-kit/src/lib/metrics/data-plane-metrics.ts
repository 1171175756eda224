/** What the data port moves, as metrics. The data plane itself knows plain counters only. */
import type { ServiceMetrics } from './service-metrics.ts';

/** What is read of a data plane, whoever it belongs to. */
export interface DataPlaneFigures {
  readonly traffic: {
    readonly sentBytes: number;
    readonly receivedBytes: Readonly<Record<string, number>>;
    readonly duplicateBytes: number;
    readonly outsideBytes: number;
    readonly cacheHits: number;
    readonly cacheMisses: number;
    readonly rejectedPieces: number;
    readonly closedPeers: ReadonlyMap<string, number>;
    whenPieceStored(callback: (latencyMs: number) => void): void;
  };
  readonly memory: { readonly allocatedBytes: number; readonly budgetBytes: number };
  readonly streamCount: number;
}

/** From a piece of 256 KiB on a fast link to one of 16 MiB that a limit held back. */
const LATENCY_BUCKETS_SECONDS = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
] as const;
const MS_PER_SECOND = 1_000;

export function describeDataPlane(metrics: ServiceMetrics, plane: DataPlaneFigures): void {
  const { traffic } = plane;
  describeBytes(metrics, traffic);
  metrics.totals(
    {
      name: 'piece_cache_requests_total',
      help: 'Blocks that were sent, by whether their piece was in memory.',
      label: 'result',
    },
    () => ({ hit: traffic.cacheHits, miss: traffic.cacheMisses }),
  );
  metrics.total(
    { name: 'pieces_rejected_total', help: 'Pieces whose digest was wrong.' },
    () => traffic.rejectedPieces,
  );
  metrics.totals(
    {
      name: 'peers_closed_total',
      help: 'Data connections that were closed or refused here, by code.',
      label: 'code',
    },
    () => traffic.closedPeers,
  );
  metrics.gauge(
    { name: 'streams', help: 'Streams of tasks, contents and manifests, that are open.' },
    () => plane.streamCount,
  );
  metrics.gauges(
    { name: 'buffer_bytes', help: 'Memory for pieces: taken, and allowed.', label: 'kind' },
    () => ({ allocated: plane.memory.allocatedBytes, budget: plane.memory.budgetBytes }),
  );
  const observeSeconds = metrics.histogram(
    {
      name: 'piece_latency_seconds',
      help: 'From asking for a piece until it was verified and written.',
    },
    LATENCY_BUCKETS_SECONDS,
  );
  traffic.whenPieceStored((latencyMs) => observeSeconds(latencyMs / MS_PER_SECOND));
}

function describeBytes(metrics: ServiceMetrics, traffic: DataPlaneFigures['traffic']): void {
  metrics.total(
    { name: 'sent_bytes_total', help: 'Payload that peers have taken.' },
    () => traffic.sentBytes,
  );
  metrics.totals(
    {
      name: 'received_bytes_total',
      help: 'Payload that came in, by who sent it, whether or not it verified.',
      label: 'source',
    },
    () => traffic.receivedBytes,
  );
  metrics.total(
    { name: 'duplicate_bytes_total', help: 'Payload that was asked of two sources.' },
    () => traffic.duplicateBytes,
  );
  metrics.total(
    { name: 'outside_bytes_total', help: 'Payload that came across the border of the rack.' },
    () => traffic.outsideBytes,
  );
}
