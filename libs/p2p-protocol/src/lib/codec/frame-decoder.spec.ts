import { describe, expect, it } from 'vitest';
import { concat } from '../../../test/byte-parts.ts';
import { RecordingSink } from '../../../test/recording-sink.ts';
import { encodeMessage, encodePieceHeader } from './encoder.ts';
import { FrameDecoder } from './frame-decoder.ts';

const PIECE_COUNT = 20;
const BITFIELD_BYTES = 3;
const MAX_BLOCK_BYTES = 64;
const LONGEST_LENGTH = 9 + MAX_BLOCK_BYTES;
const HAVE = encodeMessage({ type: 'have', piece: 7 });
const KEEP_ALIVE = new Uint8Array(4);

function decoderWith(sink: RecordingSink, pieceCount = PIECE_COUNT): FrameDecoder {
  return new FrameDecoder({ pieceCount, maxBlockBytes: MAX_BLOCK_BYTES }, sink);
}

function decode(...chunks: Uint8Array[]): RecordingSink {
  const sink = new RecordingSink();
  const decoder = decoderWith(sink);
  for (const chunk of chunks) decoder.push(chunk);
  return sink;
}

function lengthPrefix(length: number): Uint8Array {
  const prefix = new Uint8Array(4);
  new DataView(prefix.buffer).setUint32(0, length);
  return prefix;
}

/** A frame whose length says what its body is, whatever the body. */
function frame(id: number, payloadBytes: number): Uint8Array {
  return concat(lengthPrefix(1 + payloadBytes), Uint8Array.of(id), new Uint8Array(payloadBytes));
}

describe('FrameDecoder', () => {
  it('B35: a keep-alive consumes no byte of the next frame', () => {
    const sink = decode(concat(HAVE, KEEP_ALIVE, HAVE, KEEP_ALIVE, KEEP_ALIVE, HAVE));
    expect(sink.decoded).toEqual(Array(3).fill({ type: 'have', piece: 7 }));
    expect(sink.violations).toEqual([]);
  });

  it.each([LONGEST_LENGTH + 1, 128 * 1024 + 1, 2 ** 31, 0xffff_ffff])(
    'refuses length %i on its four bytes, before anything is kept',
    (length) => {
      const sink = decode(lengthPrefix(length));
      expect(sink.violations).toEqual(['P2P_FRAME_TOO_LARGE']);
      expect(sink.allocatedBytes).toBe(0);
    },
  );

  it('derives the longest frame from the bitfield where that is longer than a block', () => {
    const pieceCount = 2 ** 20 + 8; // 1 TiB in pieces of 1 MiB, and a little
    const bytes = new Uint8Array(pieceCount / 8);
    const sink = new RecordingSink();
    decoderWith(sink, pieceCount).push(encodeMessage({ type: 'bitfield', bytes }));
    expect(sink.decoded).toEqual([{ type: 'bitfield', bytes }]);
    decoderWith(sink, pieceCount).push(lengthPrefix(1 + bytes.length + 1));
    expect(sink.violations).toEqual(['P2P_FRAME_TOO_LARGE']);
  });

  it.each([4, 5, 6, 15, 16, 20, 255])('refuses message id %i', (id) => {
    expect(decode(frame(id, 4)).violations).toEqual(['P2P_UNKNOWN_MESSAGE']);
  });

  it.each([
    ['HAVE', 0, 4],
    ['BITFIELD', 1, BITFIELD_BYTES],
    ['REQUEST', 2, 12],
  ])('refuses %s that is a byte short or long', (_what, id, payloadBytes) => {
    expect(decode(frame(id, payloadBytes)).violations).toEqual([]);
    expect(decode(frame(id, payloadBytes - 1)).violations).toEqual(['P2P_BAD_LENGTH']);
    expect(decode(frame(id, payloadBytes + 1)).violations).toEqual(['P2P_BAD_LENGTH']);
  });

  it('takes PIECE data of 1 byte up to the longest block, and refuses none and one more', () => {
    expect(decode(frame(3, 8)).violations).toEqual(['P2P_BAD_LENGTH']);
    expect(decode(frame(3, 8 + 1)).decoded).toHaveLength(1);
    expect(decode(frame(3, 8 + MAX_BLOCK_BYTES)).decoded).toHaveLength(1);
    expect(decode(frame(3, 8 + MAX_BLOCK_BYTES + 1)).violations).toEqual(['P2P_FRAME_TOO_LARGE']);
  });

  it.each([
    ['shorter', 1],
    ['longer', 3],
  ])('B51: refuses a bitfield that is %s than the task has pieces for', (_what, byteCount) => {
    const other = encodeMessage({ type: 'bitfield', bytes: new Uint8Array(2 * byteCount) });
    expect(decode(other, HAVE)).toMatchObject({ violations: ['P2P_BAD_LENGTH'], decoded: [] });
  });

  it('takes the empty bitfield of a task without pieces, and the frame behind it', () => {
    const sink = new RecordingSink();
    const empty = encodeMessage({ type: 'bitfield', bytes: new Uint8Array() });
    decoderWith(sink, 0).push(concat(empty, HAVE));
    expect(sink.decoded).toEqual([
      { type: 'bitfield', bytes: new Uint8Array() },
      { type: 'have', piece: 7 },
    ]);
  });

  it('reads numbers as unsigned', () => {
    const message = {
      type: 'request',
      piece: 0xffff_ffff,
      begin: 2 ** 31,
      length: 0xffff_fffe,
    } as const;
    expect(decode(encodeMessage(message)).decoded).toEqual([message]);
  });

  it('takes a million small frames in one chunk', () => {
    const count = 1_000_000;
    const chunk = new Uint8Array(count * HAVE.length);
    for (let index = 0; index < count; index++) chunk.set(HAVE, index * HAVE.length);
    const seen = { messages: 0, violations: 0 };
    const decoder = new FrameDecoder(
      { pieceCount: PIECE_COUNT, maxBlockBytes: MAX_BLOCK_BYTES },
      {
        message: () => (seen.messages += 1),
        blockStarts: () => undefined,
        blockEnds: () => undefined,
        violation: () => (seen.violations += 1),
      },
    );
    decoder.push(chunk);
    expect(seen).toEqual({ messages: count, violations: 0 });
  });

  it('ignores everything after a violation', () => {
    const sink = decode(concat(frame(9, 4), HAVE), HAVE, frame(9, 4));
    expect(sink).toMatchObject({ violations: ['P2P_UNKNOWN_MESSAGE'], decoded: [] });
  });

  it('skips the data of a block that the sink has no place for', () => {
    const seen: string[] = [];
    const decoder = new FrameDecoder(
      { pieceCount: PIECE_COUNT, maxBlockBytes: MAX_BLOCK_BYTES },
      {
        message: ({ type }) => seen.push(type),
        blockStarts: () => undefined,
        blockEnds: () => seen.push('block'),
        violation: (code) => seen.push(code),
      },
    );
    decoder.push(concat(frame(3, 8 + 10), HAVE));
    expect(seen).toEqual(['have']);
  });
});

