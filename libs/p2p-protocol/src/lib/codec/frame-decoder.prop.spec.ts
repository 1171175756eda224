import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, cutAt } from '../../../test/byte-parts.ts';
import { RecordingSink, type Decoded } from '../../../test/recording-sink.ts';
import { encodeMessage, encodePieceHeader } from './encoder.ts';
import { FrameDecoder } from './frame-decoder.ts';

const PIECE_COUNT = 20;
const MAX_BLOCK_BYTES = 50;
const LIMITS = { pieceCount: PIECE_COUNT, maxBlockBytes: MAX_BLOCK_BYTES };

const word = fc.nat({ max: 0xffff_ffff });
const messages: fc.Arbitrary<Decoded> = fc.oneof(
  fc.record({ type: fc.constant('have' as const), piece: word }),
  fc.record({
    type: fc.constant('bitfield' as const),
    bytes: fc.uint8Array({ minLength: 3, maxLength: 3 }),
  }),
  fc.record({ type: fc.constant('request' as const), piece: word, begin: word, length: word }),
  fc
    .tuple(word, word, fc.uint8Array({ minLength: 1, maxLength: MAX_BLOCK_BYTES }))
    .map(([piece, begin, data]) => ({
      type: 'piece' as const,
      piece,
      begin,
      length: data.length,
      data,
    })),
);
const keepAlive = fc.constant(undefined);
const streams = fc.array(fc.option(messages, { nil: undefined, freq: 6 }), { maxLength: 12 });
const places = fc.array(fc.nat(1_000), { maxLength: 20 });

function encode(message: Decoded | undefined): Uint8Array {
  if (message === undefined) return new Uint8Array(4);
  if (message.type !== 'piece') return encodeMessage(message);
  return concat(encodePieceHeader(message), message.data);
}

/** Feeds the parts by push alone. */
function pushAll(parts: readonly Uint8Array[]): RecordingSink {
  const sink = new RecordingSink();
  const decoder = new FrameDecoder(LIMITS, sink);
  for (const part of parts) decoder.push(part);
  return sink;
}

/** Feeds the parts as a socket does that reads into the block whenever there is one. */
function readAll(parts: readonly Uint8Array[]): RecordingSink {
  const sink = new RecordingSink();
  const decoder = new FrameDecoder(LIMITS, sink);
  for (const part of parts) {
    let rest = part;
    while (rest.length > 0) {
      const target = decoder.dataTarget;
      const take = target ? Math.min(target.length, rest.length) : rest.length;
      if (target) {
        target.set(rest.subarray(0, take));
        decoder.dataFilled(take);
      } else {
        decoder.push(rest);
      }
      rest = rest.subarray(take);
    }
  }
  return sink;
}

describe('FrameDecoder', () => {
  it('decodes any list of messages at any segmentation to that list', () => {
    fc.assert(
      fc.property(streams, places, (stream, cuts) => {
        const bytes = concat(...stream.map(encode));
        const sink = pushAll(cutAt(bytes, cuts));
        expect(sink.decoded).toEqual(stream.filter((message) => message !== undefined));
        expect(sink.violations).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('decodes the same whether data is pushed or read into place', () => {
    fc.assert(
      fc.property(streams, places, (stream, cuts) => {
        const parts = cutAt(concat(...stream.map(encode)), cuts);
        expect(readAll(parts).decoded).toEqual(pushAll(parts).decoded);
      }),
      { numRuns: 500 },
    );
  });

  it('B35: decodes the same with keep-alives anywhere between frames', () => {
    const spread = fc.array(fc.oneof(messages, keepAlive), { maxLength: 20 });
    fc.assert(
      fc.property(spread, (stream) => {
        const wanted = stream.filter((message) => message !== undefined);
        expect(pushAll([concat(...stream.map(encode))]).decoded).toEqual(wanted);
      }),
    );
  });

  it('answers garbage with one typed violation or waits, within bounded memory', () => {
    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      // Small lengths, so that garbage gets past the first check.
      fc.array(fc.constantFrom(0, 0, 0, 1, 2, 3, 5, 13, 20), { maxLength: 400 }),
    );
    fc.assert(
      fc.property(garbage, places, (bytes, cuts) => {
        const sink = pushAll(cutAt(Uint8Array.from(bytes), cuts));
        expect(sink.violations.length).toBeLessThanOrEqual(1);
        expect(sink.allocatedBytes).toBeLessThanOrEqual(bytes.length + MAX_BLOCK_BYTES);
      }),
      { numRuns: 1_000 },
    );
  });

  it('finds the same in garbage at any segmentation', () => {
    const garbage = fc.array(fc.constantFrom(0, 0, 0, 1, 2, 3, 5, 13, 20), { maxLength: 200 });
    fc.assert(
      fc.property(garbage, places, (bytes, cuts) => {
        const whole = pushAll([Uint8Array.from(bytes)]);
        const parted = pushAll(cutAt(Uint8Array.from(bytes), cuts));
        expect(parted.decoded).toEqual(whole.decoded);
        expect(parted.violations).toEqual(whole.violations);
      }),
    );
  });
});
