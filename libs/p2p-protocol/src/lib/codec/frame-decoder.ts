/**
 * Turns the byte stream of one peer into control messages and block payloads, at any segmentation.
 * A declared length is checked against the task's own sizes before one byte of it is kept, and
 * payload is written straight to where the sink wants it: the decoder itself never holds more than
 * one control message. After a violation it ignores everything.
 */
import type { ProtocolErrorCode } from '../errors.ts';
import { MAX_HAVE_MANY } from '../limits/limits.ts';
import {
  FIRST_SKIPPABLE_ID,
  GOODBYE_LENGTH,
  LENGTH_PREFIX_BYTES,
  MESSAGE_ID,
  ONE_PIECE_LENGTH,
  PIECE_HEADER_BYTES,
  PIECE_INDEX_BYTES,
  PIECE_LENGTH_OVERHEAD,
  REQUEST_LENGTH,
  type BlockRef,
  type ControlMessage,
  type WireVersion,
} from './messages.ts';

export interface FrameSink {
  message(message: ControlMessage): void;
  /** A block's data follows. @returns where it goes (exactly `length` bytes), or undefined to skip */
  blockStarts(block: BlockRef): Uint8Array | undefined;
  blockEnds(block: BlockRef): void;
  violation(code: ProtocolErrorCode): void;
}

export interface FrameLimits {
  /** @default 1 */
  readonly wire?: WireVersion;
  readonly pieceCount: number;
  /** Longest data of a PIECE frame. */
  readonly maxBlockBytes: number;
}

const ID_OFFSET = LENGTH_PREFIX_BYTES;
const BODY_OFFSET = LENGTH_PREFIX_BYTES + 1;

/** Longest control message whose length does not depend on the task: REQUEST, or HAVE_MANY. */
const LONGEST_CONTROL: Readonly<Record<WireVersion, number>> = {
  1: REQUEST_LENGTH,
  2: 1 + PIECE_INDEX_BYTES * MAX_HAVE_MANY,
};

export class FrameDecoder {
  readonly #sink: FrameSink;
  readonly #wire: WireVersion;
  readonly #maxBlockBytes: number;
  readonly #bitfieldLength: number;
  /** The frame under construction, data excluded. */
  readonly #frame: Uint8Array;
  readonly #view: DataView;
  #filled = 0;
  /** Bytes of #frame needed before the next decision. */
  #needed = LENGTH_PREFIX_BYTES;
  /** Bytes of a message that we do not know and that are still to come. */
  #skipBytes = 0;
  #block: BlockRef | undefined;
  #target: Uint8Array | undefined;
  #blockFilled = 0;
  #dead = false;

