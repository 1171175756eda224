/** One bad input, one exact code, in one segment or byte by byte, and nothing is kept of it. */
import { describe, expect, it } from 'vitest';
import { badBytes, singly } from '../../../test/bad-input-rows.ts';
import { RecordingSink } from '../../../test/recording-sink.ts';
import { FrameDecoder } from './frame-decoder.ts';
import { HeaderReader, type HeaderResult } from './header.ts';
import type { HelloResult } from './hello-reader.ts';
import { HelloReader } from './hello.ts';
import { parseManifest } from './manifest.ts';

const PIECE_COUNT = 20;
const MAX_BLOCK_BYTES = 64;
const MAX_ADMITTED_BYTES = 4;

/** What a sink was told after the parts were pushed, and after a good frame behind them. */
function decodeAll(parts: readonly Uint8Array[], wire: 1 | 2): RecordingSink {
  const sink = new RecordingSink();
  const decoder = new FrameDecoder(
    { wire, pieceCount: PIECE_COUNT, maxBlockBytes: MAX_BLOCK_BYTES },
    sink,
  );
  for (const part of parts) decoder.push(part);
  const soFar = sink.decoded.length;
  decoder.push(Uint8Array.of(0, 0, 0, 5, 0, 0, 0, 0, 7));
  expect(sink.decoded).toHaveLength(soFar);
  return sink;
}

describe('frames', () => {
  it.each(badBytes('frames'))('$id, wire v$wire: $what', ({ bytes, wire, code }) => {
    for (const parts of [[bytes], singly(bytes)]) {
      const sink = decodeAll(parts, wire);
      expect(sink.violations).toEqual([code]);
      expect(sink.allocatedBytes).toBeLessThanOrEqual(MAX_ADMITTED_BYTES);
    }
  });
});

/** The last answer of a reader that waits until it has one. */
function answerTo<T extends { readonly state: string }>(
  reader: { push(part: Uint8Array): T },
  parts: readonly Uint8Array[],
): T | undefined {
  let answer: T | undefined;
  for (const part of parts) {
    answer = reader.push(part);
    if (answer.state !== 'incomplete') break;
  }
  return answer;
}

describe('headers', () => {
  it.each(badBytes('headers'))('$id: $what', ({ bytes, code }) => {
    for (const parts of [[bytes], singly(bytes)]) {
      const answer = answerTo<HeaderResult>(new HeaderReader(), parts);
      expect(answer).toEqual({ state: 'rejected', code });
    }
  });
});

describe('HELLOs', () => {
  it.each(badBytes('hellos'))('$id: $what', ({ bytes, code }) => {
    for (const parts of [[bytes], singly(bytes)]) {
      const answer = answerTo<HelloResult<unknown>>(new HelloReader(), parts);
      expect(answer).toEqual({ state: 'invalid', code });
    }
  });
});

describe('manifests', () => {
  it.each(badBytes('manifests'))('$id: $what', ({ bytes, problem }) => {
    expect(parseManifest(bytes)).toBe(problem);
  });
});
