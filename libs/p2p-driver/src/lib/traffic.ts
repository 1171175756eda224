/**
 * What the data port of one process has moved and refused since it started: plain numbers that only
 * grow. Who shows them to whom is no business of the data plane, and no metrics library comes in here.
 */
import type { ProtocolErrorCode } from '@gofd/p2p-protocol';
import type { RefusalCode } from './handshake.port.ts';

/** Where content came from. */
export type SourceKind = 'server' | 'agents';

/** What a session counts of itself, and keeps after it has ended. */
export interface SessionTotals {
  readonly duplicateBytes: number;
  readonly outsideBytes: number;
}

export class Traffic {
  /** Block data that peers have taken, bytes. */
  sentBytes = 0;
  /** Block data that came in, bytes, whether or not it verified. */
  readonly receivedBytes: Record<SourceKind, number> = { server: 0, agents: 0 };
  /** Blocks that were sent from memory. */
  cacheHits = 0;
  /** Blocks for which a piece had to be read from disk first. */
  cacheMisses = 0;
  /** Pieces whose digest was wrong. */
  rejectedPieces = 0;
  readonly #closed = new Map<ProtocolErrorCode | RefusalCode, number>();
  readonly #running = new Set<SessionTotals>();
  readonly #ended = { duplicateBytes: 0, outsideBytes: 0 };
  #onPieceStored: (latencyMs: number) => void = () => undefined;

  /** Bytes that were asked of two sources at once. */
  get duplicateBytes(): number {
    return this.#sumOf('duplicateBytes');
  }

  /** Bytes that came across the border of the rack. */
  get outsideBytes(): number {
    return this.#sumOf('outsideBytes');
  }

  /** Connections that we closed or refused, by code; there are as many entries as codes. */
  get closedPeers(): ReadonlyMap<string, number> {
    return this.#closed;
  }

  /** Calls back with the time from asking for a piece until it was verified and written, ms. */
  whenPieceStored(callback: (latencyMs: number) => void): void {
    this.#onPieceStored = callback;
  }

  /** For sessions. */
  pieceStored(latencyMs: number): void {
    this.#onPieceStored(latencyMs);
  }

  /** For sessions and the listener. */
  peerClosed(code: ProtocolErrorCode | RefusalCode): void {
    this.#closed.set(code, (this.#closed.get(code) ?? 0) + 1);
  }

  /** A session begins; its totals count from now on. */
  join(session: SessionTotals): void {
    this.#running.add(session);
  }

  /** A session has ended; its totals stay. */
  leave(session: SessionTotals): void {
    if (!this.#running.delete(session)) return;
    this.#ended.duplicateBytes += session.duplicateBytes;
    this.#ended.outsideBytes += session.outsideBytes;
  }

  #sumOf(key: keyof SessionTotals): number {
    let sum = this.#ended[key];
    for (const session of this.#running) sum += session[key];
    return sum;
  }
}
