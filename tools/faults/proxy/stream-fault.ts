/**
 * What a bad network or a bad peer does to the bytes of one direction of one connection. Pure: it is
 * given chunks and says what goes out instead, so that any segmentation gives the same result.
 */
import { type SeededChoice } from '../seeded-choice.ts';

export type StreamFault =
  | { readonly kind: 'none' }
  /** Each chunk waits. */
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** One bit of every so many bytes is turned, at a place that the seed chooses. */
  | { readonly kind: 'flip'; readonly everyBytes: number }
  /** The connection ends after so many bytes: in order (FIN), or by a reset. */
  | { readonly kind: 'cut'; readonly afterBytes: number; readonly isReset: boolean }
  /** So many bytes are missing at one place; what follows moves up. */
  | { readonly kind: 'drop'; readonly atByte: number; readonly byteCount: number }
  /** Accepted and swallowed: nothing comes out, nothing ends. */
  | { readonly kind: 'silence' }
  /** One byte at a time, with a pause after each. */
  | { readonly kind: 'trickle'; readonly pauseMs: number };

export const NO_FAULT: StreamFault = { kind: 'none' };

/** What goes out for a chunk. */
export interface Distorted {
  readonly parts: readonly Buffer[];
  /** Wait before each part, ms. */
  readonly pauseMs: number;
  /** The connection ends after the parts. */
  readonly end?: 'fin' | 'reset';
}

export class StreamDistortion {
  readonly #fault: StreamFault;
  readonly #choice: SeededChoice;
  /** Bytes that came in before this chunk. */
  #offset = 0;
  #nextFlip = 0;

  constructor(fault: StreamFault, choice: SeededChoice) {
    this.#fault = fault;
    this.#choice = choice;
    if (fault.kind === 'flip') this.#nextFlip = choice.between(0, fault.everyBytes - 1);
  }

  push(chunk: Buffer): Distorted {
    const start = this.#offset;
    this.#offset += chunk.length;
    const fault = this.#fault;
    switch (fault.kind) {
      case 'none':
        return { parts: [chunk], pauseMs: 0 };
      case 'delay':
        return { parts: [chunk], pauseMs: fault.delayMs };
      case 'silence':
        return { parts: [], pauseMs: 0 };
      case 'trickle':
        return { parts: [...chunk].map((byte) => Buffer.of(byte)), pauseMs: fault.pauseMs };
      case 'flip':
        return { parts: [this.#flipped(chunk, start, fault.everyBytes)], pauseMs: 0 };
      case 'cut':
        return cut(chunk, start, fault);
      case 'drop':
        return { parts: [without(chunk, start, fault)], pauseMs: 0 };
    }
  }

  #flipped(chunk: Buffer, start: number, everyBytes: number): Buffer {
    const copy = Buffer.from(chunk);
    while (this.#nextFlip < start + chunk.length) {
      const at = this.#nextFlip - start;
      copy[at] = (copy[at] ?? 0) ^ (1 << this.#choice.between(0, 7));
      const section = Math.floor(this.#nextFlip / everyBytes) + 1;
      this.#nextFlip = section * everyBytes + this.#choice.between(0, everyBytes - 1);
    }
    return copy;
  }
}

function cut(
  chunk: Buffer,
  start: number,
  { afterBytes, isReset }: { afterBytes: number; isReset: boolean },
): Distorted {
  if (start + chunk.length < afterBytes) return { parts: [chunk], pauseMs: 0 };
  const kept = chunk.subarray(0, Math.max(0, afterBytes - start));
  return { parts: [kept], pauseMs: 0, end: isReset ? 'reset' : 'fin' };
}

function without(
  chunk: Buffer,
  start: number,
  { atByte, byteCount }: { atByte: number; byteCount: number },
): Buffer {
  const from = Math.min(Math.max(atByte - start, 0), chunk.length);
  const to = Math.min(Math.max(atByte + byteCount - start, 0), chunk.length);
  return Buffer.concat([chunk.subarray(0, from), chunk.subarray(to)]);
}
