import { describe, expect, it } from 'vitest';
import { FileLayout } from './file-spans.ts';

function layoutOf(pieceBytes: number, ...lengths: number[]): FileLayout {
  return new FileLayout(
    lengths.map((length, file) => ({ name: `file-${file}`, length })),
    pieceBytes,
  );
}

describe('FileLayout', () => {
  it('cuts one file into pieces, the last one shorter', () => {
    const layout = layoutOf(10, 25);
    expect(layout.pieceCount).toBe(3);
    expect([0, 1, 2].map((piece) => layout.pieceLength(piece))).toEqual([10, 10, 5]);
    expect(layout.spansOf(2)).toEqual([{ file: 0, fileOffset: 20, bufferOffset: 0, length: 5 }]);
  });

  it('spans a border between files', () => {
    expect(layoutOf(10, 7, 8).spansOf(0)).toEqual([
      { file: 0, fileOffset: 0, bufferOffset: 0, length: 7 },
      { file: 1, fileOffset: 0, bufferOffset: 7, length: 3 },
    ]);
  });

  it('puts many files into one piece and passes empty ones over', () => {
    const layout = layoutOf(10, 0, 1, 0, 0, 2, 3, 0);
    expect(layout.pieceCount).toBe(1);
    expect(layout.spansOf(0).map(({ file, length }) => [file, length])).toEqual([
      [1, 1],
      [4, 2],
      [5, 3],
    ]);
  });

  it('starts a piece at the file behind the empty ones that end the piece before', () => {
    expect(layoutOf(4, 4, 0, 0, 4).spansOf(1)).toEqual([
      { file: 3, fileOffset: 0, bufferOffset: 0, length: 4 },
    ]);
  });

  it('has no pieces when there are no bytes', () => {
    expect(layoutOf(10, 0, 0).pieceCount).toBe(0);
    expect(layoutOf(10).totalBytes).toBe(0);
  });

  it('names the pieces of each file, and none of an empty one', () => {
    const layout = layoutOf(10, 5, 5, 0, 21, 9);
    expect([0, 1, 2, 3, 4].map((file) => layout.piecesOf(file))).toEqual([
      { first: 0, last: 0 },
      { first: 0, last: 0 },
      undefined,
      { first: 1, last: 3 },
      { first: 3, last: 3 },
    ]);
  });

  it.each([2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1])(
    'counts exactly with a file of %d bytes',
    (length) => {
      const layout = layoutOf(2 ** 20, length);
      const last = layout.pieceCount - 1;
      expect(layout.spansOf(last)).toEqual([
        {
          file: 0,
          fileOffset: last * 2 ** 20,
          bufferOffset: 0,
          length: length - last * 2 ** 20,
        },
      ]);
      expect(last * 2 ** 20 + layout.pieceLength(last)).toBe(length);
      expect(layout.piecesOf(0)).toEqual({ first: 0, last });
    },
  );
});