describe('FrameDecoder that reads into the piece buffer directly', () => {
  const block = { piece: 2, begin: 64, length: 40 };
  const data = Uint8Array.from({ length: block.length }, (_, index) => index + 1);

  it('offers exactly the rest of the block', () => {
    const sink = new RecordingSink();
    const decoder = decoderWith(sink);
    expect(decoder.dataTarget).toBeUndefined();
    decoder.push(concat(encodePieceHeader(block), data.subarray(0, 10)));
    expect(decoder.dataTarget).toHaveLength(30);
    decoder.dataTarget?.set(data.subarray(10, 25));
    decoder.dataFilled(15);
    expect(decoder.dataTarget).toHaveLength(15);
    decoder.push(concat(data.subarray(25), HAVE));
    expect(decoder.dataTarget).toBeUndefined();
    expect(sink.decoded).toEqual([
      { type: 'piece', ...block, data },
      { type: 'have', piece: 7 },
    ]);
  });

  it('offers nothing once it was stopped, and ignores what was filled in late', () => {
    const sink = new RecordingSink();
    const decoder = decoderWith(sink);
    decoder.push(encodePieceHeader(block));
    decoder.stop();
    expect(decoder.dataTarget).toBeUndefined();
    decoder.dataFilled(block.length);
    decoder.push(HAVE);
    expect(sink.decoded).toEqual([]);
  });

  it('stops in the middle of a chunk when the sink stops it', () => {
    const decoded: string[] = [];
    const decoder: FrameDecoder = new FrameDecoder(
      { pieceCount: PIECE_COUNT, maxBlockBytes: MAX_BLOCK_BYTES },
      {
        message: ({ type }) => decoded.push(type),
        blockStarts: () => {
          decoder.stop();
          return undefined;
        },
        blockEnds: () => decoded.push('block'),
        violation: (code) => decoded.push(code),
      },
    );
    decoder.push(concat(HAVE, encodePieceHeader(block), data, HAVE));
    expect(decoded).toEqual(['have']);
  });
});
