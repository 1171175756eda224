/**
 * Turns the byte stream of one peer into control messages and block payloads, at any segmentation.
 * A declared length is checked against the task's own sizes before one byte of it is kept, and
 * payload is written straight to where the sink wants it: the decoder itself never holds more than
 * one control message. After a violation it ignores everything.
 */
import type { ProtocolErrorCode } from '../errors.ts';
import {
  HAVE_LENGTH,
  LENGTH_PREFIX_BYTES,
  MESSAGE_ID,
  PIECE_HEADER_BYTES,
  PIECE_LENGTH_OVERHEAD,
  REQUEST_LENGTH,
  type BlockRef,
  type ControlMessage,
} from './messages.ts';

export interface FrameSink {
  message(message: ControlMessage): void;
  /** A block's data follows. @returns where it goes (exactly `length` bytes), or undefined to skip */
  blockStarts(block: BlockRef): Uint8Array | undefined;
  blockEnds(block: BlockRef): void;
  violation(code: ProtocolErrorCode): void;
}

export interface FrameLimits {
  readonly pieceCount: number;
  /** Longest data of a PIECE frame. */
  readonly maxBlockBytes: number;
}

const ID_OFFSET = LENGTH_PREFIX_BYTES;
const BODY_OFFSET = LENGTH_PREFIX_BYTES + 1;

export class FrameDecoder {
  readonly #sink: FrameSink;
  readonly #maxBlockBytes: number;
  readonly #bitfieldLength: number;
  /** The frame under construction, data excluded. */
  readonly #frame: Uint8Array;
  readonly #view: DataView;
  #filled = 0;
  /** Bytes of #frame needed before the next decision. */
  #needed = LENGTH_PREFIX_BYTES;
  #block: BlockRef | undefined;
  #target: Uint8Array | undefined;
  #blockFilled = 0;
  #dead = false;

  constructor(limits: FrameLimits, sink: FrameSink) {
    this.#sink = sink;
    this.#maxBlockBytes = limits.maxBlockBytes;
    this.#bitfieldLength = 1 + Math.ceil(limits.pieceCount / 8);
    const longest = Math.max(this.#bitfieldLength, REQUEST_LENGTH);
    this.#frame = new Uint8Array(LENGTH_PREFIX_BYTES + longest);
    this.#view = new DataView(this.#frame.buffer);
  }

  /** Feeds received bytes; they may be reused as soon as this returns. */
  push(chunk: Uint8Array): void {
    let offset = 0;
    while (offset < chunk.length && !this.#dead) {
      offset += this.#block ? this.#takeData(chunk, offset) : this.#takeFrame(chunk, offset);
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
    if (!this.#isLegalLength(length, id)) {
      this.#fail(id > MESSAGE_ID.piece ? 'P2P_UNKNOWN_MESSAGE' : 'P2P_BAD_LENGTH');
      return;
    }
    this.#needed = id === MESSAGE_ID.piece ? PIECE_HEADER_BYTES : LENGTH_PREFIX_BYTES + length;
    if (this.#needed === this.#filled) this.#finish(length); // the bitfield of no pieces
  }

  #isLegalLength(length: number, id: number): boolean {
    switch (id) {
      case MESSAGE_ID.have:
        return length === HAVE_LENGTH;
      case MESSAGE_ID.bitfield:
        return length === this.#bitfieldLength;
      case MESSAGE_ID.request:
        return length === REQUEST_LENGTH;
      case MESSAGE_ID.piece:
        return (
          length > PIECE_LENGTH_OVERHEAD && length <= PIECE_LENGTH_OVERHEAD + this.#maxBlockBytes
        );
      default:
        return false;
    }
  }

  #finish(length: number): void {
    const id = this.#frame[ID_OFFSET]!;
    const word = (index: number): number => this.#view.getUint32(BODY_OFFSET + 4 * index);
    this.#startNextFrame();
    if (id === MESSAGE_ID.have) this.#sink.message({ type: 'have', piece: word(0) });
    else if (id === MESSAGE_ID.request) {
      this.#sink.message({ type: 'request', piece: word(0), begin: word(1), length: word(2) });
    } else if (id === MESSAGE_ID.bitfield) {
      const bytes = this.#frame.slice(BODY_OFFSET, LENGTH_PREFIX_BYTES + length);
      this.#sink.message({ type: 'bitfield', bytes });
    } else {
      this.#startBlock({
        piece: word(0),
        begin: word(1),
        length: length - PIECE_LENGTH_OVERHEAD,
      });
    }
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