  constructor(limits: FrameLimits, sink: FrameSink) {
    this.#sink = sink;
    this.#wire = limits.wire ?? 1;
    this.#maxBlockBytes = limits.maxBlockBytes;
    this.#bitfieldLength = 1 + Math.ceil(limits.pieceCount / 8);
    const longest = Math.max(this.#bitfieldLength, LONGEST_CONTROL[this.#wire]);
    this.#frame = new Uint8Array(LENGTH_PREFIX_BYTES + longest);
    this.#view = new DataView(this.#frame.buffer);
  }

  /** Feeds received bytes; they may be reused as soon as this returns. */
  push(chunk: Uint8Array): void {
    let offset = 0;
    while (offset < chunk.length && !this.#dead) {
      if (this.#skipBytes > 0) offset += this.#skip(chunk.length - offset);
      else if (this.#block) offset += this.#takeData(chunk, offset);
      else offset += this.#takeFrame(chunk, offset);
    }
  }

  /** Where the rest of the current block goes, so that it can be read there without a copy. */
  get dataTarget(): Uint8Array | undefined {
    return this.#dead ? undefined : this.#target?.subarray(this.#blockFilled);
  }

  /** `byteCount` bytes were put at the start of `dataTarget`; late bytes after a stop are ignored. */
  dataFilled(byteCount: number): void {
    if (this.#dead) return;
    this.#blockFilled += byteCount;
    this.#endBlockWhenFull();
  }

  /** Skips the rest of the block under way, if it goes into this memory. @returns whether it does */
  dropData({ buffer }: Uint8Array): boolean {
    if (this.#target?.buffer !== buffer) return false;
    this.#target = undefined;
    return true;
  }

  #skip(byteCount: number): number {
    const skipped = Math.min(byteCount, this.#skipBytes);
    this.#skipBytes -= skipped;
    return skipped;
  }

  #takeData(chunk: Uint8Array, offset: number): number {
    const block = this.#block!;
    const take = Math.min(chunk.length - offset, block.length - this.#blockFilled);
    this.#target?.set(chunk.subarray(offset, offset + take), this.#blockFilled);
    this.#blockFilled += take;
    this.#endBlockWhenFull();
    return take;
  }

  #endBlockWhenFull(): void {
    const block = this.#block!;
    if (this.#blockFilled < block.length) return;
    const wanted = this.#target !== undefined;
    this.#block = undefined;
    this.#target = undefined;
    if (wanted) this.#sink.blockEnds(block);
  }

  #takeFrame(chunk: Uint8Array, offset: number): number {
    const take = Math.min(chunk.length - offset, this.#needed - this.#filled);
    for (let index = 0; index < take; index++) {
      this.#frame[this.#filled + index] = chunk[offset + index]!;
    }
    this.#filled += take;
    if (this.#filled === this.#needed) this.#advance();
    return take;
  }

  /** #needed bytes are there: decide what the frame is, or finish it. */
  #advance(): void {
    const length = this.#view.getUint32(0);
    if (this.#filled === LENGTH_PREFIX_BYTES) {
      if (length === 0) this.#startNextFrame();
      else if (length > this.#longestFrame()) this.#fail('P2P_FRAME_TOO_LARGE');
      else this.#needed = BODY_OFFSET;
    } else if (this.#filled === BODY_OFFSET) {
      this.#readId(length, this.#frame[ID_OFFSET]!);
    } else {
      this.#finish(length);
    }
  }

  #longestFrame(): number {
    const longestControl = this.#frame.length - LENGTH_PREFIX_BYTES;
    return Math.max(longestControl, PIECE_LENGTH_OVERHEAD + this.#maxBlockBytes);
  }

  #readId(length: number, id: number): void {
    if (this.#isSkippable(id)) {
      this.#skipBytes = length - 1;
      this.#startNextFrame();
      return;
    }
    const problem = this.#lengthProblem(length, id);
    if (problem) return this.#fail(problem);
    this.#needed = id === MESSAGE_ID.piece ? PIECE_HEADER_BYTES : LENGTH_PREFIX_BYTES + length;
    if (this.#needed === this.#filled) this.#finish(length); // the bitfield of no pieces
  }

  #isSkippable(id: number): boolean {
    return this.#wire === 2 && id >= FIRST_SKIPPABLE_ID && id > MESSAGE_ID.goodbye;
  }

  #lengthProblem(length: number, id: number): ProtocolErrorCode | undefined {
    const isLegal = this.#isLegalLength(length, id);
    if (isLegal === undefined) return 'P2P_UNKNOWN_MESSAGE';
    return isLegal ? undefined : 'P2P_BAD_LENGTH';
  }

  /** @returns undefined for a message that this wire version does not have */
  #isLegalLength(length: number, id: number): boolean | undefined {
    if (this.#wire === 1 && id >= FIRST_SKIPPABLE_ID) return undefined;
    switch (id) {
      case MESSAGE_ID.have:
      case MESSAGE_ID.reject:
      case MESSAGE_ID.cancel:
        return length === ONE_PIECE_LENGTH;
      case MESSAGE_ID.bitfield:
        return length === this.#bitfieldLength;
      case MESSAGE_ID.request:
        return length === REQUEST_LENGTH;
      case MESSAGE_ID.piece:
        return (
          length > PIECE_LENGTH_OVERHEAD && length <= PIECE_LENGTH_OVERHEAD + this.#maxBlockBytes
        );
      case MESSAGE_ID.haveMany:
        return length > 1 && length <= LONGEST_CONTROL[2] && (length - 1) % PIECE_INDEX_BYTES === 0;
      case MESSAGE_ID.goodbye:
        return length === GOODBYE_LENGTH;
      default:
        return undefined;
    }
  }

  #finish(length: number): void {
    const id = this.#frame[ID_OFFSET]!;
    this.#startNextFrame();
    if (id === MESSAGE_ID.piece) {
      const dataBytes = length - PIECE_LENGTH_OVERHEAD;
      this.#startBlock({ piece: this.#word(0), begin: this.#word(1), length: dataBytes });
    } else {
      this.#sink.message(this.#message(id, length));
    }
  }

  #message(id: number, length: number): ControlMessage {
    switch (id) {
      case MESSAGE_ID.have:
        return { type: 'have', piece: this.#word(0) };
      case MESSAGE_ID.reject:
        return { type: 'reject', piece: this.#word(0) };
      case MESSAGE_ID.cancel:
        return { type: 'cancel', piece: this.#word(0) };
      case MESSAGE_ID.request:
        return {
          type: 'request',
          piece: this.#word(0),
          begin: this.#word(1),
          length: this.#word(2),
        };
      case MESSAGE_ID.goodbye:
        return { type: 'goodbye', reason: this.#frame[BODY_OFFSET]! };
      case MESSAGE_ID.haveMany: {
        const count = (length - 1) / PIECE_INDEX_BYTES;
        return {
          type: 'haveMany',
          pieces: Array.from({ length: count }, (_, at) => this.#word(at)),
        };
      }
      default: {
        const bytes = this.#frame.slice(BODY_OFFSET, LENGTH_PREFIX_BYTES + length);
        return { type: 'bitfield', bytes };
      }
    }
  }

  #word(index: number): number {
    return this.#view.getUint32(BODY_OFFSET + PIECE_INDEX_BYTES * index);
  }

  #startBlock(block: BlockRef): void {
    this.#block = block;
    this.#blockFilled = 0;
    this.#target = this.#sink.blockStarts(block);
  }

  #startNextFrame(): void {
    this.#filled = 0;
    this.#needed = LENGTH_PREFIX_BYTES;
  }

  #fail(code: ProtocolErrorCode): void {
    this.stop();
    this.#sink.violation(code);
  }

  /** Ignores everything from now on; the connection is being closed. */
  stop(): void {
    this.#dead = true;
    this.#block = undefined;
    this.#target = undefined;
  }
}
