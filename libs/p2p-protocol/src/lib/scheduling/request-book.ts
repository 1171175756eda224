/**
 * Which pieces are being fetched, from whom, and which of their blocks are still out. It keeps books
 * and decides nothing. A piece comes whole from one peer, so that a bad one names its sender; at the
 * end of a task the same piece may be asked of a second peer as well. A cancelled request stays in
 * the book, not counted, until its blocks have come or were rejected: they are expected, not wanted.
 */
import type { BlockRef } from '../codec/messages.ts';
import type { PeerId } from '../session/events.ts';
import type { TaskGeometry } from '../session/task-geometry.ts';

const OUTSTANDING = 1;
const ARRIVING = 2;
const RECEIVED = 3;

export interface PieceRequest {
  readonly piece: number;
  readonly peer: PeerId;
  readonly openedAtMs: number;
}

interface BookedRequest extends PieceRequest {
  readonly blocks: Uint8Array;
  missingBlocks: number;
  missingBytes: number;
  isCancelled: boolean;
  /** When the piece was asked for or last gained a block, or became its peer's oldest. */
  progressAtMs: number;
}

/** What one peer was asked for, oldest first. */
interface Account {
  readonly requests: Map<number, BookedRequest>;
  /** The first of them that is not cancelled: asked for far more often than it changes. */
  oldest: BookedRequest | undefined;
  liveCount: number;
  liveBytes: number;
}

/** What becomes of a block that arrives. */
export type Admission = 'wanted' | 'cancelled' | 'unrequested';

export class RequestBook {
  readonly #geometry: TaskGeometry;
  readonly #accounts = new Map<PeerId, Account>();
  /** Peers that each piece is asked of, cancelled requests left out. */
  readonly #askedOf = new Map<number, PeerId[]>();

  constructor(geometry: TaskGeometry) {
    this.#geometry = geometry;
  }

  /** Number of pieces asked of a peer and not complete. */
  countOf(peer: PeerId): number {
    return this.#accounts.get(peer)?.liveCount ?? 0;
  }

  /** Bytes asked of a peer that have not come. */
  bytesOf(peer: PeerId): number {
    return this.#accounts.get(peer)?.liveBytes ?? 0;
  }

  /** The peers that a piece is asked of, first asked first. */
  askedOf(piece: number): readonly PeerId[] {
    return this.#askedOf.get(piece) ?? [];
  }

  /** Whether any piece is being fetched. */
  get isEmpty(): boolean {
    return this.#askedOf.size === 0;
  }

  /** Pieces that are being fetched, the longest known first. */
  pieces(): Iterable<number> {
    return this.#askedOf.keys();
  }

  /** Whether this very piece was asked of the peer and its blocks are not all here, live or not. */
  has(peer: PeerId, piece: number): boolean {
    return this.#accounts.get(peer)?.requests.has(piece) ?? false;
  }

  /** Books a piece and lists its blocks, in order. The peer must not have been asked for it already. */
  open(piece: number, peer: PeerId, nowMs: number): BlockRef[] {
    const blockCount = this.#geometry.blockCount(piece);
    const length = this.#geometry.pieceLength(piece);
    const account = this.#accountOf(peer);
    const request: BookedRequest = {
      piece,
      peer,
      openedAtMs: nowMs,
      blocks: new Uint8Array(blockCount).fill(OUTSTANDING),
      missingBlocks: blockCount,
      missingBytes: length,
      isCancelled: false,
      progressAtMs: nowMs,
    };
    account.requests.set(piece, request);
    account.oldest ??= request;
    account.liveCount += 1;
    account.liveBytes += length;
    const asked = this.#askedOf.get(piece);
    if (asked) asked.push(peer);
    else this.#askedOf.set(piece, [peer]);
    const { blockBytes } = this.#geometry;
    return Array.from({ length: blockCount }, (_, block) => ({
      piece,
      begin: block * blockBytes,
      length: this.#geometry.blockLength(piece, block),
    }));
  }

