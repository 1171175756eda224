import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, cutAt } from '../../../test/byte-parts.ts';
import { encodeWelcome, ProofReader, WelcomeReader } from './hello-answers.ts';
import type { HelloResult } from './hello-reader.ts';
import { encodeHello, HelloReader, MAX_HELLO_BYTES, type Hello } from './hello.ts';

interface Reader {
  push(bytes: Uint8Array): HelloResult<object>;
}

type Outcome =
  | { readonly state: 'incomplete' }
  | { readonly state: 'invalid'; readonly code: string }
  /** `unread`: all bytes behind the message, in however many segments they came. */
  | { readonly state: 'complete'; readonly value: object; readonly unread: Uint8Array };

/** Feeds a reader until it has an opinion. */
function read(reader: Reader, parts: readonly Uint8Array[]): Outcome {
  for (const [index, part] of parts.entries()) {
    const result = reader.push(part);
    if (result.state === 'invalid') return result;
    if (result.state === 'complete') {
      const unread = concat(result.rest, ...parts.slice(index + 1));
      return { state: 'complete', value: result.value, unread };
    }
  }
  return { state: 'incomplete' };
}

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const uint32 = fc.nat({ max: 0xffffffff });
const hellos: fc.Arbitrary<Hello> = fc.record({
  features: uint32,
  stream: fc.constantFrom('content', 'manifest'),
  taskId: fc.string({ unit: 'grapheme', maxLength: 20 }),
  agentId: fc.string({ unit: 'grapheme', maxLength: 20 }),
  nonce: bytes32,
});
const places = fc.array(fc.nat({ max: 2 * MAX_HELLO_BYTES }), { maxLength: 8 });
const following = fc.uint8Array({ maxLength: 40 });

function encoded(hello: Hello): Uint8Array {
  const bytes = encodeHello(hello);
  fc.pre(bytes !== undefined);
  return bytes;
}

describe('the messages of the handshake', () => {
  it('HELLO reads as it was written, however it is cut', () => {
    fc.assert(
      fc.property(hellos, following, places, (hello, unread, cuts) => {
        const parts = cutAt(concat(encoded(hello), unread), cuts);
        expect(read(new HelloReader(), parts)).toEqual({ state: 'complete', value: hello, unread });
      }),
    );
  });

  it('WELCOME reads as it was written, however it is cut', () => {
    const welcomes = fc.record({ features: uint32, nonce: bytes32, proof: bytes32 });
    fc.assert(
      fc.property(welcomes, following, places, (value, unread, cuts) => {
        const parts = cutAt(concat(encodeWelcome(value), unread), cuts);
        expect(read(new WelcomeReader(), parts)).toEqual({ state: 'complete', value, unread });
      }),
    );
  });

  it('PROOF reads as it was written, however it is cut', () => {
    fc.assert(
      fc.property(bytes32, following, places, (value, unread, cuts) => {
        const parts = cutAt(concat(value, unread), cuts);
        expect(read(new ProofReader(), parts)).toEqual({ state: 'complete', value, unread });
      }),
    );
  });
});

describe('garbage', () => {
  /** Bytes of any kind; a HELLO with some bytes changed; a good beginning and then anything. */
  const garbage = fc.oneof(
    fc.uint8Array({ maxLength: 2 * MAX_HELLO_BYTES }),
    fc
      .tuple(hellos, fc.array(fc.tuple(fc.nat(100), fc.nat(255)), { minLength: 1, maxLength: 4 }))
      .map(([hello, changes]) => {
        const bytes = encoded(hello);
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        return bytes;
      }),
    fc
      .tuple(fc.nat(MAX_HELLO_BYTES + 10), fc.uint8Array({ maxLength: 2 * MAX_HELLO_BYTES }))
      .map(([length, tail]) =>
        concat(Uint8Array.of(0x47, 0x46, 0x44, 0x32, length >> 8, length & 0xff, 2), tail),
      ),
  );

  it.each<[string, () => Reader]>([
    ['HELLO', () => new HelloReader()],
    ['WELCOME', () => new WelcomeReader()],
    ['PROOF', () => new ProofReader()],
  ])('read as %s never throws, and means the same however it is cut', (_what, createReader) => {
    fc.assert(
      fc.property(garbage, places, (bytes, cuts) => {
        const whole = read(createReader(), [bytes]);
        expect(read(createReader(), cutAt(bytes, cuts))).toEqual(whole);
      }),
      { numRuns: 500 },
    );
  });

  it('of more than a HELLO may have is decided, one way or the other', () => {
    fc.assert(
      fc.property(garbage, (bytes) => {
        const more = concat(bytes, new Uint8Array(MAX_HELLO_BYTES));
        expect(read(new HelloReader(), [more]).state).not.toBe('incomplete');
      }),
      { numRuns: 500 },
    );
  });
});
