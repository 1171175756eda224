/** Collects what a decoder says, with the data of every block. */
import type { FrameSink } from '../src/lib/codec/frame-decoder.ts';
import type { BlockRef, ControlMessage } from '../src/lib/codec/messages.ts';
import type { ProtocolErrorCode } from '../src/lib/errors.ts';

export type Decoded = ControlMessage | ({ readonly type: 'piece'; data: Uint8Array } & BlockRef);

export class RecordingSink implements FrameSink {
  readonly decoded: Decoded[] = [];
  readonly violations: ProtocolErrorCode[] = [];
  /** Bytes that blocks asked room for. */
  allocatedBytes = 0;
  #target = new Uint8Array(0);

  message(message: ControlMessage): void {
    this.decoded.push(message);
  }

  blockStarts(block: BlockRef): Uint8Array | undefined {
    this.#target = new Uint8Array(block.length);
    this.allocatedBytes += block.length;
    return this.#target;
  }

  blockEnds({ piece, begin, length }: BlockRef): void {
    this.decoded.push({ type: 'piece', piece, begin, length, data: this.#target });
  }

  violation(code: ProtocolErrorCode): void {
    this.violations.push(code);
  }
}