  /** Whether exactly this block is outstanding with this peer, and still wanted. */
  admit(peer: PeerId, { piece, begin, length }: BlockRef): Admission {
    const request = this.#accounts.get(peer)?.requests.get(piece);
    const block = begin / this.#geometry.blockBytes;
    if (request?.blocks[block] !== OUTSTANDING) return 'unrequested';
    if (length !== this.#geometry.blockLength(piece, block)) return 'unrequested';
    if (!request.isCancelled) {
      request.blocks[block] = ARRIVING;
      return 'wanted';
    }
    request.blocks[block] = RECEIVED;
    request.missingBlocks -= 1;
    if (request.missingBlocks === 0) this.#accountOf(peer).requests.delete(piece);
    return 'cancelled';
  }

  /** Records an admitted block. @returns the request when the piece is complete; it leaves the book */
  receive(
    peer: PeerId,
    { piece, begin, length }: BlockRef,
    nowMs: number,
  ): PieceRequest | undefined {
    const account = this.#accounts.get(peer);
    const request = account?.requests.get(piece);
    const block = begin / this.#geometry.blockBytes;
    if (!account || !request || request.isCancelled || request.blocks[block] !== ARRIVING) {
      return undefined;
    }
    request.blocks[block] = RECEIVED;
    request.missingBlocks -= 1;
    request.missingBytes -= length;
    request.progressAtMs = nowMs;
    account.liveBytes -= length;
    if (request.missingBlocks > 0) return undefined;
    account.requests.delete(piece);
    this.#settle(account, request);
    if (account.oldest) account.oldest.progressAtMs = nowMs;
    return request;
  }

  /** The piece is not wanted of this peer any more. @returns false when it was not asked for */
  cancel(peer: PeerId, piece: number): boolean {
    const account = this.#accounts.get(peer);
    const request = account?.requests.get(piece);
    if (!account || !request || request.isCancelled) return false;
    request.isCancelled = true;
    this.#settle(account, request);
    for (let block = 0; block < request.blocks.length; block++) {
      if (request.blocks[block] !== ARRIVING) continue; // its data is being skipped by now
      request.blocks[block] = RECEIVED;
      request.missingBlocks -= 1;
    }
    if (request.missingBlocks === 0) account.requests.delete(piece);
    return true;
  }

  /** The peer will not send the rest of the piece. @returns true when that piece was still wanted */
  reject(peer: PeerId, piece: number): boolean {
    const account = this.#accounts.get(peer);
    const request = account?.requests.get(piece);
    if (!account || !request) return false;
    account.requests.delete(piece);
    if (request.isCancelled) return false;
    this.#settle(account, request);
    return true;
  }

  /** Drops everything asked of a peer. @returns the pieces that were still wanted, oldest first */
  releasePeer(peer: PeerId): number[] {
    const account = this.#accounts.get(peer);
    if (!account) return [];
    this.#accounts.delete(peer);
    const live = [...account.requests.values()].filter(({ isCancelled }) => !isCancelled);
    for (const request of live) this.#settle(account, request);
    return live.map(({ piece }) => piece);
  }

  /** When the oldest piece of a peer last made progress; undefined when nothing is asked of it. */
  waitingSinceMs(peer: PeerId): number | undefined {
    return this.#accounts.get(peer)?.oldest?.progressAtMs;
  }

  /** Starts the waiting of a peer's oldest piece over. */
  renew(peer: PeerId, nowMs: number): void {
    const oldest = this.#accounts.get(peer)?.oldest;
    if (oldest) oldest.progressAtMs = nowMs;
  }

  /** Pieces that are wanted of a peer, oldest first. */
  piecesOf(peer: PeerId): number[] {
    const requests = [...(this.#accounts.get(peer)?.requests.values() ?? [])];
    return requests.flatMap(({ piece, isCancelled }) => (isCancelled ? [] : [piece]));
  }

  #accountOf(peer: PeerId): Account {
    const known = this.#accounts.get(peer);
    if (known) return known;
    const account: Account = {
      requests: new Map(),
      oldest: undefined,
      liveCount: 0,
      liveBytes: 0,
    };
    this.#accounts.set(peer, account);
    return account;
  }

  /** The request, cancelled or out of the account, counts no longer. */
  #settle(account: Account, request: BookedRequest): void {
    const { piece, peer, missingBytes } = request;
    account.liveCount -= 1;
    account.liveBytes -= missingBytes;
    if (account.oldest === request) account.oldest = oldestLive(account);
    const asked = this.#askedOf.get(piece)?.filter((other) => other !== peer) ?? [];
    if (asked.length > 0) this.#askedOf.set(piece, asked);
    else this.#askedOf.delete(piece);
  }
}

function oldestLive({ requests }: Account): BookedRequest | undefined {
  for (const request of requests.values()) if (!request.isCancelled) return request;
  return undefined;
}
