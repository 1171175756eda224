/**
 * The missing pieces that are to be asked for. Where the host stands in a rack, only some of them may be
 * fetched from outside: those whose entry it is (planning/rack-entry.ts) and that nobody connected
 * inside has, so that about one copy of each piece crosses the border. A host that has come to a halt
 * takes over from entries that let their time pass: one more in each piece's order at a time.
 */
import { Bitfield } from '../codec/bitfield.ts';
import { entryRank, hashMembers } from '../planning/rack-entry.ts';
import { Availability } from './availability.ts';

/** The hosts that share what crosses their border, and which of them this one is. */
export interface RackPlace {
  /** Addresses, in the same order for all of them. */
  readonly members: readonly string[];
  /** Index of this host in `members`. */
  readonly self: number;
}

interface Border {
  readonly addresses: ReadonlySet<string>;
  readonly memberCount: number;
  /** How many members come before this host in each piece's order. */
  readonly ranks: Uint16Array;
  /** Over the connected sources inside. */
  readonly inside: Availability;
  /** Wanted, ours to fetch, and not to be had inside. */
  readonly across: Bitfield;
  /** Entries that have let their time pass. */
  patience: number;
}

export class WantedPieces {
  readonly all: Bitfield;
  #border: Border | undefined;

  /** @param all taken over */
  constructor(all: Bitfield) {
    this.all = all;
  }

  get count(): number {
    return this.all.count;
  }

  add(piece: number): void {
    this.all.add(piece);
    this.#review(piece);
  }

  delete(piece: number): void {
    this.all.delete(piece);
    this.#border?.across.delete(piece);
  }

  /** What may be asked of a source. */
  of({ isOutside }: { readonly isOutside: boolean }): Bitfield {
    return isOutside && this.#border ? this.#border.across : this.all;
  }

  /** Before any source is counted. @param rack undefined where there is no border */
  setRack(rack: RackPlace | undefined): void {
    this.#border = rack && this.#borderOf(rack);
    for (const piece of this.all.pieces()) this.#review(piece);
  }

  isOutside(address: string): boolean {
    return this.#border !== undefined && !this.#border.addresses.has(address);
  }

  /** Whether this host may fetch a piece from outside if it wants it. */
  mayCross(piece: number): boolean {
    const border = this.#border;
    if (!border) return true;
    return (border.ranks[piece] as number) <= border.patience && border.inside.of(piece) === 0;
  }

  // What sources inside have.

  insideGained(piece: number): void {
    this.#border?.inside.gained(piece);
    this.#border?.across.delete(piece);
  }

  insideLost(piece: number): void {
    this.#border?.inside.lost(piece);
    if (this.all.has(piece)) this.#review(piece);
  }

  insideGainedAll(pieces: Bitfield): void {
    if (this.#border) for (const piece of pieces.pieces()) this.insideGained(piece);
  }

  insideLostAll(pieces: Bitfield): void {
    if (this.#border) for (const piece of pieces.pieces()) this.insideLost(piece);
  }

  // Entries that fail.

  /** Whether `widen` would let this host fetch more. */
  get canWiden(): boolean {
    return this.#border !== undefined && this.#border.patience < this.#border.memberCount;
  }

  /** The next in each piece's order may fetch it as well. */
  widen(): void {
    if (!this.#border) return;
    this.#border.patience += 1;
    for (const piece of this.all.pieces()) this.#review(piece);
  }

  #review(piece: number): void {
    const border = this.#border;
    if (!border) return;
    if (this.mayCross(piece)) border.across.add(piece);
    else border.across.delete(piece);
  }

  #borderOf({ members, self }: RackPlace): Border {
    const pieceCount = this.all.length;
    const hashes = hashMembers(members);
    return {
      addresses: new Set(members),
      memberCount: members.length,
      ranks: Uint16Array.from({ length: pieceCount }, (_, piece) => entryRank(piece, hashes, self)),
      inside: new Availability(pieceCount),
      across: Bitfield.empty(pieceCount),
      patience: 0,
    };
  }
}
