/**
 * Counts what one session moves, for itself and for the process. It decides nothing. Times of pieces
 * that were asked for are kept until the piece is stored or dropped, so there are never more of them
 * than requests under way.
 */
import type { ControlMessage, PeerId, ProtocolErrorCode } from '@gofd/p2p-protocol';
import type { SessionTotals, Traffic } from './traffic.ts';

export interface SessionMeterOptions {
  readonly traffic: Traffic;
  readonly nowMs: () => number;
  readonly session: SessionTotals;
  /** The server's data address as it is dialled; what comes from elsewhere comes from agents. */
  readonly serverAddress?: string | undefined;
}

export class SessionMeter {
  readonly #options: SessionMeterOptions;
  readonly #askedAtMs = new Map<string, number>();
  #sentBytes = 0;
  #receivedBytes = 0;

  constructor(options: SessionMeterOptions) {
    this.#options = options;
    options.traffic.join(options.session);
  }

  get sentBytes(): number {
    return this.#sentBytes;
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** Requests that are being timed. */
  get timedCount(): number {
    return this.#askedAtMs.size;
  }

  sent(byteCount: number): void {
    this.#sentBytes += byteCount;
    this.#options.traffic.sentBytes += byteCount;
  }

  /** @param address as it was dialled; sources always are */
  received(address: string | undefined, byteCount: number): void {
    const { traffic, serverAddress } = this.#options;
    const kind = address !== undefined && address === serverAddress ? 'server' : 'agents';
    this.#receivedBytes += byteCount;
    traffic.receivedBytes[kind] += byteCount;
  }

  /** A message leaves; the first request of a piece starts its time. */
  asked(peer: PeerId, message: ControlMessage): void {
    if (message.type !== 'request') return;
    const key = keyOf(peer, message.piece);
    if (!this.#askedAtMs.has(key)) this.#askedAtMs.set(key, this.#options.nowMs());
  }

  dropped(peer: PeerId, piece: number): void {
    this.#askedAtMs.delete(keyOf(peer, piece));
  }

  /** The digest was compared; a piece that is good has been written. */
  checked(peer: PeerId, piece: number, isGood: boolean): void {
    const { traffic, nowMs } = this.#options;
    const askedAtMs = this.#askedAtMs.get(keyOf(peer, piece));
    this.dropped(peer, piece);
    if (!isGood) traffic.rejectedPieces += 1;
    else if (askedAtMs !== undefined) traffic.pieceStored(nowMs() - askedAtMs);
  }

  /** A block is to be sent: from memory, or from disk. */
  lookedUp(isInMemory: boolean): void {
    if (isInMemory) this.#options.traffic.cacheHits += 1;
    else this.#options.traffic.cacheMisses += 1;
  }

  peerClosed(code: ProtocolErrorCode): void {
    this.#options.traffic.peerClosed(code);
  }

  /** The session is over; what it counted stays. */
  end(): void {
    this.#options.traffic.leave(this.#options.session);
    this.#askedAtMs.clear();
  }
}

function keyOf(peer: PeerId, piece: number): string {
  return `${peer}/${piece}`;
}
