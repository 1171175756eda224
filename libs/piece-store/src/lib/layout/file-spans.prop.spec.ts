import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FileLayout, type FileSpan } from './file-spans.ts';

const smallLengths = fc.array(fc.oneof(fc.constant(0), fc.nat(40)), { maxLength: 12 });

function allSpans(layout: FileLayout): FileSpan[] {
  return Array.from({ length: layout.pieceCount }, (_, piece) => layout.spansOf(piece)).flat();
}

function layoutOf(lengths: readonly number[], pieceBytes: number): FileLayout {
  return new FileLayout(
    lengths.map((length, file) => ({ name: `file-${file}`, length })),
    pieceBytes,
  );
}

describe('FileLayout, for any files and piece length', () => {
  it('tiles every file with spans: in order, without gap or overlap, none of them empty', () => {
    fc.assert(
      fc.property(smallLengths, fc.integer({ min: 1, max: 50 }), (lengths, pieceBytes) => {
        const filled = lengths.map(() => 0);
        let lastFile = 0;
        for (const { file, fileOffset, length } of allSpans(layoutOf(lengths, pieceBytes))) {
          expect(file).toBeGreaterThanOrEqual(lastFile);
          expect(fileOffset).toBe(filled[file]);
          expect(length).toBeGreaterThan(0);
          filled[file] = fileOffset + length;
          lastFile = file;
        }
        expect(filled).toEqual(lengths);
      }),
    );
  });

  it('tiles every piece: spans fill its buffer from the start to its length', () => {
    fc.assert(
      fc.property(smallLengths, fc.integer({ min: 1, max: 50 }), (lengths, pieceBytes) => {
        const layout = layoutOf(lengths, pieceBytes);
        for (let piece = 0; piece < layout.pieceCount; piece++) {
          let filled = 0;
          for (const { bufferOffset, length } of layout.spansOf(piece)) {
            expect(bufferOffset).toBe(filled);
            filled += length;
          }
          expect(filled).toBe(layout.pieceLength(piece));
        }
      }),
    );
  });

  it('agrees with itself on which pieces hold a file', () => {
    fc.assert(
      fc.property(smallLengths, fc.integer({ min: 1, max: 50 }), (lengths, pieceBytes) => {
        const layout = layoutOf(lengths, pieceBytes);
        for (const file of lengths.keys()) {
          const holding = Array.from({ length: layout.pieceCount }, (_, piece) => piece).filter(
            (piece) => layout.spansOf(piece).some((span) => span.file === file),
          );
          const range = layout.piecesOf(file);
          expect([holding[0], holding.at(-1)]).toEqual([range?.first, range?.last]);
        }
      }),
    );
  });

  it('stays exact in 64-bit sizes', () => {
    const bigLengths = fc.array(fc.integer({ min: 0, max: 2 ** 51 }), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(bigLengths, fc.integer({ min: 15, max: 24 }), (lengths, shift) => {
        const layout = layoutOf(lengths, 2 ** shift);
        const total = lengths.reduce((sum, length) => sum + length, 0);
        expect(layout.totalBytes).toBe(total);
        for (const [file, length] of lengths.entries()) {
          const range = layout.piecesOf(file);
          if (!range) continue;
          const first = layout.spansOf(range.first).find((span) => span.file === file);
          const last = layout.spansOf(range.last).find((span) => span.file === file);
          expect(first?.fileOffset).toBe(0);
          expect((last?.fileOffset ?? 0) + (last?.length ?? 0)).toBe(length);
        }
      }),
    );
  });
});
