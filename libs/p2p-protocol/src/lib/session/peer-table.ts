/**
 * The connected peers of one task: those that we dialled, our sources, and those that dialled us. Only
 * visitors count against the bound, so that they cannot crowd out the sources.
 */
import type { PeerId } from './events.ts';
import type { PeerState } from './peer-state.ts';

export class PeerTable {
  readonly #maxVisitors: number;
  readonly #byId = new Map<PeerId, PeerState>();
  #sourceCount = 0;

  constructor(maxVisitors: number) {
    this.#maxVisitors = maxVisitors;
  }

  get size(): number {
    return this.#byId.size;
  }

  get sourceCount(): number {
    return this.#sourceCount;
  }

  /** More have dialled us than we take. */
  get isOvercrowded(): boolean {
    return this.#byId.size - this.#sourceCount > this.#maxVisitors;
  }

  get(id: PeerId): PeerState | undefined {
    return this.#byId.get(id);
  }

  values(): IterableIterator<PeerState> {
    return this.#byId.values();
  }

  sourceAt(address: string): PeerState | undefined {
    return [...this.#byId.values()].find(({ source }) => source?.address === address);
  }

  add(peer: PeerState): void {
    this.#byId.set(peer.id, peer);
    if (peer.source) this.#sourceCount += 1;
  }

  /** @returns false when it was gone already */
  remove(peer: PeerState): boolean {
    if (!this.#byId.delete(peer.id)) return false;
    if (peer.source) this.#sourceCount -= 1;
    return true;
  }

  clear(): void {
    this.#byId.clear();
    this.#sourceCount = 0;
  }
}
