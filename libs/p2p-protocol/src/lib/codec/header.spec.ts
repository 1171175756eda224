import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, cutAt } from '../../../test/byte-parts.ts';
import { MAX_HEADER_BYTES } from '../limits/limits.ts';
import { encodeHeader, HeaderReader, type HeaderResult, type PeerHeader } from './header.ts';

const HEADER: PeerHeader = {
  taskId: 'task-1',
  username: 'gofd',
  digest: 'DlYEC+BL2GZrFPQmZbjHDRV+V0bJxM/cphp/u6dQbOpD+Zi55vSm4Q==',
  salt: 'yTs1ZGU0BYQ=',
};
const NO_BYTES = new Uint8Array();

function encoded(header: PeerHeader = HEADER): Uint8Array {
  const bytes = encodeHeader(header);
  if (!bytes) throw new Error('the header does not fit');
  return bytes;
}

function readParts(parts: readonly Uint8Array[]): HeaderResult {
  const reader = new HeaderReader();
  let result: HeaderResult = { state: 'incomplete' };
  for (const part of parts) result = reader.push(part);
  return result;
}

describe('HeaderReader', () => {
  it('B98: takes a header that is split at any byte', () => {
    const bytes = encoded();
    for (let place = 0; place <= bytes.length; place++) {
      const result = readParts(cutAt(bytes, [place]).filter((part) => part.length > 0));
      expect(result, `split at ${place}`).toEqual({
        state: 'complete',
        header: HEADER,
        rest: NO_BYTES,
      });
    }
  });

  it('B98: takes a header that comes byte by byte, and waits until the last', () => {
    const bytes = encoded();
    const reader = new HeaderReader();
    const states = [...bytes].map((byte) => reader.push(Uint8Array.of(byte)).state);
    expect(states.filter((state) => state === 'incomplete')).toHaveLength(bytes.length - 1);
    expect(states.at(-1)).toBe('complete');
  });

  it('hands back what follows the header, wherever the segments end', () => {
    const following = Uint8Array.from({ length: 300 }, (_, index) => index % 256);
    const bytes = concat(encoded(), following);
    fc.assert(
      fc.property(fc.nat({ max: encoded().length - 1 }), (place) => {
        const result = readParts(cutAt(bytes, [place]).filter((part) => part.length > 0));
        expect(result).toEqual({ state: 'complete', header: HEADER, rest: following });
      }),
    );
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat(400)), (bytes, places) => {
        expect(() => readParts(cutAt(bytes, places))).not.toThrow();
      }),
    );
  });
});

describe('encodeHeader', () => {
  const TEXT = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !/\0/.test(text));

  it('writes what the reader reads, in any language', () => {
    const headers = fc.record({ taskId: TEXT, username: TEXT, digest: TEXT, salt: TEXT });
    fc.assert(
      fc.property(headers, (header) => {
        const bytes = encodeHeader(header);
        fc.pre(bytes !== undefined);
        expect(readParts([bytes])).toEqual({ state: 'complete', header, rest: NO_BYTES });
      }),
    );
  });

  it('keeps a byte order mark, which is part of a name like any other character', () => {
    const header = { ...HEADER, taskId: '\ufefftask' };
    expect(readParts([encoded(header)])).toMatchObject({ state: 'complete', header });
  });

  it('fills MAX_HEADER_BYTES and not one byte more', () => {
    const overhead = encoded({ ...HEADER, taskId: '' }).length - 4;
    const longest = 'x'.repeat(MAX_HEADER_BYTES - overhead);
    expect(encodeHeader({ ...HEADER, taskId: longest })).toHaveLength(4 + MAX_HEADER_BYTES);
    expect(encodeHeader({ ...HEADER, taskId: `${longest}x` })).toBeUndefined();
  });

  it('refuses a field with a NUL, which would shift the fields behind it', () => {
    expect(encodeHeader({ ...HEADER, taskId: 'a\0b' })).toBeUndefined();
  });
});
