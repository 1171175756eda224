/** A set of piece indices in wire order: the high bit of byte 0 is piece 0, spare bits are 0. */
export class Bitfield {
  /** Number of pieces, set or not. */
  readonly length: number;
  readonly #bytes: Uint8Array;
  /** The same memory, four bytes at a time: sets are compared at every request. */
  readonly #words: Int32Array;
  #count: number;

  private constructor(bytes: Uint8Array, length: number) {
    this.length = length;
    const words = new Int32Array(Math.ceil(bytes.length / 4));
    this.#words = words;
    this.#bytes = new Uint8Array(words.buffer, 0, bytes.length);
    this.#bytes.set(bytes);
    this.#count = countBits(bytes);
  }

  static empty(length: number): Bitfield {
    return new Bitfield(new Uint8Array(Math.ceil(length / 8)), length);
  }

  static full(length: number): Bitfield {
    const bytes = new Uint8Array(Math.ceil(length / 8)).fill(0xff);
    const spareBits = bytes.length * 8 - length;
    if (spareBits > 0) bytes[bytes.length - 1] = (0xff << spareBits) & 0xff;
    return new Bitfield(bytes, length);
  }

  /** @returns undefined when the byte count is wrong or a spare bit is set */
  static fromBytes(bytes: Uint8Array, length: number): Bitfield | undefined {
    if (bytes.length !== Math.ceil(length / 8)) return undefined;
    const spareBits = bytes.length * 8 - length;
    if (spareBits > 0 && (bytes[bytes.length - 1]! & ((1 << spareBits) - 1)) !== 0) {
      return undefined;
    }
    return new Bitfield(bytes, length);
  }

  /** Number of pieces in the set. */
  get count(): number {
    return this.#count;
  }

  isFull(): boolean {
    return this.#count === this.length;
  }

  has(piece: number): boolean {
    return (this.#bytes[piece >>> 3]! & (0x80 >>> (piece & 7))) !== 0;
  }

  add(piece: number): void {
    if (this.has(piece)) return;
    this.#bytes[piece >>> 3]! |= 0x80 >>> (piece & 7);
    this.#count += 1;
  }

  delete(piece: number): void {
    if (!this.has(piece)) return;
    this.#bytes[piece >>> 3]! &= ~(0x80 >>> (piece & 7));
    this.#count -= 1;
  }

  /** A copy in wire form. */
  toBytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  copy(): Bitfield {
    return new Bitfield(this.#bytes, this.length);
  }

  /** The pieces that are not in this set. */
  complement(): Bitfield {
    const rest = Bitfield.full(this.length);
    for (let piece = 0; piece < this.length; piece++) if (this.has(piece)) rest.delete(piece);
    return rest;
  }

  /** The pieces in the set, lowest first. */
  *pieces(): Generator<number> {
    for (let index = 0; index < this.#bytes.length; index++) {
      for (let rest = this.#bytes[index]!; rest !== 0;) {
        const bit = Math.clz32(rest) - 24;
        yield index * 8 + bit;
        rest &= ~(0x80 >>> bit);
      }
    }
  }

  /**
   * Up to `limit` pieces that are in both sets, searched from `start` on and around the end, so that
   * a random start gives a random sample.
   */
  sampleCommon(other: Bitfield, start: number, limit: number): number[] {
    const found: number[] = [];
    const { length } = this.#words;
    const first = length === 0 ? 0 : (start >>> 5) % length;
    for (let step = 0; step < length && found.length < limit; step++) {
      const word = (first + step) % length;
      if ((this.#words[word]! & other.#words[word]!) !== 0) {
        this.#collectCommon(other, word, limit, found);
      }
    }
    return found;
  }

  /** Adds what both sets have in one word. */
  #collectCommon(other: Bitfield, word: number, limit: number, found: number[]): void {
    const end = Math.min(4 * word + 4, this.#bytes.length);
    for (let index = 4 * word; index < end; index++) {
      let both = this.#bytes[index]! & other.#bytes[index]!;
      for (; both !== 0 && found.length < limit; both &= ~(0x80 >>> (Math.clz32(both) - 24))) {
        found.push(index * 8 + Math.clz32(both) - 24);
      }
    }
  }

  /** Whether some piece is in both sets. */
  hasCommon(other: Bitfield): boolean {
    return this.#firstCommonWord(other) !== undefined;
  }

  /** The lowest piece in both sets, or undefined. */
  firstCommon(other: Bitfield): number | undefined {
    const word = this.#firstCommonWord(other);
    if (word === undefined) return undefined;
    const found: number[] = [];
    this.#collectCommon(other, word, 1, found);
    return found[0];
  }

  #firstCommonWord(other: Bitfield): number | undefined {
    const { length } = this.#words;
    for (let word = 0; word < length; word++) {
      if ((this.#words[word]! & other.#words[word]!) !== 0) return word;
    }
    return undefined;
  }
}

function countBits(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) count += bitsOf(byte);
  return count;
}

function bitsOf(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
