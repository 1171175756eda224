/**
 * Collects one message of the v2 handshake from whatever segments come. The message's shape says how
 * many bytes are needed before it can say more, so not one byte beyond the declared and capped length
 * is kept, and what is wrong is told by the first bytes that show it. The result does not depend on
 * where the segments end.
 */

/** Why a v2 handshake is not understood. */
export type HelloErrorCode =
  /** Neither the magic nor a length within bounds: the code of a v1 header that is neither. */
  'P2P_HEADER_TOO_LARGE' | 'P2P_BAD_HELLO' | 'P2P_VERSION_UNSUPPORTED';

export type HelloResult<Value> =
  | { readonly state: 'incomplete' }
  | { readonly state: 'invalid'; readonly code: HelloErrorCode }
  /** `rest`: the bytes of the last segment behind the message, a view of it. */
  | { readonly state: 'complete'; readonly value: Value; readonly rest: Uint8Array };

/** What a reader has to know about a message. */
export interface HelloShape<Value> {
  /** More bytes are never kept. */
  readonly maxBytes: number;
  /**
   * Bytes needed from the message's first one on: exactly as many as there are once it is whole.
   * @param start what is there of it
   */
  neededBytes(start: Uint8Array): number | HelloErrorCode;
  /** @param bytes the whole message; the value must not keep a view of it */
  decode(bytes: Uint8Array): Value | HelloErrorCode;
}

export class MessageReader<Value extends object> {
  readonly #shape: HelloShape<Value>;
  readonly #bytes: Uint8Array;
  #filled = 0;

  constructor(shape: HelloShape<Value>) {
    this.#shape = shape;
    this.#bytes = new Uint8Array(shape.maxBytes);
  }

  push(chunk: Uint8Array): HelloResult<Value> {
    let used = 0;
    for (;;) {
      const start = this.#bytes.subarray(0, this.#filled);
      const needed = this.#shape.neededBytes(start);
      if (typeof needed === 'string') return { state: 'invalid', code: needed };
      if (needed === this.#filled) return this.#decode(start, chunk.subarray(used));
      const part = chunk.subarray(used, used + needed - this.#filled);
      if (part.length === 0) return { state: 'incomplete' };
      this.#bytes.set(part, this.#filled);
      this.#filled += part.length;
      used += part.length;
    }
  }

  #decode(bytes: Uint8Array, rest: Uint8Array): HelloResult<Value> {
    const value = this.#shape.decode(bytes);
    return typeof value === 'string'
      ? { state: 'invalid', code: value }
      : { state: 'complete', value, rest };
  }
}
