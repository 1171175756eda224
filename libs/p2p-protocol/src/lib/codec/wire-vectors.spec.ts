import { describe, expect, it } from 'vitest';
import vectors from '../../../test-vectors/wire-v1.json' with { type: 'json' };
import { concat, fromHex, toHex } from '../../../test/byte-parts.ts';
import { RecordingSink, type Decoded } from '../../../test/recording-sink.ts';
import { encodeMessage, encodePieceHeader } from './encoder.ts';
import { FrameDecoder } from './frame-decoder.ts';
import { encodeHeader, HEADER_ACCEPTED, HeaderReader } from './header.ts';

const PIECE_COUNT = 2;
const PIECE_BYTES = vectors.rest.agentCreate.metaInfo.PieceLen;
const BLOCK_BYTES = 32_768;

/** The captured task's bytes from a place in the joined files on, as its note defines them. */
function capturedBytes(offset: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => ((offset + index) * 7) % 251);
}

function frame(what: string): { hex?: string; hexPrefix?: string } {
  const found = vectors.frames.find((candidate) => candidate.what.startsWith(what));
  if (!found) throw new Error(`no vector "${what}"`);
  return found;
}

function decode(bytes: Uint8Array): Decoded[] {
  const sink = new RecordingSink();
  new FrameDecoder({ pieceCount: PIECE_COUNT, maxBlockBytes: BLOCK_BYTES }, sink).push(bytes);
  expect(sink.violations).toEqual([]);
  return sink.decoded;
}

describe('wire v1 vectors', () => {
  const [taskId = '', username = '', digest = '', salt = ''] = vectors.header.ascii.split('\0');
  const header = { taskId, username, digest, salt };
  const headerHex =
    vectors.header.lengthPrefix + toHex(new TextEncoder().encode(vectors.header.ascii));

  it('the captured header is what we write', () => {
    expect(toHex(encodeHeader(header) ?? new Uint8Array())).toBe(headerHex);
  });

  it('the captured header is what we read', () => {
    const result = new HeaderReader().push(fromHex(headerHex));
    expect(result).toEqual({ state: 'complete', header, rest: new Uint8Array() });
  });

  it('the captured reply is ours', () => {
    expect(toHex(Uint8Array.of(HEADER_ACCEPTED))).toBe(vectors.header.reply);
  });

  it.each([
    ['BITFIELD of an empty agent', { type: 'bitfield', bytes: Uint8Array.of(0) }],
    ['BITFIELD of the server', { type: 'bitfield', bytes: Uint8Array.of(0xc0) }],
    ['HAVE piece 1', { type: 'have', piece: 1 }],
    ['REQUEST piece 1 begin 0', { type: 'request', piece: 1, begin: 0, length: 32_768 }],
    ['REQUEST piece 1 begin 65536', { type: 'request', piece: 1, begin: 65_536, length: 4_475 }],
  ] as const)('%s is written and read', (what, message) => {
    const { hex = '' } = frame(what);
    expect(toHex(encodeMessage(message))).toBe(hex);
    expect(decode(fromHex(hex))).toEqual([message]);
  });

  it('PIECE is written and read with its data', () => {
    const { hexPrefix = '' } = frame('PIECE piece 1');
    const block = { piece: 1, begin: 0, length: BLOCK_BYTES };
    const data = capturedBytes(PIECE_BYTES, BLOCK_BYTES);
    const bytes = concat(encodePieceHeader(block), data);
    expect(toHex(bytes).slice(0, hexPrefix.length)).toBe(hexPrefix);
    expect(decode(bytes)).toEqual([{ type: 'piece', ...block, data }]);
  });
});
